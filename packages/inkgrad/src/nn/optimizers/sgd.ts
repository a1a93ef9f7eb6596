import type { CommonOptions } from "./common.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { optimizer, requireShares, type RuleState } from "./rule.js";

/** Gradient descent: p ← p − r·g. @source Robbins & Monro, A stochastic approximation method, 1951 */
export const sgd = (
  learningRate: LearningRate = 0.01,
  options: CommonOptions = {},
): Optimizer<RuleState> =>
  optimizer("sgd", learningRate, options, {
    slots: {},
    step: (g, _, { rate }) => ({ change: g.mul(rate) }),
  });

export interface MomentumOptions extends CommonOptions {
  /** How much of the velocity stays after a step (default 0.9). */
  readonly momentum?: number;
  /**
   * d in b ← μb + (1 − d)g (default 0). With d = 0 velocities sum up to 1/(1 − μ) gradients; with d = μ
   * they are means of gradients.
   */
  readonly dampening?: number;
}

/**
 * b ← μb + (1 − d)g, p ← p − r·b, from b = 0. PyTorch's form: when the rate changes, so does the next
 * step. Keras has the rate in the velocity, v ← μv − r·g, which is the same for a constant one.
 * PyTorch's first step is not dampened (b = g); here it is, as the formula says.
 *
 * @source Polyak, Some methods of speeding up the convergence of iteration methods, 1964
 */
export function momentum(
  learningRate: LearningRate = 0.01,
  options: MomentumOptions = {},
): Optimizer<RuleState> {
  const { momentum = 0.9, dampening = 0 } = options;
  requireShares({ momentum, dampening }, "momentum");
  return optimizer("momentum", learningRate, { ...options, momentum, dampening } as CommonOptions, {
    slots: { velocity: 0 },
    step(g, { velocity }, { rate }) {
      const next = velocity.mul(momentum).add(g.mul(1 - dampening));
      return { change: next.mul(rate), velocity: next };
    },
  });
}

export interface NesterovOptions extends CommonOptions {
  /** How much of the velocity stays after a step (default 0.9). */
  readonly momentum?: number;
}

/**
 * b ← μb + g, p ← p − r(g + μb): the gradient is taken where the velocity leads. PyTorch's form; Keras's
 * is the same for a constant rate.
 *
 * @source Sutskever et al., On the importance of initialization and momentum, 2013
 */
export function nesterov(
  learningRate: LearningRate = 0.01,
  options: NesterovOptions = {},
): Optimizer<RuleState> {
  const { momentum = 0.9 } = options;
  requireShares({ momentum }, "nesterov");
  return optimizer("nesterov", learningRate, { ...options, momentum } as CommonOptions, {
    slots: { velocity: 0 },
    step(g, { velocity }, { rate }) {
      const next = velocity.mul(momentum).add(g);
      return { change: g.add(next.mul(momentum)).mul(rate), velocity: next };
    },
  });
}
