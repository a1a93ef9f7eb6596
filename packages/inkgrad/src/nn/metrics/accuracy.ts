import { ValueError } from "../../base/errors.js";
import { where } from "../../tensor/functions/where.js";
import type { Tensor } from "../../tensor/tensor.js";
import { classesLike, targetsLike } from "../losses/checks.js";
import { meanOfEach } from "../losses/loss.js";
import {
  binaryClasses,
  type BinaryOptions,
  type Classes,
  manyClasses,
  withThreshold,
} from "./classes.js";
import type { Metric } from "./metric.js";
import { type Mean, meanMetric } from "./sums.js";

/**
 * The share of examples that are told rightly. Logits [n, ..., classes] go with class numbers [n, ...] or
 * one-hot targets of their shape: the greatest is meant. Logits [n] or [n, 1] go with zeros and ones of
 * their shape: above `threshold` means one. For several labels an example take `binaryAccuracy`.
 *
 * @throws ShapeError  for anything else
 */
export const accuracy = (options: BinaryOptions = {}): Metric<Mean> =>
  withThreshold(
    (own) =>
      meanMetric("accuracy", (predictions, targets) => {
        const several = predictions.rank > 1 && predictions.shape[predictions.rank - 1] > 1;
        return rightly(
          several
            ? manyClasses(predictions, targets, "accuracy")
            : binaryClasses(predictions, targets, own, "accuracy"),
        );
      }),
    options,
  );

/** The share of right answers to questions of yes and no: predictions and targets of one shape. */
export const binaryAccuracy = (options: BinaryOptions = {}): Metric<Mean> =>
  withThreshold(
    (own) =>
      meanMetric("binaryAccuracy", (predictions, targets) =>
        rightly(binaryClasses(predictions, targets, own, "binaryAccuracy")),
      ),
    options,
  );

/**
 * The share of examples whose class is among the `k` (default 5) with the greatest logits. Among equal
 * ones every class counts as the first.
 */
export function topK({ k = 5 }: { readonly k?: number } = {}): Metric<Mean> {
  if (!(Number.isSafeInteger(k) && k >= 1))
    throw new ValueError(`topK: k must be a whole number ≥ 1, got ${String(k)}`);
  return meanMetric(`top${k}`, (predictions, targets) => {
    const hot =
      targets.rank === predictions.rank
        ? targetsLike(predictions, targets, "topK", 2)
        : classesLike(predictions, targets, "topK");
    const own = where(hot.greater(0.5), predictions, 0).sum(-1, { keepDims: true });
    // NaN is not ≤ anything: it is never among the first.
    const before = predictions
      .lessEqual(own as Tensor)
      .logicalNot()
      .cast("i32")
      .sum(-1);
    return meanOfEach(before.less(k).cast("f64"));
  });
}

const rightly = ({ predicted, actual }: Classes): Tensor =>
  meanOfEach(predicted.equal(actual).cast("f64"));
