// What the command says to those who ask for help, and to those who are mistaken.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inkgrad } from "../support/command.js";

const cwd = mkdtempSync(join(tmpdir(), "inkgrad-usage-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("inkgrad", () => {
  it.each([
    [[]],
    [["train"]],
    [["train", "digits"]],
    [["train", "images"]],
    [["evaluate"]],
    [["predict"]],
    [["info"]],
    [["data", "digits"]],
    [["tune", "digits"]],
  ])("%j has help, which ends with code 0", async (command: string[]) => {
    const { code, out, err } = await inkgrad([...command, "--help"], { cwd });
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(`Usage: inkgrad ${command.join(" ")}`.trim());
  });

  it.each([
    [["train", "digits", "--model", "huge"], /softmax, mlp, cnn, best/],
    [["train", "digits", "--epochs", "none"], /whole number/],
    [["train", "digits", "--data", "generated", "--limit", "100", "--optimizer", "x"], /adam/],
    [["train", "digits", "--resume"], /--out/],
    [["fly"], /unknown command 'fly'/],
    [["predict", "digits"], /missing required argument 'files'/],
  ])("%j is a mistake of the caller: code 2, and what is right", async (command, message) => {
    const { code, out, err } = await inkgrad(command, { cwd });
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(message);
  });

  it("fails with one line and code 1 where a file is missing or damaged", async () => {
    writeFileSync(join(cwd, "bad.safetensors"), "not a model");
    for (const name of ["nowhere", "bad.safetensors"]) {
      const { code, err } = await inkgrad(["info", name], { cwd });
      expect(code).toBe(1);
      expect(err.trim().split("\n")).toHaveLength(1);
      expect(err).toContain(name);
    }
    const { code, out } = await inkgrad(["info", "nowhere", "--json"], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(out).error.name).toBe("FileError");
  });
});
