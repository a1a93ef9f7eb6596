import { ShapeError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { where } from "../../tensor/functions/where.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Json } from "../layer.js";

/**
 * How far predictions are from what they should be. Called, it gives the mean over the examples:
 * Σ wᵢ lᵢ / Σ wᵢ if they have weights, so that a weight of 2 is the example taken twice.
 */
export interface Loss {
  /** @returns  a scalar */
  (predictions: Tensor, targets: Tensor, weights?: Tensor): Tensor;
  /** "sparseCategoricalCrossEntropy". */
  readonly kind: string;
  /** What the function of its kind takes to make it again; null for a function of one's own. */
  readonly options: Json;
  /** Does it take logits, or probabilities? Absent where there is no difference. */
  readonly fromLogits?: boolean;
  /** One number for each example: [n]. */
  perExample(predictions: Tensor, targets: Tensor): Tensor;
  /** How much each example counts by its class: [n]. Absent without class weights. */
  readonly classWeightsOf?: (targets: Tensor) => Tensor;
}

/** The numbers a loss has for the parts of each example (pixels, labels, steps), not averaged. */
export interface Parts {
  /** [n, ...] */
  readonly losses: (predictions: Tensor, targets: Tensor) => Tensor;
  /** How much each part counts by its class, [n, ...]. */
  readonly weights?: (targets: Tensor) => Tensor;
  /** Are logits taken, or probabilities, if that makes a difference? */
  readonly fromLogits?: boolean;
}

/** A loss from its numbers for the parts of examples. */
export function lossOfParts(kind: string, options: object, parts: Parts): Loss {
  const { losses, weights, fromLogits } = parts;
  const made =
    weights === undefined
      ? loss(kind, options, (predictions, targets) => meanOfEach(losses(predictions, targets)))
      : loss(kind, options, weightedParts(losses, weights), (y) => meanOfEach(weights(y)));
  return fromLogits === undefined ? made : Object.assign(made, { fromLogits });
}

const weightedParts =
  (losses: Parts["losses"], weights: (targets: Tensor) => Tensor): Loss["perExample"] =>
  (predictions, targets) => {
    const each = losses(predictions, targets);
    if (each.rank === 1) return each;
    const own = weights(targets).cast(each.dtype);
    return perWeight(meanOfEach(each.mul(own)), meanOfEach(own));
  };

/** A loss from its numbers for single examples. */
export function loss(
  kind: string,
  options: object | null,
  perExample: Loss["perExample"],
  classWeightsOf?: (targets: Tensor) => Tensor,
): Loss {
  const facts = { kind, options: options as Json, perExample };
  const mean = (predictions: Tensor, targets: Tensor, weights?: Tensor): Tensor =>
    weightedMean(perExample(predictions, targets), exampleWeights(made, targets, weights));
  const made: Loss = Object.assign(
    mean,
    classWeightsOf === undefined ? facts : { ...facts, classWeightsOf },
  );
  return made;
}

/** How much each example counts: by its own weight, and by its class's. None: all the same. */
export function exampleWeights(
  { classWeightsOf }: Loss,
  targets: Tensor,
  weights: Tensor | undefined,
): Tensor | undefined {
  if (classWeightsOf === undefined) return weights;
  const byClass = classWeightsOf(targets);
  return weights === undefined ? byClass : byClass.mul(requireWeights(weights, byClass.shape));
}

/**
 * Σ wᵢ lᵢ / Σ wᵢ: PyTorch's rule. With no weights the mean; 0 where all weights are 0, for such a batch
 * has nothing to say.
 */
export function weightedMean(losses: Tensor, weights: Tensor | undefined): Tensor {
  if (weights === undefined) return losses.mean();
  const own = requireWeights(weights, losses.shape).cast(losses.dtype);
  return perWeight(losses.mul(own).sum(), own.sum());
}

/** A sum over its weight; what weighs nothing stays as it is, 0. */
export const perWeight = (sum: Tensor, weight: Tensor): Tensor =>
  sum.div(where(weight.equal(0), 1, weight).cast(sum.dtype));

/** Never [n, 1] against [n], which would give [n, n]. */
function requireWeights(weights: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(weights.shape, shape)) return weights;
  throw new ShapeError(
    `loss: weights must be ${show(shape)}, one an example, got ${show(weights.shape)}`,
  );
}

/** The mean of each example: [n, ...] to [n]. */
export function meanOfEach(parts: Tensor): Tensor {
  const others = parts.shape.slice(1).map((_, i) => i + 1);
  return others.length === 0 ? parts : parts.mean(others);
}
