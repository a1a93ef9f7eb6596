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

/** For each class: rightly predicted, predicted, and there. */
interface Counts {
  readonly right: number;
  readonly predicted: number;
  readonly actual: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Of what is predicted as a class, the share that is of it; 0 if nothing is. */
export const precision = (options: PerClassOptions = {}): Metric =>
  perClass("precision", options, ({ right, predicted }) => share(right, predicted));

/** Of what is of a class, the share that is predicted as it; 0 if nothing is. */
export const recall = (options: PerClassOptions = {}): Metric =>
  perClass("recall", options, ({ right, actual }) => share(right, actual));

/** The harmonic mean of precision and recall; 0 if both are. */
export const f1 = (options: PerClassOptions = {}): Metric =>
  perClass("f1", options, ({ right, predicted, actual }) => share(2 * right, predicted + actual));

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
      const total = (name: keyof Counts): number => sums[name].reduce((sum, n) => sum + n, 0);
      if (average === "micro")
        return figure({
          right: total("right"),
          predicted: total("predicted"),
          actual: total("actual"),
        });
      const figures = counts.map(figure);
      if (average === "none") return figures;
      const weights = average === "macro" ? counts.map(() => 1) : sums.actual;
      const all = weights.reduce((sum, w) => sum + w, 0);
      return share(
        figures.reduce((sum, x, i) => sum + x * weights[i], 0),
        all,
      );
    },
  );
}
