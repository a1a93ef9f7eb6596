import { ValueError } from "../../base/errors.js";
import type { FittedClassifier, Features } from "../types.js";
import { applyIsotonic, fitIsotonic } from "./isotonic.js";
import { applySigmoid, fitSigmoid } from "./sigmoid.js";
import { applyTemperature, fitTemperature } from "./temperature.js";
import { storedElements } from "../../data/tensor-of.js";

/** From the scores of a classifier to probabilities: one curve a class, or one temperature for all. */

export const methods = ["sigmoid", "isotonic", "temperature"] as const;
export type CalibrationMethod = (typeof methods)[number];

/** A fitted curve, as it is saved. */
export type Curve =
  | { readonly slope: number; readonly intercept: number }
  | { readonly scores: Float64Array; readonly probabilities: Float64Array }
  | { readonly temperature: number };

/** What a classifier says of rows before probabilities: one column for two classes, else one a class. */
export interface Scores {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] row by row */
  readonly values: Float64Array;
}

export function scoresOf(fitted: FittedClassifier, x: Features, op: string): Scores {
  const scores = fitted.decisionFunction(x);
  const values = Float64Array.from(storedElements(scores) as Float64Array);
  const [rows, columns = 1] = scores.shape;
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new ValueError(
      `${op}: the classifier's score of row ${Math.floor(wrong / columns)} is ${values[wrong]}; ` +
        "only finite scores can be calibrated",
    );
  return { rows, columns, values };
}

const column = ({ rows, columns, values }: Scores, k: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => values[row * columns + k]);

/**
 * @param numbers  [rows] class numbers
 * @param classes  how many classes there are
 */
export function fitCurves(
  method: CalibrationMethod,
  scores: Scores,
  numbers: ArrayLike<number>,
  classes: number,
  weights: Float64Array | null,
): Curve[] {
  if (method === "temperature") {
    const logits = scores.columns === 1 ? bothSides(scores) : scores.values;
    return [{ temperature: fitTemperature(logits, classes, numbers, weights) }];
  }
  const fit = method === "sigmoid" ? fitSigmoid : fitIsotonic;
  return Array.from({ length: scores.columns }, (_, k) => {
    const which = scores.columns === 1 ? 1 : k;
    const outcomes = Uint8Array.from(numbers, (number) => Number(number === which));
    return { ...fit(column(scores, k), outcomes, weights) };
  });
}

/**
 * Probabilities [rows, classes]. Of more than two classes each has a curve against all others; their
 * values are divided by their sum, and are all the same where all are 0.
 */
export function applyCurves(curves: readonly Curve[], scores: Scores): Float64Array<ArrayBuffer> {
  const [first] = curves;
  const classes = scores.columns === 1 ? 2 : scores.columns;
  if ("temperature" in first) {
    const logits = scores.columns === 1 ? bothSides(scores) : scores.values;
    return applyTemperature(first.temperature, logits, classes);
  }
  const out = new Float64Array(scores.rows * classes);
  for (let k = 0; k < scores.columns; k++) {
    const curve = curves[k] as Exclude<Curve, { readonly temperature: number }>;
    const values = applyCurve(curve, column(scores, k));
    for (let row = 0; row < scores.rows; row++)
      if (scores.columns === 1) {
        out[row * 2] = 1 - values[row];
        out[row * 2 + 1] = values[row];
      } else out[row * classes + k] = values[row];
  }
  if (scores.columns > 1)
    for (let at = 0; at < out.length; at += classes) {
      const row = out.subarray(at, at + classes);
      const sum = row.reduce((total, value) => total + value, 0);
      if (sum === 0) row.fill(1 / classes);
      else row.forEach((value, k) => (row[k] = value / sum));
    }
  return out;
}

const applyCurve = (
  curve: Exclude<Curve, { readonly temperature: number }>,
  scores: Float64Array,
): Float64Array => ("slope" in curve ? applySigmoid(curve, scores) : applyIsotonic(curve, scores));

/** Two classes' logits from the one score that tells them apart. */
function bothSides({ rows, values }: Scores): Float64Array<ArrayBuffer> {
  const out = new Float64Array(rows * 2);
  for (let row = 0; row < rows; row++) out[row * 2 + 1] = values[row];
  return out;
}
