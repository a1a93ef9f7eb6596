import { oneHot } from "../../tensor/functions/one-hot.js";
import type { Tensor } from "../../tensor/tensor.js";
import {
  binaryClasses,
  type BinaryOptions,
  flatClasses,
  manyClasses,
  requireClasses,
  withThreshold,
} from "./classes.js";
import type { Metric } from "./metric.js";
import { sumsMetric } from "./sums.js";

export interface ConfusionMatrixOptions extends BinaryOptions {
  /** How many; 2 is also for zeros and ones with one logit each. */
  readonly classes: number;
}

/**
 * How often examples of class i are taken for class j: a row a class, sums of weights if there are any.
 * Left out of the history; `trained.tables` gives it.
 *
 * @source scikit-learn `confusion_matrix`
 */
export function confusionMatrix(options: ConfusionMatrixOptions): Metric {
  requireClasses(options?.classes ?? NaN, "confusionMatrix");
  return withThreshold(counted, options);
}

const counted = ({ classes, ...options }: ConfusionMatrixOptions): Metric =>
  sumsMetric(
    "confusionMatrix",
    { counts: [classes, classes] },
    (predictions, targets, weights) => {
      const last = predictions.shape[predictions.rank - 1];
      const found =
        predictions.rank > 1 && last > 1
          ? manyClasses(predictions, targets, "confusionMatrix")
          : binaryClasses(predictions, targets, options, "confusionMatrix");
      const flat = flatClasses(found, weights);
      const hot = (x: Tensor): Tensor => oneHot(x as never, classes, { dtype: "f64" });
      const y = hot(flat.actual);
      const n = y.shape[0];
      const rows = flat.weights === undefined ? y : y.mul(flat.weights.reshape([n, 1]));
      return { counts: rows.transpose().matmul(hot(flat.predicted) as never) };
    },
    ({ counts }) =>
      Array.from({ length: classes }, (_, i) => counts.slice(i * classes, (i + 1) * classes)),
  );
