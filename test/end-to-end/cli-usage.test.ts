// What the command says to those who ask for help, and to those who are mistaken.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { tensor } from "inkgrad";
import { png } from "inkgrad/data";
import { afterAll, describe, expect, it } from "vitest";
import { inkgrad } from "../support/command.js";

const cwd = mkdtempSync(join(tmpdir(), "inkgrad-usage-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const grey = png.encode(
  tensor(
    Uint8Array.from({ length: 64 }, (_, i) => i),
    { shape: [8, 8, 1] },
  ),
);
for (const path of ["one-class/a/1.png", "single/a/1.png", "single/b/1.png", "used/run.json"]) {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), grey);
}

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
    [["predict", "digits"], /no pictures are given/],
    [["train", "images"], /name the folder/],
    [["train", "images", "one-class"], /one class only, "a"/],
    [["train", "images", "single"], /two pictures or more.*too few of a, b/],
    [["train", "digits", "--out", "used"], /results in it already/],
    [["tune", "digits", "--out", "used"], /results in it already/],
  ])("%j is a mistake of the caller: code 2, and what is right", async (command, message) => {
    const { code, out, err } = await inkgrad(command, { cwd });
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(message);
  });

  it("takes a first file that is a picture for one to be read by the model that comes along", async () => {
    // Code 2 would say that the call made no sense.
    expect((await inkgrad(["predict", "nowhere.png"], { cwd })).code).toBe(1);
  });

  it("fails with one line and code 1 where a file is missing or damaged", async () => {
    writeFileSync(join(cwd, "bad.safetensors"), "not a model");
    writeFileSync(join(cwd, "long.safetensors"), "x".repeat(3000));
    for (const name of ["nowhere", "bad.safetensors", "long.safetensors", "single"]) {
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
