import type { Labels } from "../../data/split.js";
import { type BinaryOptions, countByThreshold, readBinary } from "./binary.js";
import type { Scores } from "./read.js";

export interface RocCurveOptions extends BinaryOptions {
  /** Leave out points on a straight line between others (default true). */
  readonly dropIntermediate?: boolean;
}

export interface RocCurve {
  /** False positive rate, rising from 0 to 1: of the zeros, those with a score of at least the threshold. */
  readonly falsePositiveRate: Float64Array;
  /** True positive rate, rising from 0 to 1. */
  readonly truePositiveRate: Float64Array;
  /** Falling; the first is the greatest score + 1, which nothing reaches. */
  readonly thresholds: Float64Array;
}

/**
 * The ROC curve: fp / (fp + tn) and tp / (tp + fn) for every threshold. If a class does not occur, its
 * rates are NaN.
 *
 * @param scores  [n], the higher the more like the positive class, or [n, 2] of both classes
 * @throws ValueError  for scores that are not finite, or if it is not clear which class is positive
 * @source scikit-learn 1.2 `roc_curve`
 */
export function rocCurve(yTrue: Labels, scores: Scores, options: RocCurveOptions = {}): RocCurve {
  const counted = countByThreshold(readBinary(yTrue, scores, options, "rocCurve"));
  const { falsePositives: fp, truePositives: tp, thresholds } = counted;
  const n = thresholds.length;
  const second = (x: Float64Array, i: number): number => x[i + 1] - x[i] - (x[i] - x[i - 1]);
  const isCorner = (i: number): boolean =>
    i === 0 || i === n - 1 || second(fp, i) !== 0 || second(tp, i) !== 0;
  const kept = Array.from({ length: n }, (_, i) => i).filter(
    (i) => options.dropIntermediate === false || isCorner(i),
  );
  const rates = (counts: Float64Array): Float64Array => {
    const all = counts[n - 1];
    const list = [0, ...kept.map((i) => counts[i])];
    return Float64Array.from(list, (count) => (all > 0 ? count / all : NaN));
  };
  return {
    falsePositiveRate: rates(fp),
    truePositiveRate: rates(tp),
    thresholds: Float64Array.from([thresholds[0] + 1, ...kept.map((i) => thresholds[i])]),
  };
}
