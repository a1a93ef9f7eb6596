import type { Weights } from "../callbacks/callback.js";
import { concat } from "../../tensor/functions/join.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Examples } from "./examples.js";
import { type BatchSize, type BatchStream, sourceOf } from "./source.js";
import { breather } from "./breathe.js";
import { evaluateStep, type Learning, type Seen } from "./step.js";
import {
  type Figures,
  figuresOf,
  numbersOf,
  type Results,
  resultsOf,
  startTally,
  type Tables,
  tablesOf,
} from "./tally.js";

/** What figures are asked of. */
export interface Validation {
  readonly data: Examples | BatchStream;
  readonly batchSize: BatchSize;
  /** The numbers of the examples to take, if not all. */
  readonly among?: Int32Array | undefined;
}

/** The loss and the metrics on examples, with nothing learned from them. */
export const evaluate = async (...args: Parameters<typeof evaluateAll>): Promise<Figures> =>
  (await evaluateAll(...args)).figures;

/** As `evaluate`, with the results that are no single numbers. */
export async function evaluateAll(
  learning: Learning,
  { params, state }: Weights,
  { data, batchSize, among }: Validation,
): Promise<{ figures: Figures; tables: Tables }> {
  const { metrics } = learning;
  const source = sourceOf(data, { batchSize, key: null, dropLast: false, among }, "evaluate");
  const step = evaluateStep(learning);
  const breathe = breather();
  let tally = startTally(metrics);
  const seen: Seen[] = [];
  for await (const { data, rows } of source.epoch(0, 0)) {
    const result = step(tally, params, state, data, rows);
    tally = result.tally;
    if (result.seen !== null) seen.push(result.seen);
    await breathe();
  }
  const whole = await wholeResults(learning, seen);
  return {
    figures: { ...figuresOf(tally, metrics), ...numbersOf(whole) },
    tables: tablesOf([...resultsOf(tally, metrics), ...whole]),
  };
}

/** Of metrics that need all predictions at once. */
async function wholeResults({ whole }: Learning, seen: readonly Seen[]): Promise<Results> {
  if (whole.length === 0) return [];
  const all = (list: readonly Tensor[]): Tensor => concat(list as never, 0);
  const predictions = all(seen.map(({ predictions }) => predictions));
  const targets = all(seen.map(({ y }) => y));
  const weights = seen.flatMap(({ weights }) => (weights === undefined ? [] : [weights]));
  const results: [string, Results[number][1]][] = [];
  for (const metric of whole)
    results.push([
      metric.name,
      await metric.whole(predictions, targets, weights.length === 0 ? undefined : all(weights)),
    ]);
  return results;
}
