import type { Tensor } from "../../tensor/tensor.js";
import type { CommonOptions } from "./common.js";
import { type EpsilonOptions, requirePlace, rootOf, towards } from "./epsilon.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { optimizer, requireNotNegative, requireShares, type RuleState } from "./rule.js";

export interface AdadeltaOptions extends CommonOptions, EpsilonOptions {
  /** How much of the means of squares stays (default 0.95, as in the paper; PyTorch 0.9). */
  readonly rho?: number;
}

/**
 * v ← ρv + (1 − ρ)g², d = √(u + ε) / √(v + ε) · g, u ← ρu + (1 − ρ)d², p ← p − r·d, with ε = 1e-6 and r = 1 as
 * in the paper and PyTorch; Keras has ε = 1e-7 and r = 0.001. Here ε stands under the roots
 * unless `epsilonAt` says "outside", as for all three.
 *
 * @source Zeiler, arXiv:1212.5701
 */
export function adadelta(
  learningRate: LearningRate = 1,
  options: AdadeltaOptions = {},
): Optimizer<RuleState> {
  const { rho = 0.95, epsilon = 1e-6, epsilonAt = "inside" } = options;
  requireShares({ rho }, "adadelta");
  requireNotNegative({ epsilon }, "adadelta");
  requirePlace(epsilonAt, "adadelta");
  const all = { ...options, rho, epsilon, epsilonAt } as CommonOptions;
  return optimizer("adadelta", learningRate, all, {
    slots: { v: 0, u: 0 },
    step(g, kept, { rate }) {
      const v = towards(kept.v, g.square(), 1 - rho);
      const root = (x: Tensor): Tensor => rootOf(x, epsilon, epsilonAt);
      const d = root(kept.u).div(root(v)).mul(g);
      const u = towards(kept.u, d.square(), 1 - rho);
      return { change: d.mul(rate), v, u };
    },
  });
}
