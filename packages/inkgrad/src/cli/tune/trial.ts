import type { Dataset } from "../../data/index.js";
import { foldIn, key } from "../../tensor/random/key.js";
import { uniform } from "../../tensor/random/uniform.js";
import type { ModelName } from "../names.js";
import { recipes } from "../models.js";
import type { Settings } from "../run/settings.js";

/** What is tried: settings that are drawn at random, and what came of them. */

export interface Choice {
  readonly lr: number;
  readonly width: number;
  readonly dropout: number;
  readonly batch: number;
  readonly optimizer: string;
}

export interface Trial {
  readonly number: number;
  readonly choice: Choice;
  /** Epochs that it has been trained for. */
  readonly epochs: number;
  /** On the held-out part of the training images. */
  readonly accuracy: number;
  readonly loss: number;
  readonly seconds: number;
  readonly folder: string;
}

const optimizers = ["adam", "adamW", "nadam", "momentum", "rmsprop"] as const;
export const tried: readonly string[] = optimizers;

/** Trial `number` of a seed: always the same choice. */
export function choiceOf(seed: number, number: number): Choice {
  const [a, b, c, d, e] = uniform(foldIn(key(seed), number), [5]).toArray();
  const pick = <T>(list: readonly T[], at: number): T =>
    list[Math.min(Math.floor(at * list.length), list.length - 1)];
  const optimizer = pick(optimizers, e);
  // Momentum takes steps some twenty times as long for the same change.
  const scale = optimizer === "momentum" ? 20 : 1;
  return {
    lr: Number((scale * 10 ** (-3.7 + 1.7 * a)).toPrecision(3)),
    width: Number((2 ** (2 * b - 1)).toPrecision(2)),
    dropout: Number((0.6 * c).toFixed(2)),
    batch: pick([32, 64, 128, 256], d),
    optimizer,
  };
}

export function settingsOfTrial(
  model: ModelName,
  { lr, width, dropout, batch, optimizer }: Choice,
  { epochs, seed, heldOut }: { epochs: number; seed: number; heldOut: number },
): Settings {
  const { schedule, augment, averaging } = recipes[model];
  return {
    ...{ model, epochs, batch, lr, optimizer, schedule, augment, averaging, seed, heldOut },
    variation: { width, dropout },
    intake: { kind: "characters" },
  };
}

/** Successive halving: the better third of the trials goes on with three times the epochs. */
export interface Rung {
  readonly epochs: number;
  readonly trials: number;
}

export function rungsOf(trials: number, model: ModelName): Rung[] {
  const most = recipes[model].epochs;
  const rungs: Rung[] = [{ epochs: 1, trials }];
  for (;;) {
    const { epochs, trials } = rungs[rungs.length - 1];
    if (trials <= 2 || epochs >= most) return rungs;
    rungs.push({ epochs: Math.min(epochs * 3, most), trials: Math.max(Math.ceil(trials / 3), 1) });
  }
}

/** The better first: those trained longer, then the more accurate. */
export const better = (a: Trial, b: Trial): number =>
  b.epochs - a.epochs || b.accuracy - a.accuracy || a.loss - b.loss;

export interface Examples {
  readonly train: Dataset;
  readonly heldOut: Dataset;
}
