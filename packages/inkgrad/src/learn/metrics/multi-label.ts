import { ShapeError } from "../../base/errors.js";
import { type Targets, totalWeight, type WeightOption } from "./read.js";
import { readPair, weightOfSame } from "./targets.js";

/** For several labels a row. Precision, recall and F take tables too: `average: null` gives one a label. */

/**
 * The share of labels that are wrong: Σᵢ wᵢ Σⱼ [ŷᵢⱼ ≠ yᵢⱼ] / (k Σ wᵢ). Of one label a row, 1 − accuracy.
 *
 * @param yTrue  [n, k] zeros and ones, or [n] labels
 * @param yPred  the same
 * @source scikit-learn `hamming_loss`
 */
export function hammingLoss(yTrue: Targets, yPred: Targets, options: WeightOption = {}): number {
  const pair = readPair(yTrue, yPred, options.sampleWeight, "hammingLoss");
  const columns = pair.kind === "table" ? pair.columns : 1;
  let wrong = 0;
  for (let at = 0; at < pair.actual.length; at++)
    if (pair.actual[at] !== pair.predicted[at])
      wrong += pair.weights?.[Math.floor(at / columns)] ?? 1;
  return wrong / (columns * totalWeight(pair.weights, pair.n));
}

/**
 * The share of rows all of whose labels are right.
 *
 * @param yTrue  [n, k] zeros and ones
 * @param yPred  the same
 * @throws ShapeError  for one label a row: that is `accuracy`
 * @source scikit-learn `accuracy_score` of indicators
 */
export function subsetAccuracy(yTrue: Targets, yPred: Targets, options: WeightOption = {}): number {
  const pair = readPair(yTrue, yPred, options.sampleWeight, "subsetAccuracy");
  if (pair.kind !== "table")
    throw new ShapeError("subsetAccuracy: takes tables [n, k]; for one label a row use accuracy");
  const { same, all } = weightOfSame(pair);
  return same / all;
}
