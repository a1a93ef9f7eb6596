import { ValueError } from "../../base/errors.js";
import { targetsOf, weightsOf } from "../input/labels.js";
import { listOf } from "../input/rows.js";
import type { FitOptions, Labels, Targets } from "../types.js";
import { fitIsotonic, applyIsotonic, type IsotonicCurve } from "./isotonic.js";
import { lengthOf } from "./isotonic-regression.js";
import { applySigmoid, fitSigmoid, type Sigmoid } from "./sigmoid.js";

/** The curves on their own: from scores, wherever they come from, to probabilities. */

export interface Calibration {
  /** [rows] the probability of each score. */
  predict(scores: Targets): Float64Array;
}

/**
 * Platt's sigmoid through scores: P = 1 / (1 + exp(slope · score + intercept)).
 *
 * @param scores  [n]
 * @param y       [n] 1 or true where it is so, 0 or false where not
 * @throws ValueError  for scores that are not finite, or outcomes that are neither 0 nor 1
 * @source scikit-learn `_SigmoidCalibration`; Platt, 1999
 */
export function sigmoidCalibration(
  scores: Targets,
  y: Labels,
  options: FitOptions = {},
): Calibration & Sigmoid {
  const op = "sigmoidCalibration";
  const curve = fitSigmoid(...read(scores, y, options, op));
  return {
    ...curve,
    predict: (x) => applySigmoid(curve, targetsOf(x, lengthOf(x, op), op, "scores")),
  };
}

/**
 * The never falling curve through scores that is closest to the outcomes, straight between its corners and
 * level beyond them.
 *
 * @param scores  [n]
 * @param y       [n] 1 or true where it is so, 0 or false where not
 * @source scikit-learn `IsotonicRegression(out_of_bounds="clip")`
 */
export function isotonicCalibration(
  scores: Targets,
  y: Labels,
  options: FitOptions = {},
): Calibration & IsotonicCurve {
  const op = "isotonicCalibration";
  const curve = fitIsotonic(...read(scores, y, options, op));
  return {
    ...curve,
    predict: (x) => applyIsotonic(curve, targetsOf(x, lengthOf(x, op), op, "scores")),
  };
}

function read(
  scores: Targets,
  y: Labels,
  { sampleWeight }: FitOptions,
  op: string,
): [Float64Array, Float64Array, Float64Array | null] {
  const values = targetsOf(scores, lengthOf(scores, op), op, "scores");
  const n = values.length;
  if (n === 0) throw new ValueError(`${op}: there are no scores`);
  const outcomes = Float64Array.from(listOf(y, n, op), Number);
  const wrong = outcomes.findIndex((outcome) => outcome !== 0 && outcome !== 1);
  if (wrong >= 0) throw new ValueError(`${op}: y of row ${wrong} must be 0 or 1, false or true`);
  return [values, outcomes, weightsOf(sampleWeight, n, op)];
}
