import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bundleChild } from "../../support/bundle-child.js";

const folder = mkdtempSync(join(tmpdir(), "inkgrad-resume-"));
const child = await bundleChild("test/end-to-end/resume/child.ts");
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(dirname(child), { recursive: true });
});

interface Ended {
  /** Null: it was killed before it could print anything. */
  readonly output: string | null;
  readonly errors: string;
  /** From the first batch on. */
  readonly ms: number;
}

/** Runs the training until it ends, or is killed once `when` says so (asked every millisecond). */
const train = (args: string[], when?: (ms: number | null) => boolean): Promise<Ended> =>
  new Promise((resolve) => {
    let startedAt: number | null = null;
    const process = spawn("node", [child, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    process.stdout.on("data", (text: Buffer) => {
      output += text.toString();
      startedAt ??= performance.now();
    });
    process.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    const timer = setInterval(() => {
      const ms = startedAt === null ? null : performance.now() - startedAt;
      if (when?.(ms)) process.kill("SIGKILL");
    }, 1);
    process.on("close", (_code, signal) => {
      clearInterval(timer);
      const ms = performance.now() - (startedAt ?? performance.now());
      const result = output.trim().split("\n").at(-1)!;
      resolve({ output: signal === "SIGKILL" ? null : result, errors, ms });
    });
  });

test("killed at twenty moments and resumed each time, training ends with the bits of one that was not", async () => {
  const checkpoint = join(folder, "run.safetensors");
  const whole = await train([]);
  expect(whole.errors).toBe("");
  expect(whole.output).toMatch(/^[0-9a-f]{64} epochs: \d+$/);
  const isWriting = (): boolean => readdirSync(folder).some((name) => name.includes(".next"));
  let whileWriting = 0;
  let resumed = 0;
  for (let kills = 0; kills < 20; kills++) {
    // So that there is still something to be done after the last one.
    const delay = (whole.ms / 16) * fraction(kills);
    const writing = kills % 2 === 1;
    if (existsSync(checkpoint)) resumed++;
    const killed = await train([checkpoint], (ms) => {
      // One of them while the checkpoint is being read, or before.
      if (ms === null) return kills === 10 && Math.random() < 0.01;
      if (ms < delay) return false;
      if (!writing) return true;
      if (!isWriting()) return false;
      whileWriting++;
      return true;
    });
    expect(killed).toMatchObject({ output: null, errors: "" });
  }
  expect(resumed).toBeGreaterThanOrEqual(15);
  expect(whileWriting).toBeGreaterThanOrEqual(8);
  expect((await train([checkpoint])).output).toBe(whole.output);
  // What is asked again is answered from the checkpoint; nothing is left of attempts that were killed.
  expect((await train([checkpoint])).output).toBe(whole.output);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

/** Numbers of 0…1 that are spread evenly, and the same at each run. */
const fraction = (i: number): number => (i * 0.618034) % 1;
