// The folder of a run: where it is, what is in it, and going on with it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assertUnused, newFolder, readRecord, writeRecord } from "@src/cli/run/folder.js";
import { resumed } from "@src/cli/run/resume.js";
import { settingsOf } from "@src/cli/run/settings.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
const characters = { kind: "characters" } as const;
const settings = settingsOf({ model: "mlp", lr: 0.01, data: "/digits" }, characters, 6000);
const record = {
  kind: "inkgrad run",
  command: "train digits",
  started: "2026-01-01T00:00:00.000Z",
  status: "interrupted",
  settings,
  threads: 2,
  versions: { inkgrad: "0", node: "0" },
} as const;

describe("settings", () => {
  it("are what was asked for, and for all else the model's own", () => {
    expect(settings).toMatchObject({ model: "mlp", lr: 0.01, epochs: 10, heldOut: 100, seed: 0 });
    expect(settingsOf({}, characters, 60).model).toBe("cnn");
    const asked = {
      ...({ model: "softmax", epochs: 3, batch: 7, lr: 0.5, augment: true, seed: 9 } as const),
      ...{ data: "/here", limit: 80, heldOut: 4 },
    };
    expect(settingsOf(asked, characters, 60)).toMatchObject(asked);
    expect(settingsOf({ augment: false }, characters, 60).augment).toBe(false);
    for (const [name, own] of [
      ["rmsprop", "rmsprop"],
      ["adamw", "adamW"],
      ["Adam", "adam"],
    ])
      expect(settingsOf({ optimizer: name }, characters, 60).optimizer).toBe(own);
    expect(() => settingsOf({ optimizer: "averaged" }, characters, 60)).toThrow(/no optimizer/);
  });
});

describe("the folder of a run", () => {
  it("is a new one even within the same second", async () => {
    const now = new Date("2026-11-21T17:16:54Z");
    const first = await newFolder("digits", { within: folder, now });
    expect(first).toMatch(/digits-2026-11-21-171654$/);
    mkdirSync(first, { recursive: true });
    expect(await newFolder("digits", { within: folder, now })).toBe(`${first}-2`);
  });

  it("with results in it is not taken for another run", async () => {
    const own = join(folder, "used");
    mkdirSync(own);
    await expect(assertUnused(own)).resolves.toBeUndefined();
    writeFileSync(join(own, "notes.txt"), "mine");
    await expect(assertUnused(own)).resolves.toBeUndefined();
    await writeRecord(own, record);
    await expect(assertUnused(own)).rejects.toThrow(
      /results in it already \(run\.json\).*--resume/,
    );
  });

  it("has a record that is read back, and nothing else passes for one", async () => {
    const own = join(folder, "record");
    mkdirSync(own);
    await expect(readRecord(own)).rejects.toThrow(/no run in/);
    await writeRecord(own, record);
    expect(await readRecord(own)).toEqual(record);
    for (const text of [
      "{",
      "null",
      '{"kind":"inkgrad run"}',
      JSON.stringify({ ...record, settings: { ...settings, model: "huge" } }),
    ]) {
      writeFileSync(join(own, "run.json"), text);
      await expect(readRecord(own), text).rejects.toThrow(/not the record of a run/);
    }
  });
});

describe("going on with a run", () => {
  it("takes its settings, and refuses others", async () => {
    const out = join(folder, "stopped");
    mkdirSync(out);
    await writeRecord(out, record);
    expect(await resumed("train digits", { out })).toEqual({ folder: out, settings });
    const same = { out, data: "/digits", lr: 0.01, optimizer: "Adam" };
    expect(await resumed("train digits", same)).toBeDefined();
    for (const [other, message] of [
      [{ lr: 0.1 }, /has lr 0\.01, not 0\.1/],
      [{ optimizer: "sgd" }, /has optimizer adam, not sgd/],
      [{ data: "/others" }, /has data \/digits, not \/others/],
      [{ limit: 5 }, /has limit \(not given\), not 5/],
      [{ heldOut: 5 }, /has heldOut 100, not 5/],
    ] as const)
      await expect(resumed("train digits", { out, ...other })).rejects.toThrow(message);
    const pictures = { kind: "pictures", size: [16, 16], channels: "grey" } as const;
    await expect(resumed("train digits", { out }, pictures)).rejects.toThrow(/has pictures/);
    await expect(resumed("train images", { out })).rejects.toThrow(/is a run of "train digits"/);
  });
});
