import { ValueError } from "../../base/errors.js";
import type { Targets, WeightOption } from "./read.js";
import { countClasses, readPair, requireClassPair, weightOfSame } from "./targets.js";

export interface AccuracyOptions extends WeightOption {
  /** A share (default), or, false, how many. */
  readonly normalize?: boolean;
}

/**
 * The share of rows told rightly: Σ wᵢ [ŷᵢ = yᵢ] / Σ wᵢ. Of tables, of rows all of whose labels are
 * right (`subsetAccuracy`).
 *
 * @param yTrue  [n] labels, or [n, k] zeros and ones
 * @param yPred  the same
 * @throws ShapeError  if they differ in their rows or their form
 * @throws ValueError  for no rows, or a row without a label
 * @source scikit-learn `accuracy_score`
 */
export function accuracy(yTrue: Targets, yPred: Targets, options: AccuracyOptions = {}): number {
  const { same, all } = weightOfSame(readPair(yTrue, yPred, options.sampleWeight, "accuracy"));
  return options.normalize === false ? same : same / all;
}

export interface BalancedAccuracyOptions extends WeightOption {
  /** Scaled so that guessing gives 0 and being right 1 (default false). */
  readonly adjusted?: boolean;
}

/**
 * The mean over the classes that are there of the share that is found (recall): (1/k) Σ_c rightc / nc.
 * With `adjusted`, (b − 1/k) / (1 − 1/k), which is NaN for one class.
 *
 * @source scikit-learn `balanced_accuracy_score`
 */
export function balancedAccuracy(
  yTrue: Targets,
  yPred: Targets,
  { sampleWeight, adjusted = false }: BalancedAccuracyOptions = {},
): number {
  const op = "balancedAccuracy";
  const { counts } = countClasses(requireClassPair(yTrue, yPred, sampleWeight, op), undefined, op);
  const there = counts.filter(({ actual }) => actual > 0);
  if (there.length === 0) throw new ValueError(`${op}: no row has a weight`);
  const mean = there.reduce((sum, { right, actual }) => sum + right / actual, 0) / there.length;
  const chance = 1 / there.length;
  return adjusted ? (mean - chance) / (1 - chance) : mean;
}
