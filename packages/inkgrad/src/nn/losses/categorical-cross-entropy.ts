import { ShapeError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import { take } from "../../tensor/functions/take.js";
import type { Tensor } from "../../tensor/tensor.js";
import { classesLike, requireClassWeights, requireShare, targetsLike } from "./checks.js";
import { type Loss, lossOfParts } from "./loss.js";
import { type FromLogits, logProbabilities } from "./probabilities.js";

export interface CategoricalOptions extends FromLogits {
  /** Share of each target that is spread over all classes alike (default 0). */
  readonly labelSmoothing?: number;
  /**
   * How much examples of each class count, as if they were there so often: Σ wᵢ lᵢ / Σ wᵢ. With label
   * smoothing the whole of an example counts by its class, where PyTorch weights the smoothed
   * parts apart.
   */
  readonly classWeights?: readonly number[];
}

/**
 * −Σ yₖ log pₖ for logits [n, ..., classes] and targets of the same shape: one-hot, or any shares.
 * Finite for every finite logit. Axes between are averaged.
 *
 * @throws ShapeError  unless the shapes are equal
 */
export function categoricalCrossEntropy(options: CategoricalOptions = {}): Loss {
  const kind = "categoricalCrossEntropy";
  return crossEntropy(kind, options, (predictions, targets) =>
    targetsLike(predictions, targets, kind, 2),
  );
}

/**
 * −log of the probability that logits [n, ..., classes] give to class numbers [n, ...], finite for
 * every finite logit. Axes between are averaged.
 *
 * @throws ShapeError  unless the targets have the predictions' shape without the last axis
 */
export function sparseCategoricalCrossEntropy(options: CategoricalOptions = {}): Loss {
  const kind = "sparseCategoricalCrossEntropy";
  return crossEntropy(kind, options, (predictions, classes) =>
    classesLike(predictions, classes, kind),
  );
}

function crossEntropy(
  kind: string,
  options: CategoricalOptions,
  sharesOf: (predictions: Tensor, targets: Tensor) => Tensor,
): Loss {
  const { fromLogits = true, labelSmoothing = 0 } = options;
  requireShare(labelSmoothing, "labelSmoothing", kind);
  const classWeights = requireClassWeights(options.classWeights, kind);
  const losses = (predictions: Tensor, targets: Tensor): Tensor => {
    const shares = sharesOf(predictions, targets);
    const classes = predictions.shape[predictions.rank - 1];
    if (classWeights !== undefined && classWeights.length !== classes)
      throw new ShapeError(
        `${kind}: there are ${classes} classes and ${classWeights.length} classWeights`,
      );
    const smooth =
      labelSmoothing === 0 ? shares : shares.mul(1 - labelSmoothing).add(labelSmoothing / classes);
    const logs = logProbabilities(predictions, fromLogits);
    return smooth.mul(logs).sum(-1).neg();
  };
  if (classWeights === undefined) return lossOfParts(kind, options, { losses, fromLogits });
  return lossOfParts(kind, options, {
    losses,
    fromLogits,
    weights: (targets) => weightsOf(targets, classWeights, kind),
  });
}

/** Class numbers pick their weight; shares of classes give the mean of theirs. */
const weightsOf = (targets: Tensor, classWeights: readonly number[], kind: string): Tensor =>
  kind === "categoricalCrossEntropy"
    ? targets.mul(rowOf(classWeights, targets)).sum(-1)
    : take(tensor([...classWeights], { dtype: "f64" }) as never, targets as never, 0);

const rowOf = (row: readonly number[], { dtype }: Tensor): Tensor =>
  tensor([...row], { dtype: dtype === "f64" ? "f64" : "f32" });
