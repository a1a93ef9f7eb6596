import { ValueError } from "../../base/errors.js";
import type { Labels } from "../../data/split.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { readMany } from "./many-classes.js";
import {
  labelList,
  meanOf,
  readWeights,
  requireWithin,
  type Scores,
  sumOf,
  type WeightOption,
} from "./read.js";

export interface LogLossOptions extends WeightOption {
  /**
   * Probabilities are clipped to [eps, 1 − eps], so that the loss stays finite (default the machine
   * epsilon of what they are given in: 2⁻²³ for f32 and shorter, 2⁻⁵² for f64 and plain arrays).
   */
  readonly eps?: number;
  /** The classes of the columns (default: those that occur, in order). */
  readonly labels?: readonly Label[];
  /** The mean (default), or, false, the sum. */
  readonly normalize?: boolean;
}

/**
 * Log loss, the cross-entropy of the classes and their probabilities: −(1/n) Σᵢ log p_{i, yᵢ}, natural
 * logarithm. Probabilities are clipped, then those of a row divided by their sum.
 *
 * @param yTrue          [n] labels
 * @param probabilities  [n, k], a column for each class in order; [n] or [n, 1] that of the greater of two
 * @throws ValueError  if a probability lies outside 0 … 1 (scikit-learn clips it), if only one class occurs and
 *                     `labels` does not name the others, or for a label that is none of `labels`
 * @throws ShapeError  if there are not as many columns as classes
 * @source scikit-learn 1.2 `log_loss`
 */
export function logLoss(
  yTrue: Labels,
  probabilities: Scores,
  options: LogLossOptions = {},
): number {
  const op = "logLoss";
  const many = readMany(yTrue, probabilities, options.labels, op);
  const { data, rows, columns, classes, actual } = many;
  if (classes.length < 2)
    throw new ValueError(
      `${op}: only ${labelList(classes)} occurs; name both classes, as { labels: […] }`,
    );
  requireWithin(many.data, op, many.columns);
  const eps = options.eps ?? (many.single ? 2 ** -23 : 2 ** -52);
  if (!(eps >= 0 && eps < 0.5)) throw new ValueError(`${op}: eps must lie in [0, ½), got ${eps}`);
  const weights = readWeights(options.sampleWeight, rows, op);
  const clipped = (p: number): number => Math.min(Math.max(p, eps), 1 - eps);
  const loss = (i: number): number => {
    if (columns === 1) {
      const p = clipped(data[i]);
      return -Math.log(actual[i] === 1 ? p : 1 - p);
    }
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += clipped(data[i * columns + k]);
    return -Math.log(clipped(data[i * columns + actual[i]]) / sum);
  };
  return (options.normalize === false ? sumOf : meanOf)(rows, loss, weights);
}
