import type { Tensor } from "../../tensor/tensor.js";
import { requireClassWeights, requireShare, targetsLike } from "./checks.js";
import { type Loss, lossOfParts } from "./loss.js";
import { type FromLogits, logsOfBoth } from "./probabilities.js";

export interface BinaryOptions extends FromLogits {
  /** Moves targets so far towards 1/2: y(1 − s) + s/2 (default 0). */
  readonly labelSmoothing?: number;
  /** How much zeros and ones count, as if they were there so often. */
  readonly classWeights?: readonly [zeros: number, ones: number];
}

/**
 * −y log p − (1 − y) log(1 − p), where p = sigmoid(logit): for logits [n], [n, 1], or [n, labels]
 * where each label is a question of its own, whose losses are averaged. Targets are 0 or 1 or between
 * them. Finite for every finite logit.
 *
 * @throws ShapeError  unless the shapes are equal: [n] against [n, 1] too
 */
export function binaryCrossEntropy(options: BinaryOptions = {}): Loss {
  const kind = "binaryCrossEntropy";
  const { fromLogits = true, labelSmoothing = 0 } = options;
  requireShare(labelSmoothing, "labelSmoothing", kind);
  const classWeights = requireClassWeights(options.classWeights, kind, 2);
  const losses = (predictions: Tensor, targets: Tensor): Tensor => {
    const y = targetsLike(predictions, targets, kind);
    const smooth = labelSmoothing === 0 ? y : y.mul(1 - labelSmoothing).add(labelSmoothing / 2);
    const [logYes, logNo] = logsOfBoth(predictions, fromLogits);
    return smooth.mul(logYes).add(smooth.neg().add(1).mul(logNo)).neg();
  };
  if (classWeights === undefined) return lossOfParts(kind, options, { losses, fromLogits });
  const [zeros, ones] = classWeights;
  return lossOfParts(kind, options, {
    losses,
    fromLogits,
    weights: (y) =>
      y
        .cast(y.dtype === "f64" ? "f64" : "f32")
        .mul(ones - zeros)
        .add(zeros),
  });
}
