// What the command says to those who ask for help, and to those who are mistaken.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensor } from "inkgrad";
import { handwriting, png } from "inkgrad/data";
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

  it("tells in its help of every option that there is", async () => {
    const common = "model epochs batch lr optimizer augment seed threads out resume json".split(
      " ",
    );
    for (const [command, options] of [
      [
        ["train", "digits"],
        [...common, "data"],
      ],
      [
        ["train", "images"],
        [...common, "size", "grey", "characters"],
      ],
      [
        ["tune", "digits"],
        ["trials", "minutes", "data", "seed", "out", "resume", "json"],
      ],
      [
        ["data", "digits"],
        ["sample", "data", "json"],
      ],
      [["predict"], ["json"]],
      [["info"], ["json"]],
      [["evaluate"], ["data", "json"]],
    ] as const) {
      const { out } = await inkgrad([...command, "--help"], { cwd });
      for (const name of options)
        expect(out, command.join(" ")).toMatch(new RegExp(`--${name}\\b`));
    }
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

  it("reads pictures by the model that comes along, before there is any other", async () => {
    const { x, y } = handwriting({ count: 20, seed: 8 });
    const files = Array.from({ length: 20 }, (_, i) => `${i}.png`);
    for (const [i, file] of files.entries()) await png.write(join(cwd, file), x.at(i).get());
    const { code, out, err } = await inkgrad(["predict", ...files, "--json"], { cwd });
    expect(code, err).toBe(0);
    const { predictions } = JSON.parse(out);
    const labels = Array.from(await y.data(), String);
    const right = labels.filter((label, i) => predictions[i].class === label);
    expect(right.length).toBeGreaterThanOrEqual(17);
    // Code 2 would say that the call made no sense.
    expect((await inkgrad(["predict", "nowhere.png"], { cwd })).code).toBe(1);
  });

  it("npm start is train digits, with what stands behind it, and its exit code", () => {
    const start = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [start, ...args], { cwd, encoding: "utf8" });
    const help = run("--help");
    expect([help.status, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toContain("Usage: inkgrad train digits");
    const wrong = run("--model", "huge");
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("softmax, mlp, cnn")]);
    const { scripts } = JSON.parse(
      readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
    );
    expect(scripts).toMatchObject({
      prestart: "node scripts/setup.mjs",
      start: "node scripts/start.mjs",
    });
  });

  it("is found by npx in a checkout that npm installs before it is built", () => {
    // npm links no command whose file is not there yet, and takes its name from the lock file.
    const root = new URL("../../", import.meta.url);
    const read = (path: string) => JSON.parse(readFileSync(new URL(path, root), "utf8"));
    const { bin } = read("packages/inkgrad/package.json");
    expect(join(read("package-lock.json").packages["packages/inkgrad"].bin.inkgrad)).toBe(
      join(bin.inkgrad),
    );
    expect(bin.inkgrad).not.toContain("dist");
    const file = fileURLToPath(new URL(bin.inkgrad, new URL("packages/inkgrad/", root)));
    const { status, stdout } = spawnSync(process.execPath, [file, "--help"], { cwd });
    expect([status, String(stdout)]).toEqual([0, expect.stringContaining("Usage: inkgrad")]);
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
