import { full } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { adamRoot, type AdamOptions, correction, requireAdam } from "./adam.js";
import type { CommonOptions } from "./common.js";
import { towards } from "./epsilon.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { optimizer, requireNotNegative, type RuleState } from "./rule.js";

export interface NadamOptions extends Omit<AdamOptions, "amsgrad"> {
  /** ψ, how soon the momentum comes to β₁ (default 0.004, as PyTorch; Keras 1). */
  readonly momentumDecay?: number;
}

/**
 * Adam with Nesterov's step: μₜ = β₁(1 − ½ · 0.96^(tψ)), and
 * p ← p − r (μₜ₊₁ m / (1 − μ₁…μₜ₊₁) + (1 − μₜ) g / (1 − μ₁…μₜ)) / (√v̂ + ε), ε = 1e-8, r = 0.002 as in PyTorch. Keras
 * is `{ momentumDecay: 1, epsilon: 1e-7 }`: its momentum comes to β₁ within some hundred steps.
 *
 * @source Dozat, Incorporating Nesterov momentum into Adam, 2016
 */
export function nadam(
  learningRate: LearningRate = 2e-3,
  options: NadamOptions = {},
): Optimizer<RuleState> {
  const { beta1 = 0.9, beta2 = 0.999, momentumDecay = 0.004 } = options;
  const { epsilon = 1e-8, epsilonAt = "outside" } = options;
  requireAdam({ beta1, beta2, epsilon, epsilonAt }, "nadam");
  requireNotNegative({ momentumDecay }, "nadam");
  const all = { ...options, beta1, beta2, momentumDecay, epsilon, epsilonAt } as CommonOptions;
  const momentumAt = (t: Tensor): Tensor =>
    full([], 0.96, { dtype: "f64" }).pow(t.mul(momentumDecay)).mul(-0.5).add(1).mul(beta1);
  return optimizer("nadam", learningRate, all, {
    slots: { m: 0, v: 0 },
    shared: { product: 1 },
    scalars(t, { product }) {
      const now = momentumAt(t);
      const next = momentumAt(t.add(1));
      const past = product.mul(now);
      const one = full([], 1, { dtype: "f64" });
      return {
        product: past,
        ofGradient: one.sub(now).div(one.sub(past)),
        ofMean: next.div(one.sub(past.mul(next))),
        c2: correction(beta2, t),
      };
    },
    step(g, kept, { rate, ofGradient, ofMean, c2 }) {
      const m = towards(kept.m, g, 1 - beta1);
      const v = towards(kept.v, g.square(), 1 - beta2);
      const ahead = m.mul(ofMean).add(g.mul(ofGradient));
      return { change: ahead.mul(rate).div(adamRoot(v, c2, epsilon, epsilonAt)), m, v };
    },
  });
}
