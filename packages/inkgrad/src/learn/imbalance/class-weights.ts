import { encoded, lengthOfLabels } from "../input/labels.js";
import { type ClassWeight, withClassWeight } from "../linear/class-weight.js";
import type { Label, Labels } from "../types.js";

/**
 * How much each row counts so that its class counts as much as is wanted, as `sampleWeight` of any estimator.
 *
 * @param weights  "balanced": all classes count the same together, n / (classes · rows of the class); or numbers
 *                 by class, 1 for a class that is not named
 * @returns        [rows]
 * @throws ValueError  for a weight that is negative, or of a class that does not occur
 * @source scikit-learn `compute_sample_weight`
 */
export const balancedWeights = (y: Labels, weights: ClassWeight = "balanced"): Float64Array =>
  withClassWeight(
    null,
    weights,
    encoded(y, lengthOfLabels(y), "balancedWeights"),
    "balancedWeights",
  )!;

/**
 * The same by class, in the order of the classes.
 *
 * @source scikit-learn `compute_class_weight`
 */
export function classWeights<L extends Label>(
  y: Labels<L>,
  weights: ClassWeight = "balanced",
): { readonly classes: readonly L[]; readonly weights: Float64Array } {
  const labels = encoded(y, lengthOfLabels(y), "classWeights");
  const each = withClassWeight(null, weights, labels, "classWeights")!;
  const { classes, numbers } = labels;
  return { classes, weights: Float64Array.from(classes, (_, c) => each[numbers.indexOf(c)]) };
}
