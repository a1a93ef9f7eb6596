import { zerosLike } from "../../tensor/functions/create.js";
import { foldIn } from "../../tensor/random/key.js";
import { compile } from "../../tensor/transforms/compile.js";
import { valueAndGrad } from "../../tensor/transforms/grad.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inference, type Layer, type Variables } from "../layer.js";
import { exampleWeights, weightedMean, type Loss } from "../losses/loss.js";
import type { Metric, WholeMetric } from "../metrics/metric.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { mapVariables } from "../optimizers/trees.js";
import { type Examples, pick } from "./examples.js";
import { addToTally, type Tally } from "./tally.js";

/** The programs of training: a step, and the figures of a batch without learning from it. */

/** All that a step changes. */
export type Carry = {
  readonly params: Variables;
  /** What layers keep. */
  readonly state: Variables;
  readonly optimizer: Variables;
  /** Gradients gathered so far, if several batches make a step; null otherwise. */
  readonly gradients: Variables | null;
  /** Batches done, which also numbers the random keys: i32. */
  readonly step: Tensor;
  readonly tally: Tally;
};

export interface Learning {
  readonly model: Layer;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly metrics: readonly Metric[];
  /** Metrics of all predictions together. */
  readonly whole: readonly WholeMetric[];
  /** Batches whose gradients are averaged for one update. */
  readonly accumulate: number;
  readonly deterministic: boolean | undefined;
}

/** The model on a batch, and what its layers keep afterwards. */
export function forward(
  model: Layer,
  params: Variables,
  state: Variables,
  x: Tensor,
  key: Key | undefined,
): { predictions: Tensor; state: Variables } {
  let kept = state;
  const predictions = model.apply(params, x, {
    ...inference,
    training: key !== undefined,
    key,
    state,
    keep: (next) => {
      kept = next;
    },
  });
  return { predictions, state: kept };
}

/**
 * A whole step as one program: forward, backward, update, figures. With `update: false` gradients
 * are gathered only.
 */
export function trainStep({ model, loss, optimizer, metrics, accumulate, ...how }: Learning) {
  const step = (
    carry: Carry,
    data: Examples,
    rows: Tensor | null,
    key: Key,
    learningRate: Tensor,
    update: boolean,
  ): { carry: Carry; loss: Tensor } => {
    const batch = pick(data, rows);
    const own = foldIn(key, carry.step);
    const cost = (
      params: Variables,
    ): [Tensor, { predictions: Tensor; losses: Tensor; state: Variables }] => {
      const { predictions, state } = forward(model, params, carry.state, batch.x, own);
      const losses = loss.perExample(predictions, batch.y);
      const weights = exampleWeights(loss, batch.y, batch.weights);
      return [weightedMean(losses, weights), { predictions, losses, state }];
    };
    const differentiate = valueAndGrad(cost as never, 0, { hasAux: true }) as unknown as (
      params: Variables,
    ) => [ReturnType<typeof cost>, Variables];
    const [[value, { predictions, losses, state }], now] = differentiate(carry.params);
    const gradients =
      carry.gradients === null
        ? now
        : mapVariables((sum, g) => sum.add(g.div(accumulate)), carry.gradients, now);
    const next = update
      ? optimizer.update(carry.optimizer, gradients, carry.params, { learningRate })
      : { params: carry.params, state: carry.optimizer };
    return {
      carry: {
        params: next.params,
        state,
        optimizer: next.state,
        gradients:
          carry.gradients === null
            ? null
            : update
              ? mapVariables(zerosLike, carry.gradients)
              : gradients,
        step: carry.step.add(1),
        tally: addToTally(carry.tally, { loss, metrics }, losses, predictions, batch),
      },
      loss: value,
    };
  };
  return compile(step, { donate: 0, name: "training step", deterministic: how.deterministic });
}

/** A batch, for metrics that need all of them. */
export interface Seen {
  readonly predictions: Tensor;
  readonly y: Tensor;
  readonly weights?: Tensor;
}

/** The figures of a batch, as part of a program. */
export function evaluateStep({ model, loss, metrics, whole, ...how }: Learning) {
  const step = (
    tally: Tally,
    params: Variables,
    state: Variables,
    data: Examples,
    rows: Tensor | null,
  ): { tally: Tally; seen: Seen | null } => {
    const { y, ...batch } = pick(data, rows);
    const { predictions } = forward(model, params, state, batch.x, undefined);
    const losses = loss.perExample(predictions, y);
    const { weights } = batch;
    const seen = { predictions, y, ...(weights === undefined ? {} : { weights }) };
    return {
      tally: addToTally(tally, { loss, metrics }, losses, predictions, seen),
      seen: whole.length === 0 ? null : seen,
    };
  };
  return compile(step, { donate: 0, name: "evaluation", deterministic: how.deterministic });
}

/** What the model makes of a batch. */
export function predictStep(model: Layer) {
  const step = (params: Variables, state: Variables, x: Tensor, rows: Tensor | null): Tensor => {
    const { x: inputs } = pick({ x, y: x }, rows);
    return forward(model, params, state, inputs, undefined).predictions;
  };
  return compile(step, { name: "prediction" });
}
