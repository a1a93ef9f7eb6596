import type { Labels } from "../../data/split.js";
import { type BinaryOptions, readBinary } from "./binary.js";
import { meanOf, requireWithin, type Scores } from "./read.js";

/**
 * The Brier score, the mean squared error of the probability of the positive class: (1/n) Σ (pᵢ − yᵢ)².
 *
 * @param probabilities  [n], or [n, 2] of both classes
 * @param options.positive  the class they are of (default: 1 or true; of other numbers the greater)
 * @throws ValueError  if a probability lies outside 0 … 1, or it is not clear which class is positive
 * @source scikit-learn `brier_score_loss`
 */
export function brier(yTrue: Labels, probabilities: Scores, options: BinaryOptions = {}): number {
  const { isOne, scores, weights, n } = readBinary(
    yTrue,
    probabilities,
    options,
    "brier",
    "number",
  );
  requireWithin(scores, "brier");
  return meanOf(n, (i) => (isOne[i] - scores[i]) ** 2, weights);
}
