// The main job, small: digits of the generator, read when held out and when real; and real ones.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inkgrad } from "../support/command.js";
import { sharedData, whyWithout } from "../support/shared-data.js";

const cwd = mkdtempSync(join(tmpdir(), "inkgrad-digits-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const mnist = sharedData === undefined ? undefined : `${sharedData}mnist`;
if (mnist === undefined) console.log(`skipping real digits: ${whyWithout}`);

describe("a network that is trained on the generator", () => {
  it("reads 97 % of held-out generated digits, and 85 % of real ones when they are there", async () => {
    const data = ["--data", "generated", "--limit", "40000"];
    const how = ["--model", "cnn", "--epochs", "5", "--no-augment", "--out", "generated"];
    const { code, out, err } = await inkgrad(["train", "digits", ...data, ...how, "--json"], {
      cwd,
    });
    expect(code, err).toBe(0);
    const { testAccuracy, testLoss } = JSON.parse(out);
    expect(testAccuracy).toBeGreaterThanOrEqual(0.97);
    const again = await inkgrad(["evaluate", "generated", "--data", "generated", "--json"], {
      cwd,
    });
    expect(JSON.parse(again.out)).toMatchObject({ examples: 10_000, testAccuracy });
    expect(JSON.parse(again.out).testLoss).toBeCloseTo(testLoss, 6);
    if (mnist === undefined) return;
    const real = await inkgrad(["evaluate", "generated", "--data", mnist, "--json"], { cwd });
    expect(JSON.parse(real.out)).toMatchObject({ dataset: "mnist", examples: 10_000 });
    expect(JSON.parse(real.out).testAccuracy).toBeGreaterThanOrEqual(0.85);
  }, 240_000);
});

describe.skipIf(mnist === undefined)("MNIST", () => {
  it("is read to 95 % after one epoch", async () => {
    const how = ["--model", "mlp", "--epochs", "1", "--no-augment", "--out", "real", "--json"];
    const { code, out, err } = await inkgrad(["train", "digits", ...how], {
      cwd,
      env: { INKGRAD_DATA: mnist! },
    });
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ dataset: "mnist", epochs: 1 });
    expect(JSON.parse(out).testAccuracy).toBeGreaterThanOrEqual(0.95);
  }, 120_000);
});
