import type { CommonOptions } from "./common.js";
import { towards } from "./epsilon.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { optimizer, requireShares, type RuleState } from "./rule.js";

export interface LionOptions extends CommonOptions {
  /** How much of the mean gradient goes into a step (default 0.9). */
  readonly beta1?: number;
  /** How much of the mean gradient stays (default 0.99). */
  readonly beta2?: number;
}

/**
 * p ← p − r · sign(β₁m + (1 − β₁)g), m ← β₂m + (1 − β₂)g: every parameter moves by the rate, so take a third
 * to a tenth of Adam's, and that much more `weightDecay`. Defaults are the paper's (r = 1e-4; Keras
 * 1e-3). PyTorch has none.
 *
 * @source Chen et al., arXiv:2302.06675
 */
export function lion(
  learningRate: LearningRate = 1e-4,
  options: LionOptions = {},
): Optimizer<RuleState> {
  const { beta1 = 0.9, beta2 = 0.99 } = options;
  requireShares({ beta1, beta2 }, "lion");
  return optimizer("lion", learningRate, { ...options, beta1, beta2 } as CommonOptions, {
    slots: { m: 0 },
    step: (g, { m }, { rate }) => ({
      change: towards(m, g, 1 - beta1)
        .sign()
        .mul(rate),
      m: towards(m, g, 1 - beta2),
    }),
  });
}
