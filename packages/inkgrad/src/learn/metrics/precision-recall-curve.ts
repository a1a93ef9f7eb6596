import type { Labels } from "../../data/split.js";
import { type BinaryOptions, type BinaryScores, countByThreshold, readBinary } from "./binary.js";
import type { Scores } from "./read.js";

export interface PrecisionRecallCurve {
  /** At each threshold, and a last 1. */
  readonly precision: Float64Array;
  /** Falling, and a last 0. If the positive class does not occur, 1 at every threshold. */
  readonly recall: Float64Array;
  /** The different scores, rising; one fewer than the points. */
  readonly thresholds: Float64Array;
}

/**
 * Precision tp / (tp + fp) and recall tp / (tp + fn) of taking for positive what scores at least the
 * threshold.
 *
 * @param scores  [n], the higher the more like the positive class, or [n, 2] of both classes
 * @throws ValueError  for scores that are not finite, or if it is not clear which class is positive
 * @source scikit-learn `precision_recall_curve`
 */
export const precisionRecallCurve = (
  yTrue: Labels,
  scores: Scores,
  options: BinaryOptions = {},
): PrecisionRecallCurve => curveOf(readBinary(yTrue, scores, options, "precisionRecallCurve"));

export function curveOf(binary: BinaryScores): PrecisionRecallCurve {
  const { falsePositives: fp, truePositives: tp, thresholds } = countByThreshold(binary);
  const n = thresholds.length;
  const ones = tp[n - 1];
  const risen = (last: number, of: (i: number) => number): Float64Array =>
    Float64Array.from({ length: n + 1 }, (_, i) => (i === n ? last : of(n - 1 - i)));
  return {
    precision: risen(1, (i) => (tp[i] + fp[i] === 0 ? 0 : tp[i] / (tp[i] + fp[i]))),
    recall: risen(0, (i) => (ones === 0 ? 1 : tp[i] / ones)),
    thresholds: thresholds.reverse(),
  };
}

/** Σ (R_{n+1} − R_n) P_{n+1}: the area under the curve as steps, which does not flatter by straight lines. */
export function areaUnderSteps({ precision, recall }: PrecisionRecallCurve): number {
  let area = 0;
  for (let i = 0; i + 1 < recall.length; i++) area += (recall[i] - recall[i + 1]) * precision[i];
  return area;
}
