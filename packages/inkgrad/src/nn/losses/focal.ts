import { ValueError } from "../../base/errors.js";
import { where } from "../../tensor/functions/where.js";
import { eitherLike, targetsLike } from "./checks.js";
import { type Loss, lossOfParts } from "./loss.js";
import { type FromLogits, logProbabilities, logsOfBoth } from "./probabilities.js";

export interface FocalOptions extends FromLogits {
  /** How much less what is already right counts (default 2); 0: cross-entropy. */
  readonly gamma?: number;
}

export interface BinaryFocalOptions extends FocalOptions {
  /** Weight of the ones; zeros have 1 − alpha (default 0.25; null: both have 1). */
  readonly alpha?: number | null;
}

/**
 * −α_t (1 − p_t)^γ log p_t, where p_t is what is given to the right one of 0 and 1: for logits [n],
 * [n, 1] or [n, labels], whose losses are averaged.
 *
 * @throws ShapeError  unless the shapes are equal: [n] against [n, 1] too
 * @source Lin et al., arXiv:1708.02002
 */
export function binaryFocalCrossEntropy(options: BinaryFocalOptions = {}): Loss {
  const kind = "binaryFocalCrossEntropy";
  const { fromLogits = true, gamma = 2, alpha = 0.25 } = options;
  requireGamma(gamma, kind);
  if (alpha !== null && !(alpha >= 0 && alpha <= 1))
    throw new ValueError(`${kind}: alpha must be from 0 to 1, or null, got ${String(alpha)}`);
  return lossOfParts(kind, options, {
    fromLogits,
    losses: (predictions, targets) => {
      const y = targetsLike(predictions, targets, kind);
      const [logYes, logNo] = logsOfBoth(predictions, fromLogits);
      // Powers of p are taken from log p, so that their slopes stay finite.
      const yes = y.mul(logNo.mul(gamma).exp()).mul(logYes);
      const no = y.neg().add(1).mul(logYes.mul(gamma).exp()).mul(logNo);
      return alpha === null ? yes.add(no).neg() : yes.mul(-alpha).add(no.mul(alpha - 1));
    },
  });
}

/**
 * −Σ yₖ (1 − pₖ)^γ log pₖ.
 *
 * @param predictions  logits [n, ..., classes]
 * @param targets      class numbers [n, ...], or one-hot [n, ..., classes]
 * @throws ShapeError  if they are neither
 * @source Lin et al., arXiv:1708.02002
 */
export function categoricalFocalCrossEntropy(options: FocalOptions = {}): Loss {
  const kind = "categoricalFocalCrossEntropy";
  const { fromLogits = true, gamma = 2 } = options;
  requireGamma(gamma, kind);
  return lossOfParts(kind, options, {
    fromLogits,
    losses: (predictions, targets) => {
      const y = eitherLike(predictions, targets, kind);
      const logs = logProbabilities(predictions, fromLogits);
      const rest = logs.expm1().neg();
      const some = rest.greater(0);
      // 0^γ has an infinite slope for γ < 1.
      const factor = where(some, where(some, rest, 1).pow(gamma), gamma === 0 ? 1 : 0);
      return y.mul(factor).mul(logs).sum(-1).neg();
    },
  });
}

function requireGamma(gamma: number, kind: string): void {
  if (!(gamma >= 0 && gamma < Infinity))
    throw new ValueError(`${kind}: gamma must be a number ≥ 0, got ${String(gamma)}`);
}
