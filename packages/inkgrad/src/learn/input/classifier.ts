import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { tensorOf } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Classifier, Estimator, Features, FittedClassifier, Label } from "../types.js";

/** What classifiers that stand around others share. */

export const isEstimator = (x: unknown): x is Estimator & { fit: unknown } =>
  typeof x === "object" && x !== null && "kind" in x && "options" in x && "fit" in x;

export const isFittedClassifier = (x: unknown): x is FittedClassifier =>
  typeof x === "object" && x !== null && "state" in x && "classes" in x && "predictProba" in x;

/** Throws unless it is an estimator, or, where that is allowed, a fitted classifier. */
export function requireClassifier(
  x: unknown,
  op: string,
  fittedToo = false,
): asserts x is Classifier | FittedClassifier {
  if (isEstimator(x) || (fittedToo && isFittedClassifier(x))) return;
  throw new ValueError(
    `${op}: expected a classifier${fittedToo ? ", to be fitted or fitted" : " to be fitted"}, got ` +
      (isFittedClassifier(x) ? "one that is fitted already" : describe(x)),
  );
}

export function requireFittedClassifier(x: unknown, op: string): asserts x is FittedClassifier {
  if (!isFittedClassifier(x))
    throw new ValueError(`${op}: the estimator is no classifier: what it fits has no classes`);
}

type Rest = Omit<FittedClassifier, "classes" | "predict" | "predictProba" | "decisionFunction">;

/**
 * A fitted classifier from a function that gives its probabilities, [rows, classes] row by row. Its decision
 * function is their logarithm, for two classes the log-odds: infinite where a probability is 0.
 */
export function fromProbabilities<L extends Label>(
  rest: Rest,
  classes: readonly L[],
  probabilities: (x: Features) => Float64Array<ArrayBuffer>,
): FittedClassifier<L> {
  const count = classes.length;
  return {
    ...rest,
    classes,
    predict(x) {
      const p = probabilities(x);
      return Array.from({ length: p.length / count }, (_, row) => classes[greatest(p, row, count)]);
    },
    predictProba(x) {
      const p = probabilities(x);
      return tensorOf(p, [p.length / count, count], "f64") as Tensor<[number, number], "f64">;
    },
    decisionFunction(x) {
      const p = probabilities(x);
      const rows = p.length / count;
      if (count !== 2) return tensorOf(p.map(Math.log), [rows, count], "f64");
      const odds = Float64Array.from(
        { length: rows },
        (_, row) => Math.log(p[2 * row + 1]) - Math.log(p[2 * row]),
      );
      return tensorOf(odds, [rows], "f64");
    },
  };
}

/** The place of the greatest number of a row, the first of equal ones. */
export function greatest(values: Float64Array, row: number, columns: number): number {
  let best = 0;
  for (let k = 1; k < columns; k++)
    if (values[row * columns + k] > values[row * columns + best]) best = k;
  return best;
}
