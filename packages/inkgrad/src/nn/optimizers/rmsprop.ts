import type { Tensor } from "../../tensor/tensor.js";
import type { CommonOptions } from "./common.js";
import { type EpsilonOptions, requirePlace, rootOf, towards } from "./epsilon.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { optimizer, requireNotNegative, requireShares, type RuleState } from "./rule.js";

export interface RmspropOptions extends CommonOptions, EpsilonOptions {
  /** How much of the mean squared gradient stays (default 0.9, as in the lecture; PyTorch 0.99). */
  readonly rho?: number;
  /** How much of the last step is taken again (default 0). */
  readonly momentum?: number;
  /** Divide by the deviation from the mean gradient? (default false) */
  readonly centered?: boolean;
}

/**
 * v ← ρv + (1 − ρ)g², b ← μb + g / (√v + ε), p ← p − r·b, with ε = 1e-8; centered: v less the square of
 * the mean gradient. PyTorch's formula; Keras has ε = 1e-7 under the root
 * (`{ epsilon: 1e-7, epsilonAt: "inside" }`) and the rate in b, which is the same for a constant one.
 *
 * @source Tieleman & Hinton, Neural networks for machine learning, lecture 6.5, 2012; centered:
 *   Graves, arXiv:1308.0850
 */
export function rmsprop(
  learningRate: LearningRate = 1e-3,
  options: RmspropOptions = {},
): Optimizer<RuleState> {
  const { rho = 0.9, momentum = 0, centered = false } = options;
  const { epsilon = 1e-8, epsilonAt = "outside" } = options;
  requireShares({ rho, momentum }, "rmsprop");
  requireNotNegative({ epsilon }, "rmsprop");
  requirePlace(epsilonAt, "rmsprop");
  const all = { ...options, rho, momentum, centered, epsilon, epsilonAt } as CommonOptions;
  const slots: Record<string, number> = {
    v: 0,
    ...(centered ? { mean: 0 } : {}),
    ...(momentum > 0 ? { velocity: 0 } : {}),
  };
  return optimizer("rmsprop", learningRate, all, {
    slots: slots,
    step(g, kept, { rate }) {
      const v = towards(kept.v, g.square(), 1 - rho);
      const next: Record<string, Tensor> = { v };
      let spread = v;
      if (centered) {
        next.mean = towards(kept.mean, g, 1 - rho);
        spread = v.sub(next.mean.square());
      }
      const step = g.div(rootOf(spread, epsilon, epsilonAt));
      if (momentum === 0) return { ...next, change: step.mul(rate) };
      next.velocity = kept.velocity.mul(momentum).add(step);
      return { ...next, change: next.velocity.mul(rate) };
    },
  });
}
