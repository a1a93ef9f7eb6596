import { ValueError } from "../../base/errors.js";
import { encoded, lengthOfLabels } from "../input/labels.js";
import type { Label, Labels } from "../types.js";

/** "balanced", or how much the rows of each class count: 1 for a class that is not named. */
export type ClassWeights = "balanced" | Readonly<Record<string, number>>;

/**
 * How much the rows of each class count, in the order of the classes. "balanced": all classes count the same
 * together, n / (classes · rows of the class).
 *
 * @throws ValueError  for a weight that is negative, or of a class that does not occur
 * @source scikit-learn `compute_class_weight`
 */
export function classWeights<L extends Label>(
  y: Labels<L>,
  weights: ClassWeights = "balanced",
): { readonly classes: readonly L[]; readonly weights: Float64Array } {
  const op = "classWeights";
  const { classes, numbers } = encoded(y, lengthOfLabels(y), op);
  if (weights === "balanced") {
    const counts = new Float64Array(classes.length);
    for (const number of numbers) counts[number]++;
    return { classes, weights: counts.map((count) => numbers.length / (classes.length * count)) };
  }
  if (typeof weights !== "object" || weights === null)
    throw new ValueError(`${op}: expected "balanced" or a weight for each class`);
  const names = classes.map(String);
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name))
      throw new ValueError(`${op}: there is no class ${name}; the classes are ${names.join(", ")}`);
    if (!(weight >= 0 && weight < Infinity))
      throw new ValueError(
        `${op}: the weight of ${name} must be a number ≥ 0, got ${String(weight)}`,
      );
  }
  const given = (name: string) => (Object.hasOwn(weights, name) ? weights[name] : 1);
  return { classes, weights: Float64Array.from(names, given) };
}

/**
 * The same for each row, as `sampleWeight` of any estimator.
 *
 * @returns  [rows]
 * @source scikit-learn `compute_sample_weight`
 */
export function balancedWeights(y: Labels, weights: ClassWeights = "balanced"): Float64Array {
  const each = classWeights(y, weights);
  const { numbers } = encoded(y, lengthOfLabels(y), "balancedWeights");
  return Float64Array.from(numbers, (number) => each.weights[number]);
}
