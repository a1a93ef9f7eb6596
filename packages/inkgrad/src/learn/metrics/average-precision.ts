import type { Labels } from "../../data/split.js";
import { type BinaryOptions, readBinary } from "./binary.js";
import { averageQuestions, readQuestions } from "./many-classes.js";
import { areaUnderSteps, curveOf } from "./precision-recall-curve.js";
import type { Figure } from "./precision-recall.js";
import type { AucAverage } from "./roc-auc.js";
import { columnsIn, isTable, requireOneOf, type Scores, type Targets } from "./read.js";
import type { Label } from "../../data/transforms/label-encoder.js";

export interface AveragePrecisionOptions<A extends AucAverage = AucAverage> extends BinaryOptions {
  /** Of tables and of more than two classes. */
  readonly average?: A;
  /** The classes of the columns (default: those that occur, in order). */
  readonly labels?: readonly Label[];
}

/**
 * The area under the precision–recall curve as steps: Σₙ (Rₙ − Rₙ₋₁) Pₙ over the falling thresholds. Of
 * more than two classes each against the rest, averaged. 0 if the positive class does not occur.
 *
 * @param yTrue   [n] labels, or [n, k] zeros and ones
 * @param scores  [n] or [n, 2] of two classes, [n, k] of more
 * @throws ValueError  for scores that are not finite, or if it is not clear which class is positive
 * @source scikit-learn `average_precision_score`
 */
export function averagePrecision<A extends AucAverage = "macro">(
  yTrue: Targets,
  scores: Scores,
  options: AveragePrecisionOptions<A> = {},
): Figure<A> {
  const op = "averagePrecision";
  const average: AucAverage = options.average === undefined ? "macro" : options.average;
  requireOneOf(average, ["macro", "weighted", "micro", null], "average", op);
  if (!isTable(yTrue) && columnsIn(scores) <= 2)
    return areaUnderSteps(
      curveOf(readBinary(yTrue as Labels, scores, options, op, "one")),
    ) as Figure<A>;
  const questions = readQuestions(yTrue, scores, options.labels, options.sampleWeight, op);
  return averageQuestions(questions, (one) => areaUnderSteps(curveOf(one)), average) as Figure<A>;
}
