import type { CommonOptions } from "./common.js";
import { type EpsilonOptions, requirePlace, rootOf } from "./epsilon.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { optimizer, requireNotNegative, type RuleState } from "./rule.js";

export interface AdagradOptions extends CommonOptions, EpsilonOptions {
  /** What the sums of squares begin with (default 0). */
  readonly initial?: number;
}

/**
 * v ← v + g², p ← p − r·g / (√v + ε), with ε = 1e-10: PyTorch's defaults, which are the paper's. Keras
 * begins with v = 0.1 and has ε = 1e-7 under the root: `{ initial: 0.1, epsilon: 1e-7, epsilonAt: "inside" }`.
 *
 * @source Duchi et al., Adaptive subgradient methods, JMLR 12, 2011
 */
export function adagrad(
  learningRate: LearningRate = 0.01,
  options: AdagradOptions = {},
): Optimizer<RuleState> {
  const { epsilon = 1e-10, epsilonAt = "outside", initial = 0 } = options;
  requireNotNegative({ epsilon, initial }, "adagrad");
  requirePlace(epsilonAt, "adagrad");
  const all = { ...options, epsilon, epsilonAt, initial } as CommonOptions;
  return optimizer("adagrad", learningRate, all, {
    slots: { v: initial },
    step(g, slots, { rate }) {
      const v = slots.v.add(g.square());
      return { change: g.mul(rate).div(rootOf(v, epsilon, epsilonAt)), v };
    },
  });
}
