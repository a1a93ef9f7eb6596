import { full } from "../../tensor/functions/create.js";
import { maximum } from "../../tensor/functions/elementwise.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { CommonOptions } from "./common.js";
import { type EpsilonOptions, requirePlace, rootOf, towards } from "./epsilon.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { optimizer, requireNotNegative, requireShares, type RuleState } from "./rule.js";

/**
 * Where Adam's ε is: √v̂ + ε, √(v̂ + ε), or √v + ε before v is corrected, which is Keras's formula and the
 * one at the end of the paper's section 2.
 */
export type AdamEpsilon = "outside" | "inside" | "uncorrected";

export interface AdamOptions extends CommonOptions, EpsilonOptions<AdamEpsilon> {
  /** How much of the mean gradient stays after a step (default 0.9). */
  readonly beta1?: number;
  /** How much of the mean squared gradient stays (default 0.999). */
  readonly beta2?: number;
  /** Divide by the greatest v so far? (default false) @source Reddi et al., arXiv:1904.09237 */
  readonly amsgrad?: boolean;
}

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − r · m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ), with ε = 1e-8: the paper's form and PyTorch's. Keras is
 * `{ epsilon: 1e-7, epsilonAt: "uncorrected" }`, where the first steps are shorter for tiny gradients.
 *
 * @source Kingma & Ba, arXiv:1412.6980
 */
export const adam = (
  learningRate: LearningRate = 1e-3,
  options: AdamOptions = {},
): Optimizer<RuleState> => adamOf("adam", learningRate, options);

/**
 * Adam with decoupled decay: p ← p − r·λ·p beside the step. λ = 0.01 (`weightDecay`) as in PyTorch; Keras
 * has 0.004. Both multiply it with the rate, the paper with the schedule's factor alone.
 *
 * @source Loshchilov & Hutter, arXiv:1711.05101
 */
export const adamW = (
  learningRate: LearningRate = 1e-3,
  { weightDecay = 0.01, ...options }: AdamOptions = {},
): Optimizer<RuleState> => adamOf("adamW", learningRate, { ...options, weightDecay });

function adamOf(
  kind: string,
  learningRate: LearningRate,
  options: AdamOptions,
): Optimizer<RuleState> {
  const { beta1 = 0.9, beta2 = 0.999, amsgrad = false } = options;
  const { epsilon = 1e-8, epsilonAt = "outside" } = options;
  requireAdam({ beta1, beta2, epsilon, epsilonAt }, kind);
  const all = { ...options, beta1, beta2, amsgrad, epsilon, epsilonAt } as CommonOptions;
  const slots: Record<string, number> = amsgrad ? { m: 0, v: 0, peak: 0 } : { m: 0, v: 0 };
  return optimizer(kind, learningRate, all, {
    slots,
    scalars: (t) => ({ c1: correction(beta1, t), c2: correction(beta2, t) }),
    step(g, kept, { rate, c1, c2 }) {
      const m = towards(kept.m, g, 1 - beta1);
      const v = towards(kept.v, g.square(), 1 - beta2);
      const peak = amsgrad ? maximum(kept.peak, v) : v;
      const divisor = adamRoot(peak, c2, epsilon, epsilonAt);
      const change = m.mul(rate.div(c1)).div(divisor);
      return { change, m, v, ...(amsgrad ? { peak } : {}) };
    },
  });
}

/** 1 − βᵗ. */
export const correction = (beta: number, t: Tensor): Tensor =>
  full([], beta, { dtype: "f64" }).pow(t).neg().add(1);

/** What m̂ is divided by, from v and 1 − β₂ᵗ. */
export function adamRoot(v: Tensor, c2: Tensor, epsilon: number, at: AdamEpsilon): Tensor {
  const root = c2.sqrt();
  if (at === "uncorrected") return v.sqrt().add(epsilon).div(root);
  if (at === "inside") return rootOf(v.div(c2), epsilon, at);
  return v.sqrt().div(root).add(epsilon);
}

export function requireAdam(
  {
    epsilonAt,
    ...numbers
  }: Required<Pick<AdamOptions, "beta1" | "beta2" | "epsilon" | "epsilonAt">>,
  kind: string,
): void {
  requireShares({ beta1: numbers.beta1, beta2: numbers.beta2 }, kind);
  requireNotNegative({ epsilon: numbers.epsilon }, kind);
  requirePlace(epsilonAt, kind, ["outside", "inside", "uncorrected"]);
}
