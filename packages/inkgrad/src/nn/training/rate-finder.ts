import { ValueError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import { key as makeKey } from "../../tensor/random/key.js";
import { breather } from "./breathe.js";
import type { Examples } from "./examples.js";
import { keysOf, type Start } from "./run.js";
import { type BatchSize, type BatchStream, sourceOf } from "./source.js";
import { type Carry, gatherNothing, type Learning, trainStep } from "./step.js";
import { startTally } from "./tally.js";

export interface RateFinderOptions {
  /** First and last learning rate (default 1e-7 and 10). */
  readonly from?: number;
  readonly to?: number;
  /** Batches to try (default 100); fewer, if the loss explodes before. */
  readonly steps?: number;
  readonly batchSize?: BatchSize;
  readonly seed?: number;
}

export interface RateFinding {
  /** Those that were tried. */
  readonly rates: readonly number[];
  /** The loss at each, smoothed. */
  readonly losses: readonly number[];
  /** Where the loss falls fastest: a rate to train with. */
  readonly suggestion: number;
}

/** How much of the smoothed loss stays, and how far above the least it may rise before it is enough. */
const smoothing = 0.9;
const tooHigh = 4;

/**
 * @throws ValueError  if the loss falls nowhere
 * @source Smith, arXiv:1506.01186; smoothing and end as in fastai's lr_find
 */
export async function findRate(
  learning: Learning,
  data: Examples | BatchStream,
  { params, state, optimizer }: Start,
  { from = 1e-7, to = 10, steps = 100, batchSize = 32, seed = 0 }: RateFinderOptions,
): Promise<RateFinding> {
  if (!(from > 0 && to > from && Number.isSafeInteger(steps) && steps >= 10))
    throw new ValueError(
      `findLearningRate: expected 0 < from < to and at least 10 steps, got ${from}, ${to}, ${steps}`,
    );
  const once = { ...learning, accumulate: 1 };
  const step = trainStep(once);
  const keys = keysOf(makeKey(seed));
  const source = sourceOf(data, { batchSize, key: keys.order, dropLast: true }, "findLearningRate");
  const breathe = breather();
  const rates: number[] = [];
  const losses: number[] = [];
  let carry: Carry = {
    params,
    state,
    optimizer,
    gathered: gatherNothing(params, 1),
    step: tensor(0, { dtype: "i32" }),
    tally: startTally(learning.metrics),
  };
  let mean = 0;
  let least = Infinity;
  search: for (let epoch = 0; ; epoch++) {
    const before = rates.length;
    for await (const batch of source.epoch(epoch, 0)) {
      const i = rates.length;
      if (i === steps) break search;
      const rate = from * (to / from) ** (i / (steps - 1));
      const scalar = tensor(rate, { dtype: "f64" });
      const result = step(carry, batch.data, batch.rows, keys.layers, scalar, true);
      ({ carry } = result);
      mean = smoothing * mean + (1 - smoothing) * (result.loss.item() as number);
      const smooth = mean / (1 - smoothing ** (i + 1));
      if (!(smooth <= tooHigh * Math.max(least, 0)) && i > 0) break search;
      least = Math.min(least, smooth);
      rates.push(rate);
      losses.push(smooth);
      await breathe();
    }
    if (rates.length === before) break;
  }
  return { rates, losses, suggestion: steepest(rates, losses) };
}

/** Where the loss falls fastest by the logarithm of the rate, before its least. */
function steepest(rates: readonly number[], losses: readonly number[]): number {
  const end = losses.indexOf(Math.min(...losses));
  let best = -1;
  let slope = 0;
  for (let i = 1; i < end; i++) {
    const now = losses[i + 1] - losses[i - 1];
    if (now < slope) [best, slope] = [i, now];
  }
  if (best >= 0) return rates[best];
  throw new ValueError(
    "findLearningRate: the loss falls at no rate between the two; try from: 1e-10, more steps, or look " +
      "for a mistake in the data",
  );
}
