import type { Weights } from "../callbacks/callback.js";
import type { Examples } from "./examples.js";
import { type BatchSize, type BatchStream, sourceOf } from "./source.js";
import { breather } from "./breathe.js";
import { evaluateStep, type Learning } from "./step.js";
import { type Figures, figuresOf, startTally } from "./tally.js";

/** What figures are asked of. */
export interface Validation {
  readonly data: Examples | BatchStream;
  readonly batchSize: BatchSize;
  /** The numbers of the examples to take, if not all. */
  readonly among?: Int32Array | undefined;
}

/** The loss and the metrics on examples, with nothing learned from them. */
export async function evaluate(
  learning: Learning,
  { params, state }: Weights,
  { data, batchSize, among }: Validation,
): Promise<Figures> {
  const { metrics } = learning;
  const source = sourceOf(data, { batchSize, key: null, dropLast: false, among }, "evaluate");
  const step = evaluateStep(learning);
  const breathe = breather();
  let tally = startTally(metrics);
  for await (const { data, rows } of source.epoch(0, 0)) {
    tally = step(tally, params, state, data, rows);
    await breathe();
  }
  return figuresOf(tally, metrics);
}
