import { ShapeError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * How far predictions are from what they should be. Called, it gives the mean over the examples:
 * Σ wᵢ lᵢ / Σ wᵢ if they have weights.
 */
export interface Loss {
  /** @returns  a scalar */
  (predictions: Tensor, targets: Tensor, weights?: Tensor): Tensor;
  /** "sparseCategoricalCrossEntropy". */
  readonly kind: string;
  /** One number for each example: [n]. */
  perExample(predictions: Tensor, targets: Tensor): Tensor;
}

/** A loss from its numbers for single examples. */
export function loss(kind: string, perExample: Loss["perExample"]): Loss {
  const mean = (predictions: Tensor, targets: Tensor, weights?: Tensor): Tensor =>
    weightedMean(perExample(predictions, targets), weights);
  return Object.assign(mean, { kind, perExample });
}

/** Σ wᵢ lᵢ / Σ wᵢ: PyTorch's rule. With no weights the mean. */
export function weightedMean(losses: Tensor, weights: Tensor | undefined): Tensor {
  if (weights === undefined) return losses.mean();
  if (!sameShape(weights.shape, losses.shape))
    throw new ShapeError(
      `loss: weights must be ${show(losses.shape)}, one an example, got ${show(weights.shape)}`,
    );
  return losses.mul(weights).sum().div(weights.sum());
}
