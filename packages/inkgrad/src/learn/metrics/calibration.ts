import { ValueError } from "../../base/errors.js";
import { quantileOf } from "../../base/quantile.js";
import type { Labels } from "../../data/split.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { readBinary } from "./binary.js";
import { readMany } from "./many-classes.js";
import { columnsIn, requireOneOf, requireWithin, type Scores } from "./read.js";

interface BinOptions {
  /** How many bins of [0, 1] (default 5 for the curve, 10 for the error). */
  readonly bins?: number;
  /** Of one width ("uniform", default), or with as many rows ("quantile"). */
  readonly strategy?: "uniform" | "quantile";
}

export interface CalibrationCurveOptions extends BinOptions {
  /** The class the probabilities are of (default: 1 or true). */
  readonly positive?: Label;
}

/** A point for each bin that has rows. */
export interface CalibrationCurve {
  /** The share of rows that are of the positive class. */
  readonly observed: Float64Array;
  /** Their mean probability. */
  readonly predicted: Float64Array;
  /** How many rows. */
  readonly counts: Float64Array;
}

/**
 * What becomes of probabilities: rows are put into bins by their probability, and the mean probability
 * of each stands beside the share of ones. A probability on an edge belongs to the lower bin.
 *
 * @param probabilities  [n], or [n, 2] of both classes
 * @throws ValueError  if a probability lies outside 0 … 1, there are more than two classes, or it is not clear which
 *                     one is positive
 * @source scikit-learn `calibration_curve`
 */
export function calibrationCurve(
  yTrue: Labels,
  probabilities: Scores,
  options: CalibrationCurveOptions = {},
): CalibrationCurve {
  const op = "calibrationCurve";
  const { isOne, scores } = readBinary(yTrue, probabilities, options, op);
  requireWithin(scores, op);
  return binned(isOne, scores, { bins: 5, ...options }, op);
}

export interface CalibrationErrorOptions extends CalibrationCurveOptions {
  /** The mean over the rows ("mean", default), the root of the mean square ("rms"), or the worst bin ("max"). */
  readonly norm?: "mean" | "rms" | "max";
  /** Of more than two classes: those of the columns (default: those that occur, in order). */
  readonly labels?: readonly Label[];
}

/**
 * Expected calibration error: Σ_b (n_b / n) |observed_b − predicted_b| over the bins of
 * `calibrationCurve`. Of more than two classes the probability is that of the class it is greatest of, and
 * what is observed is whether that class is right.
 *
 * @param probabilities  [n] or [n, 2] of two classes, [n, k] of more
 * @throws ValueError  as for `calibrationCurve`
 * @source Naeini et al., AAAI 2015; Guo et al., arXiv:1706.04599
 */
export function expectedCalibrationError(
  yTrue: Labels,
  probabilities: Scores,
  options: CalibrationErrorOptions = {},
): number {
  const op = "expectedCalibrationError";
  const { norm = "mean" } = options;
  requireOneOf(norm, ["mean", "rms", "max"], "norm", op);
  const [hits, scores] =
    columnsIn(probabilities) > 2
      ? confidence(yTrue, probabilities, options.labels, op)
      : binaryProbabilities(yTrue, probabilities, options, op);
  const curve = binned(hits, scores, { bins: 10, ...options }, op);
  let [sum, worst] = [0, 0];
  curve.counts.forEach((count, b) => {
    const gap = Math.abs(curve.observed[b] - curve.predicted[b]);
    sum += (count / scores.length) * (norm === "rms" ? gap * gap : gap);
    worst = Math.max(worst, gap);
  });
  return norm === "max" ? worst : norm === "rms" ? Math.sqrt(sum) : sum;
}

type Answers = readonly [hits: Uint8Array, probabilities: Float64Array];

function binaryProbabilities(
  yTrue: Labels,
  probabilities: Scores,
  options: CalibrationCurveOptions,
  op: string,
): Answers {
  const { isOne, scores } = readBinary(yTrue, probabilities, options, op);
  requireWithin(scores, op);
  return [isOne, scores];
}

function confidence(
  yTrue: Labels,
  probabilities: Scores,
  labels: readonly Label[] | undefined,
  op: string,
): Answers {
  const many = readMany(yTrue, probabilities, labels, op);
  requireWithin(many.data, op, many.columns);
  const { data, rows, columns, actual } = many;
  const hits = new Uint8Array(rows);
  const greatest = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    greatest[i] = row.reduce((most, p) => Math.max(most, p), 0);
    hits[i] = Number(row.indexOf(greatest[i]) === actual[i]);
  }
  return [hits, greatest];
}

function binned(
  isOne: Uint8Array,
  scores: Float64Array,
  { bins = 0, strategy = "uniform" }: BinOptions,
  op: string,
): CalibrationCurve {
  if (!Number.isSafeInteger(bins) || bins < 1)
    throw new ValueError(`${op}: bins must be a whole number ≥ 1, got ${bins}`);
  requireOneOf(strategy, ["uniform", "quantile"], "strategy", op);
  const inner = innerEdges(scores, bins, strategy);
  const [counts, ones, sums] = [0, 1, 2].map(() => new Float64Array(bins));
  scores.forEach((p, i) => {
    const bin = countBelow(inner, p);
    counts[bin]++;
    ones[bin] += isOne[i];
    sums[bin] += p;
  });
  const full = (_: number, b: number): boolean => counts[b] > 0;
  return {
    observed: ones.map((x, b) => x / counts[b]).filter(full),
    predicted: sums.map((x, b) => x / counts[b]).filter(full),
    counts: counts.filter((x) => x > 0),
  };
}

function innerEdges(scores: Float64Array, bins: number, strategy: string): Float64Array {
  const step = 1 / bins;
  const edges = Float64Array.from({ length: bins - 1 }, (_, i) => (i + 1) * step);
  if (strategy === "uniform") return edges;
  const sorted = scores.slice().sort();
  return edges.map((q) => quantileOf(sorted, (q * 100) / 100));
}

/** How many edges, in order, lie below x. */
function countBelow(edges: Float64Array, x: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
