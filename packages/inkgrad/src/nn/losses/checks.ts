import { DTypeError, ShapeError, ValueError } from "../../base/errors.js";
import { isFloat, isInteger } from "../../base/dtype.js";
import { sameShape, show } from "../../base/shape.js";
import { oneHot } from "../../tensor/functions/one-hot.js";
import type { Tensor } from "../../tensor/tensor.js";

/** What losses ask of predictions and targets before they are broadcast by mistake. */

export function requirePredictions(predictions: Tensor, kind: string, least = 1): void {
  if (!isFloat(predictions.dtype))
    throw new DTypeError(
      `${kind}: predictions must be floats, got ${predictions.dtype}; are they the first argument?`,
    );
  if (predictions.rank < least)
    throw new ShapeError(
      `${kind}: predictions must be ${least === 1 ? "[n, ...]" : "[n, ..., classes]"}, got ` +
        show(predictions.shape),
    );
}

/** The targets in the predictions' type; they must have their shape. */
export function targetsLike(predictions: Tensor, targets: Tensor, kind: string, least = 1): Tensor {
  requirePredictions(predictions, kind, least);
  if (!sameShape(predictions.shape, targets.shape))
    throw new ShapeError(
      `${kind}: targets ${show(targets.shape)} must have the shape of the predictions ` +
        `${show(predictions.shape)}${advice(predictions, targets)}`,
    );
  return targets.cast(predictions.dtype);
}

function advice(predictions: Tensor, targets: Tensor): string {
  const [long, short, name] =
    predictions.rank > targets.rank
      ? [predictions, targets, "targets"]
      : [targets, predictions, "predictions"];
  const squeezed = [...short.shape, 1];
  if (sameShape(long.shape, squeezed)) return `; use ${name}.reshape(${show(squeezed)})`;
  if (sameShape(long.shape.slice(0, -1), short.shape) && name === "targets")
    return "; class numbers go with sparseCategoricalCrossEntropy, or make them .oneHot(classes)";
  return "";
}

/** Class numbers [n, ...] as [n, ..., classes] of zeros and ones. */
export function classesLike(predictions: Tensor, classes: Tensor, kind: string): Tensor {
  requirePredictions(predictions, kind, 2);
  const wanted = predictions.shape.slice(0, -1);
  const depth = predictions.shape[predictions.rank - 1];
  if (depth === 1)
    throw new ShapeError(
      `${kind}: predictions ${show(predictions.shape)} are of one class only; yes or no goes with ` +
        `binaryCrossEntropy and targets ${show(predictions.shape)}`,
    );
  if (!sameShape(classes.shape, wanted))
    throw new ShapeError(
      `${kind}: for predictions ${show(predictions.shape)} the targets must be class numbers ` +
        `${show(wanted)}, got ${show(classes.shape)}` +
        (sameShape(classes.shape, predictions.shape)
          ? "; one-hot targets go with categoricalCrossEntropy"
          : sameShape(classes.shape, [...wanted, 1])
            ? `; use targets.reshape(${show(wanted)})`
            : ""),
    );
  if (!isInteger(classes.dtype))
    throw new DTypeError(
      `${kind}: class numbers must be integers, got ${classes.dtype}; use targets.cast("i32")`,
    );
  return oneHot(classes as never, depth, { dtype: predictions.dtype as "f32" });
}

/** Both forms: class numbers [n, ...], or shares of classes [n, ..., classes]. */
export const eitherLike = (predictions: Tensor, targets: Tensor, kind: string): Tensor =>
  targets.rank === predictions.rank
    ? targetsLike(predictions, targets, kind, 2)
    : classesLike(predictions, targets, kind);

export function requireShare(value: number, name: string, kind: string): void {
  if (!(value >= 0 && value < 1))
    throw new ValueError(`${kind}: ${name} must be from 0 to below 1, got ${String(value)}`);
}

export function requirePositive(value: number, name: string, kind: string): void {
  if (!(value > 0 && value < Infinity))
    throw new ValueError(`${kind}: ${name} must be a number > 0, got ${String(value)}`);
}

/** Class weights as a row [classes]. */
export function requireClassWeights(
  weights: readonly number[] | undefined,
  kind: string,
  count?: number,
): readonly number[] | undefined {
  if (weights === undefined) return undefined;
  // From untyped callers too: whatever is no list has no numbers.
  const list = Array.from(weights);
  const right =
    list.every((w) => typeof w === "number" && w >= 0 && w < Infinity) &&
    list.some((w) => w > 0) &&
    (count === undefined || list.length === count);
  if (right) return list;
  throw new ValueError(
    `${kind}: classWeights must be ${count ?? "one"} finite number${count === undefined ? " a class" : "s"}` +
      `, none below 0 and not all 0, got ${JSON.stringify(weights)}`,
  );
}
