import type { Labels } from "../../data/split.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { type BinaryOptions, readBinary } from "./binary.js";
import { readMany } from "./many-classes.js";
import { columnsIn, meanOf, readWeights, requireWithin, type Scores } from "./read.js";

export interface BrierOptions extends BinaryOptions {
  /** Of more than two classes: those of the columns (default: those that occur, in order). */
  readonly labels?: readonly Label[];
}

/**
 * The Brier score, the mean squared error of the probability of the positive class: (1/n) Σᵢ (pᵢ − yᵢ)², 0 … 1.
 * Of more than two classes, the sum over all of them: (1/n) Σᵢ Σₖ (p_ik − [yᵢ = k])², 0 … 2.
 *
 * @param probabilities     [n], or [n, 2] of both classes; [n, k] of more
 * @param options.positive  the class they are of (default: 1 or true; of other numbers the greater)
 * @throws ValueError  if a probability lies outside 0 … 1, or it is not clear which class is positive
 * @throws ShapeError  if there are not as many columns as classes
 * @source scikit-learn `brier_score_loss`; of several classes Brier, Monthly Weather Review 78 (1950)
 */
export function brier(yTrue: Labels, probabilities: Scores, options: BrierOptions = {}): number {
  const op = "brier";
  if (columnsIn(probabilities) > 2) return ofMany(yTrue, probabilities, options, op);
  const { isOne, scores, weights, n } = readBinary(yTrue, probabilities, options, op, "number");
  requireWithin(scores, op);
  return meanOf(n, (i) => (isOne[i] - scores[i]) ** 2, weights);
}

function ofMany(yTrue: Labels, probabilities: Scores, options: BrierOptions, op: string): number {
  const { data, rows, columns, actual } = readMany(yTrue, probabilities, options.labels, op);
  requireWithin(data, op, columns);
  const error = (i: number): number => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += (Number(actual[i] === k) - data[i * columns + k]) ** 2;
    return sum;
  };
  return meanOf(rows, error, readWeights(options.sampleWeight, rows, op));
}
