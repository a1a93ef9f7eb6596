import { full, tensor, zerosLike } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { rateOf } from "./rate.js";
import { mapVariables } from "./trees.js";

export interface AdamOptions {
  /** How much of the mean gradient stays after a step (default 0.9). */
  readonly beta1?: number;
  /** How much of the mean squared gradient stays (default 0.999). */
  readonly beta2?: number;
  /** Added to the root (default 1e-8). */
  readonly epsilon?: number;
}

type AdamState = { readonly m: Variables; readonly v: Variables; readonly step: Tensor };

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − r · m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ). Computed as p ← p − r/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), as PyTorch does.
 *
 * @source Kingma & Ba, arXiv:1412.6980
 */
export const adam = (
  learningRate: LearningRate = 1e-3,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {},
): Optimizer<AdamState> => ({
  kind: "adam",
  learningRate,
  init: (params) => ({
    m: mapVariables(zerosLike, params),
    v: mapVariables(zerosLike, params),
    step: tensor(0, { dtype: "i32" }),
  }),
  update(state, gradients, params, options) {
    const step = state.step.add(1);
    const t = step.cast("f32");
    const m = mapVariables((m, g) => m.add(g.sub(m).mul(1 - beta1)), state.m, gradients);
    const v = mapVariables(
      (v, g) =>
        v.add(
          g
            .square()
            .sub(v)
            .mul(1 - beta2),
        ),
      state.v,
      gradients,
    );
    const size = rateOf(learningRate, options).div(full([], beta1).pow(t).neg().add(1));
    const root = full([], 1).div(full([], beta2).pow(t).neg().add(1).sqrt());
    const next = mapVariables(
      (p, m, v) => p.sub(m.mul(size).div(v.sqrt().mul(root).add(epsilon))),
      params,
      m,
      v,
    );
    return { params: next, state: { m, v, step } };
  },
});
