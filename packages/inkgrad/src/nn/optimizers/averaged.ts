import { ValueError } from "../../base/errors.js";
import { full, tensor, zerosLike } from "../../tensor/functions/create.js";
import { minimum } from "../../tensor/functions/elementwise.js";
import { where } from "../../tensor/functions/where.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";
import { type OptimizerLike, optimizerOf } from "./named.js";
import type { Optimizer } from "./optimizer.js";
import { requireShares } from "./rule.js";
import { mapVariables } from "./trees.js";

export interface AveragedOptions {
  /** How much of the average stays after a step (default 0.999). */
  readonly decay?: number;
  /** Steps before averaging begins (default 0). */
  readonly from?: number;
  /**
   * Average over fewer steps at first: k steps after the beginning at most (1 + k) / (10 + k) stays
   * (default true). What training began with is then soon forgotten.
   */
  readonly warmUp?: boolean;
}

type AveragedState<State extends Variables> = {
  readonly inner: State;
  readonly average: Variables;
  readonly step: Tensor;
};

/**
 * Another optimizer whose parameters are averaged along the way: a ← d·a + (1 − d)p after each step. Learned
 * are p as before; evaluated, predicted with and saved are the averages. Until step `from` they are p.
 *
 * @param of  an optimizer, or its name
 * @source Polyak & Juditsky, Acceleration of stochastic approximation by averaging, 1992; warm-up:
 *   TensorFlow's ExponentialMovingAverage with `num_updates`
 */
export function averaged<State extends Variables = Variables>(
  of: Optimizer<State> | Extract<OptimizerLike, string>,
  { decay = 0.999, from = 0, warmUp = true }: AveragedOptions = {},
): Optimizer<AveragedState<State>> {
  const inner = optimizerOf(of) as unknown as Optimizer<State>;
  requireShares({ decay }, "averaged");
  if (!(Number.isSafeInteger(from) && from >= 0))
    throw new ValueError(`averaged: from must be a whole number ≥ 0, got ${String(from)}`);
  const { kind, options } = inner;
  return {
    kind: "averaged",
    learningRate: inner.learningRate,
    options: { of: { kind, options }, decay, from, warmUp },
    init: (params) => ({
      inner: inner.init(params),
      // Not the parameters themselves: both would be given up to the first step.
      average: mapVariables(zerosLike, params),
      step: tensor(0, { dtype: "i32" }),
    }),
    update(state, gradients, params, how) {
      const next = inner.update(state.inner, gradients, params, how);
      const step = state.step.add(1);
      const k = step.sub(1 + from).cast("f64");
      const most = full([], decay, { dtype: "f64" });
      const usual = warmUp ? minimum(most, k.add(1).div(k.add(10))) : most;
      const stays = where(k.greater(0), usual, 0);
      const average = mapVariables(
        (a, p) => p.add(a.sub(p).mul(stays.cast(p.dtype))),
        state.average,
        next.params,
      );
      return { params: next.params, state: { inner: next.state, average, step } };
    },
    averaged: (state, params) =>
      mapVariables((p, a) => where(state.step.equal(0), p, a), params, state.average),
  };
}
