import { DTypeError, ShapeError, ValueError } from "../../base/errors.js";
import { isInteger } from "../../base/dtype.js";
import { sameShape, show } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { targetsLike } from "../losses/checks.js";
import type { Metric } from "./metric.js";

/** What predictions and targets say which class each example is of. */

export interface BinaryOptions {
  /**
   * Predictions above it are ones (default 0, for logits; 0.5 in the training of a model that gives
   * probabilities).
   */
  readonly threshold?: number;
}

/** A metric that has a threshold: if none is given, that of what the model gives. */
export const withThreshold = <M extends Metric, O extends BinaryOptions>(
  make: (options: O) => M,
  options: O,
): M => ({
  ...make(options),
  ...(options.threshold === undefined && {
    ofProbabilities: () => make({ ...options, threshold: 0.5 }),
  }),
});

/** Class numbers, in i32, of one shape: [n, ...]. */
export interface Classes {
  readonly predicted: Tensor;
  readonly actual: Tensor;
}

/** Numbers for yes and no: predictions and targets of one shape. */
export function binaryClasses(
  predictions: Tensor,
  targets: Tensor,
  { threshold = 0 }: BinaryOptions,
  kind: string,
): Classes {
  const y = targetsLike(predictions, targets, kind);
  return {
    predicted: predictions.greater(threshold).cast("i32"),
    actual: y.greater(0.5).cast("i32"),
  };
}

/** Logits [n, ..., classes] with class numbers [n, ...], or with one-hot targets. */
export function manyClasses(predictions: Tensor, targets: Tensor, kind: string): Classes {
  const predicted = predictions.argmax(-1);
  if (sameShape(targets.shape, predictions.shape)) return { predicted, actual: targets.argmax(-1) };
  if (predictions.rank < 2 || !sameShape(targets.shape, predictions.shape.slice(0, -1)))
    throw new ShapeError(
      `${kind}: for predictions ${show(predictions.shape)} targets must be class numbers ` +
        `${show(predictions.shape.slice(0, -1))}, or of their shape; got ${show(targets.shape)}`,
    );
  if (!isInteger(targets.dtype))
    throw new DTypeError(
      `${kind}: class numbers must be integers, got ${targets.dtype}; use targets.cast("i32")`,
    );
  return { predicted, actual: targets.cast("i32") };
}

/** Several classes if there are class numbers for rows of logits, else questions of yes and no. */
export function eitherClasses(
  predictions: Tensor,
  targets: Tensor,
  options: BinaryOptions,
  kind: string,
): Classes {
  const last = predictions.shape[predictions.rank - 1];
  const rows = predictions.rank === targets.rank + 1 && last > 1;
  return rows
    ? manyClasses(predictions, targets, kind)
    : binaryClasses(predictions, targets, options, kind);
}

/** Class numbers [n, ...] and weights [n] as lists of one length; no weights: ones. */
export function flatClasses(
  { predicted, actual }: Classes,
  weights: Tensor | undefined,
): Classes & { readonly weights: Tensor | undefined } {
  const { size, shape } = actual;
  const flat = (x: Tensor): Tensor => x.reshape([size]);
  const rest = shape.slice(1).map(() => 1);
  const spread =
    weights === undefined
      ? undefined
      : flat(
          weights
            .cast("f64")
            .reshape([shape[0], ...rest])
            .broadcastTo(shape),
        );
  return { predicted: flat(predicted), actual: flat(actual), weights: spread };
}

export function requireClasses(classes: number | undefined, kind: string): void {
  if (classes !== undefined && !(Number.isSafeInteger(classes) && classes >= 2))
    throw new ValueError(`${kind}: classes must be a whole number ≥ 2, got ${String(classes)}`);
}
