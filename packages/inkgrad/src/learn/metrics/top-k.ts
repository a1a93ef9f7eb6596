import { ShapeError, ValueError } from "../../base/errors.js";
import type { Labels } from "../../data/split.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { readMany } from "./many-classes.js";
import { meanOf, readWeights, type Scores, sumOf, type WeightOption } from "./read.js";

export interface TopKOptions extends WeightOption {
  /** How many classes may be named (default 2). */
  readonly k?: number;
  /** The classes of the columns (default: those that occur, in order). */
  readonly labels?: readonly Label[];
  /** A share (default), or, false, how many. */
  readonly normalize?: boolean;
}

/**
 * The share of rows whose class is among the `k` with the highest scores: Σ wᵢ [rank of yᵢ ≤ k] / Σ wᵢ. Of
 * equal scores the later class comes first, as in scikit-learn (`metrics.topK` of a network lets the right one).
 *
 * @param scores  [n, classes], or of two classes [n], where with k = 1 more than ½ means the greater if all lie in
 *                0 … 1, else more than 0
 * @throws ValueError  unless k is a whole number ≥ 1; for labels as for `logLoss`
 * @source scikit-learn `top_k_accuracy_score`
 */
export function topK(yTrue: Labels, scores: Scores, options: TopKOptions = {}): number {
  const op = "topK";
  const { k = 2 } = options;
  if (!Number.isSafeInteger(k) || k < 1)
    throw new ValueError(`${op}: k must be a whole number ≥ 1, got ${k}`);
  const { data, rows, columns, actual, classes } = readMany(yTrue, scores, options.labels, op);
  if (classes.length < 2) throw new ShapeError(`${op}: there must be two classes or more`);
  const weights = readWeights(options.sampleWeight, rows, op);
  const isHit = columns === 1 ? hitsOfOne(data, actual, k) : hitsOfMany(data, columns, actual, k);
  const count = options.normalize === false ? sumOf : meanOf;
  return count(rows, (i) => Number(isHit(i)), weights);
}

type Hits = (row: number) => boolean;

function hitsOfOne(scores: Float64Array, actual: Int32Array, k: number): Hits {
  if (k > 1) return () => true;
  const threshold = scores.every((p) => p >= 0 && p <= 1) ? 0.5 : 0;
  return (i) => Number(scores[i] > threshold) === actual[i];
}

const hitsOfMany =
  (data: Float64Array, columns: number, actual: Int32Array, k: number): Hits =>
  (i) => {
    const own = data[i * columns + actual[i]];
    let above = 0;
    for (let c = 0; c < columns; c++) {
      const score = data[i * columns + c];
      if (score > own || (score === own && c > actual[i])) above++;
    }
    return above < k;
  };
