// What a search tries, for how long, and what comes first.
import { describe, expect, it } from "vitest";
import { recipes } from "@src/cli/models.js";
import { modelNames } from "@src/cli/names.js";
import { better, choiceOf, rungsOf, settingsOfTrial, tried } from "@src/cli/tune/trial.js";

const choices = Array.from({ length: 400 }, (_, i) => choiceOf(0, i));

describe("choices", () => {
  it("follow from the seed and the number of the trial", () => {
    expect(choiceOf(3, 7)).toEqual(choiceOf(3, 7));
    expect(choiceOf(4, 7)).not.toEqual(choiceOf(3, 7));
    expect(new Set(choices.map((one) => JSON.stringify(one))).size).toBe(400);
  });

  it("are of learning rate, width, dropout, batch and optimizer, over all of their ranges", () => {
    expect(new Set(choices.map(({ optimizer }) => optimizer))).toEqual(new Set(tried));
    expect(new Set(choices.map(({ batch }) => batch))).toEqual(new Set([32, 64, 128, 256]));
    const within = (values: number[], least: number, most: number, log = false): void => {
      const scaled = log ? values.map(Math.log10) : values;
      const [low, high] = log ? [Math.log10(least), Math.log10(most)] : [least, most];
      const gap = 0.05 * (high - low);
      expect(Math.min(...scaled)).toBeGreaterThanOrEqual(low - gap / 10);
      expect(Math.min(...scaled)).toBeLessThan(low + gap);
      expect(Math.max(...scaled)).toBeLessThanOrEqual(high + gap / 10);
      expect(Math.max(...scaled)).toBeGreaterThan(high - gap);
      const mean = scaled.reduce((a, b) => a + b) / scaled.length;
      expect(Math.abs(mean - (low + high) / 2)).toBeLessThan(gap);
    };
    const rates = choices.map(({ lr, optimizer }) => (optimizer === "momentum" ? lr / 20 : lr));
    within(rates, 2e-4, 1e-2, true);
    within(
      choices.map(({ width }) => width),
      0.5,
      2,
      true,
    );
    within(
      choices.map(({ dropout }) => dropout),
      0,
      0.6,
    );
  });

  it("are what a trial is trained with", () => {
    const choice = choiceOf(1, 2);
    const { lr, batch, optimizer, width, dropout } = choice;
    const settings = settingsOfTrial("mlp", choice, { epochs: 3, seed: 5, heldOut: 60 });
    expect(settings).toMatchObject({ model: "mlp", lr, batch, optimizer, epochs: 3, seed: 5 });
    expect([settings.variation, settings.heldOut]).toEqual([{ width, dropout }, 60]);
  });
});

describe("successive halving", () => {
  it("lets a third of the trials go on for three times the epochs, up to those of the recipe", () => {
    for (const model of modelNames)
      for (const trials of [1, 2, 3, 12, 30]) {
        const rungs = rungsOf(trials, model);
        expect(rungs[0]).toEqual({ epochs: 1, trials });
        rungs.slice(1).forEach((rung, i) => {
          expect(rung.epochs).toBe(Math.min(3 * rungs[i].epochs, recipes[model].epochs));
          expect(rung.trials).toBe(Math.ceil(rungs[i].trials / 3));
        });
        const last = rungs[rungs.length - 1];
        expect(last.trials <= 2 || last.epochs === recipes[model].epochs).toBe(true);
      }
    expect(rungsOf(12, "softmax").map(({ trials }) => trials)).toEqual([12, 4, 2]);
  });

  it("ranks by how long a trial was let go on, then by accuracy, then by loss", () => {
    const trial = (epochs: number, accuracy: number, loss: number) =>
      ({ epochs, accuracy, loss }) as Parameters<typeof better>[0];
    const ranked = [trial(9, 0.8, 1), trial(9, 0.7, 0.5), trial(3, 0.99, 0.1), trial(3, 0.99, 0.2)];
    expect([ranked[2], ranked[3], ranked[1], ranked[0]].sort(better)).toEqual(ranked);
  });
});
