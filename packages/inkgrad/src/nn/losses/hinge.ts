import { relu } from "../../tensor/functions/activation.js";
import { where } from "../../tensor/functions/where.js";
import type { Tensor } from "../../tensor/tensor.js";
import { eitherLike, targetsLike } from "./checks.js";
import { type Loss, lossOfParts } from "./loss.js";

export interface HingeOptions {
  /** Square what is missing to the margin? (default false) */
  readonly squared?: boolean;
}

/**
 * max(0, 1 − y·s) of scores s and classes y = ±1; 0 counts as −1. Averaged within an example.
 *
 * @throws ShapeError  unless the shapes are equal: [n] against [n, 1] too
 */
export function hinge({ squared = false }: HingeOptions = {}): Loss {
  return lossOfParts(
    "hinge",
    { squared },
    {
      losses: (scores, targets) => {
        const y = where(targetsLike(scores, targets, "hinge").greater(0), scores, scores.neg());
        return missing(y.neg().add(1), squared);
      },
    },
  );
}

/** `hinge({ squared: true })`. */
export const squaredHinge = (): Loss => hinge({ squared: true });

/**
 * max(0, 1 + greatest score of another class − score of the right one): Crammer and Singer's form,
 * which is Keras's; PyTorch's MultiMarginLoss sums over the classes instead.
 *
 * @param scores   [n, ..., classes]
 * @param targets  class numbers [n, ...], or one-hot [n, ..., classes]
 * @throws ShapeError  if they are neither
 * @source Crammer & Singer, JMLR 2, 2001
 */
export function categoricalHinge({ squared = false }: HingeOptions = {}): Loss {
  return lossOfParts(
    "categoricalHinge",
    { squared },
    {
      losses: (scores, targets) => {
        const right = eitherLike(scores, targets, "categoricalHinge").greater(0.5);
        const own = where(right, scores, 0).sum(-1);
        const other = where(right, -Infinity, scores).max(-1);
        return missing(other.sub(own).add(1), squared);
      },
    },
  );
}

function missing(margin: Tensor, squared: boolean): Tensor {
  const positive = relu(margin as never);
  return squared ? positive.square() : positive;
}
