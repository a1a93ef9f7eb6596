import { ValueError } from "../../base/errors.js";
import { oneHot } from "../../tensor/functions/one-hot.js";
import type { Tensor } from "../../tensor/tensor.js";
import {
  type BinaryOptions,
  eitherClasses,
  flatClasses,
  manyClasses,
  requireClasses,
  withThreshold,
} from "./classes.js";
import { averageOf, type Counts, fBetaOf, precisionOf, recallOf } from "./counts.js";
import type { Metric } from "./metric.js";
import { sumsMetric } from "./sums.js";

export interface PerClassOptions extends BinaryOptions {
  /** How many classes there are. Left out: questions of yes and no, and the figure is about yes. */
  readonly classes?: number;
  /**
   * "macro" (default): the mean of the classes' figures; "micro": of all counts together; "weighted": the mean,
   * each class counted as often as it occurs; "none": one figure a class, which the history leaves out.
   */
  readonly average?: "macro" | "micro" | "weighted" | "none";
}

/** Of what is predicted as a class, the share that is of it; 0 if nothing is. */
export const precision = (options: PerClassOptions = {}): Metric =>
  perClass("precision", options, (counts) => precisionOf(counts));

/** Of what is of a class, the share that is predicted as it; 0 if nothing is. */
export const recall = (options: PerClassOptions = {}): Metric =>
  perClass("recall", options, (counts) => recallOf(counts));

/** The harmonic mean of precision and recall; 0 if both are. */
export const f1 = (options: PerClassOptions = {}): Metric =>
  perClass("f1", options, (counts) => fBetaOf(counts, 1));

const perClass = (
  kind: string,
  options: PerClassOptions,
  figure: (counts: Counts) => number,
): Metric => withThreshold((own) => figureOfCounts(kind, own, figure), options);

function figureOfCounts(
  kind: string,
  options: PerClassOptions,
  figure: (counts: Counts) => number,
): Metric {
  const { classes, average = "macro" } = options;
  requireClasses(classes, kind);
  if (!["macro", "micro", "weighted", "none"].includes(average))
    throw new ValueError(
      `${kind}: average must be "macro", "micro", "weighted" or "none", got ${JSON.stringify(average)}`,
    );
  const depth = classes ?? 2;
  const shapes = { right: [depth], predicted: [depth], actual: [depth] };
  return sumsMetric(
    kind,
    shapes,
    (predictions, targets, weights) => {
      const found =
        classes === undefined
          ? eitherClasses(predictions, targets, options, kind)
          : manyClasses(predictions, targets, kind);
      const last = predictions.shape[predictions.rank - 1];
      const many = found.predicted.rank < predictions.rank;
      if (many && last !== depth)
        throw new ValueError(
          `${kind}: the predictions are of ${last} classes; say so, as ${kind}({ classes: ${last} })`,
        );
      const flat = flatClasses(found, weights);
      const hot = (x: Tensor): Tensor => oneHot(x as never, depth, { dtype: "f64" });
      const [p, y] = [hot(flat.predicted), hot(flat.actual)];
      const count = (x: Tensor): Tensor =>
        (flat.weights === undefined ? x : x.mul(flat.weights.reshape([flat.weights.size, 1]))).sum(
          0,
        );
      return { right: count(p.mul(y)), predicted: count(p), actual: count(y) };
    },
    (sums) => {
      const counts = sums.right.map((right, i): Counts => ({
        right,
        predicted: sums.predicted[i],
        actual: sums.actual[i],
      }));
      if (classes === undefined) return figure(counts[1]);
      return averageOf(counts, figure, average);
    },
  );
}
