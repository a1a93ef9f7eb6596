// The search for settings: ranked, plotted, and gone on with where it was.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inkgrad } from "../support/command.js";

interface Trial {
  readonly number: number;
  readonly epochs: number;
  readonly folder: string;
  readonly accuracy: number;
  readonly loss: number;
}

const cwd = mkdtempSync(join(tmpdir(), "inkgrad-tune-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const figuresOf = (trials: readonly Trial[]): unknown[] =>
  trials.map(({ number, epochs, accuracy, loss }) => ({ number, epochs, accuracy, loss }));

let trials: Trial[];

beforeAll(async () => {
  const data = ["--data", "generated", "--limit", "600", "--model", "softmax"];
  const how = ["--trials", "3", "--seed", "1", "--out", "search", "--json"];
  const { code, out, err } = await inkgrad(["tune", "digits", ...data, ...how], { cwd });
  expect(code, err).toBe(0);
  ({ trials } = JSON.parse(out));
}, 60_000);

it("ranks the trials: those that were let go on first, the better before the worse", () => {
  expect(trials.map(({ number }) => number).sort()).toEqual([0, 1, 2]);
  for (const [better, worse] of [trials.slice(0, 2), trials.slice(1)]) {
    expect(better.epochs).toBeGreaterThanOrEqual(worse.epochs);
    if (better.epochs === worse.epochs)
      expect(better.accuracy).toBeGreaterThanOrEqual(worse.accuracy);
  }
  expect(trials[0].epochs).toBeGreaterThan(trials[2].epochs);
});

it("judges by a quarter of the training images, kept aside, and not by the test images", () => {
  // There are 600 of those, and 150 held out: shares of 150.
  for (const { accuracy, folder } of trials) {
    expect(accuracy * 150).toBeCloseTo(Math.round(accuracy * 150), 9);
    const { settings } = JSON.parse(readFileSync(join(cwd, folder, "trial.json"), "utf8"));
    expect(settings.heldOut).toBe(150);
  }
});

it("gives every trial a folder of its own, and plots them all", () => {
  for (const { folder } of trials) expect(readdirSync(join(cwd, folder))).toContain("trial.json");
  const report = readFileSync(join(cwd, "search/report.html"), "utf8");
  expect(report).toContain("<svg");
  expect(report).not.toMatch(/(src|href)="https?:/);
});

it("goes on with a search that was ended: what is done stays, what is not is done to the same figures", async () => {
  const [first, ...others] = trials;
  rmSync(join(cwd, first.folder), { recursive: true });
  const written = (): number[] =>
    others.map(({ folder }) => statSync(join(cwd, folder, "trial.json")).mtimeMs);
  const before = written();
  const again = ["tune", "digits", "--resume", "--out", "search", "--json"];
  const { code, out, err } = await inkgrad(again, { cwd });
  expect(code, err).toBe(0);
  expect(figuresOf(JSON.parse(out).trials)).toEqual(figuresOf(trials));
  expect(written()).toEqual(before);
}, 60_000);

it("begins no trial after the minutes that are given, and ranks what there is", async () => {
  const data = ["--data", "generated", "--limit", "300", "--model", "softmax"];
  const how = ["--trials", "3", "--minutes", "0.00001", "--out", "short", "--json"];
  const { code, out, err } = await inkgrad(["tune", "digits", ...data, ...how], { cwd });
  expect(code, err).toBe(0);
  const { best, trials } = JSON.parse(out);
  expect(trials).toEqual([best]);
  expect(best).toMatchObject({ number: 0, epochs: 1 });
}, 60_000);

it("ends on Ctrl-C with code 130 and the line to go on by", async () => {
  const data = ["--data", "generated", "--limit", "4000", "--model", "mlp"];
  const args = ["tune", "digits", ...data, "--trials", "3", "--out", "stopped", "--json"];
  const { code, out, err } = await inkgrad(args, { cwd, interruptAt: /trial 2[^]*epoch/ });
  expect(code, err).toBe(130);
  const resume = "npx inkgrad tune digits --resume --out stopped";
  expect(JSON.parse(out)).toMatchObject({ interrupted: true, resume });
  expect(readdirSync(join(cwd, "stopped/trial-01-epochs-1"))).toContain("trial.json");
  expect(readdirSync(join(cwd, "stopped/trial-02-epochs-1"))).toContain("checkpoint.safetensors");
}, 60_000);
