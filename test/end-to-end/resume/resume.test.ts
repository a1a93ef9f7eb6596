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
  readonly ms: number;
}

/** Runs the training until it ends, or is killed once `when` says so (asked every millisecond). */
const train = (args: string[], when?: (ms: number) => boolean): Promise<Ended> =>
  new Promise((resolve) => {
    const startedAt = performance.now();
    const process = spawn("node", [child, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    process.stdout.on("data", (text: Buffer) => (output += text.toString()));
    process.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    const timer = setInterval(() => {
      if (when?.(performance.now() - startedAt)) process.kill("SIGKILL");
    }, 1);
    process.on("close", (_code, signal) => {
      clearInterval(timer);
      const ms = performance.now() - startedAt;
      resolve({ output: signal === "SIGKILL" ? null : output.trim(), errors, ms });
    });
  });

test("killed at twenty moments and resumed each time, training ends with the bits of one that was not", async () => {
  const checkpoint = join(folder, "run.safetensors");
  const whole = await train([]);
  expect(whole.errors).toBe("");
  expect(whole.output).toMatch(/^[0-9a-f]{64} epochs: \d+$/);
  const isWriting = (): boolean => readdirSync(folder).some((name) => name.includes(".next"));
  let kills = 0;
  let whileWriting = 0;
  let last: Ended = whole;
  for (let i = 0; i < 60; i++) {
    // Half of them while a checkpoint is being written; the first ones before there is any.
    const delay = whole.ms * (0.35 + 0.4 * fraction(i));
    const writing = i % 2 === 1;
    last = await train([checkpoint], (ms) => {
      if (kills >= 20 || ms < delay) return false;
      if (!writing) return true;
      if (!isWriting()) return false;
      whileWriting++;
      return true;
    });
    expect(last.errors).toBe("");
    if (last.output !== null) break;
    kills++;
  }
  expect(kills).toBe(20);
  expect(whileWriting).toBeGreaterThanOrEqual(5);
  expect(last.output).toBe(whole.output);
  expect(existsSync(checkpoint)).toBe(true);
  // Nothing is left of attempts that were killed but what the next one will remove or use.
  expect((await train([checkpoint])).output).toBe(whole.output);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

/** Numbers of 0…1 that are spread evenly, and the same at each run. */
const fraction = (i: number): number => (i * 0.618034) % 1;
