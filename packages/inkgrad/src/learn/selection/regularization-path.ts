import { ValueError } from "../../base/errors.js";
import { storedElements } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Estimator, Features, Fitted, FitOptions, Labels, Targets } from "../types.js";
import { requireLearner } from "./cross-validate.js";

/** A fitted linear model, of one kind of them or another. */
export interface LinearlyFitted extends Fitted {
  /** [features] or [outputs, features] */
  readonly coefficients: Tensor<number[], "f64">;
}

/** An estimator that can begin where another fit has ended. */
export type WarmStarting<F extends LinearlyFitted> = Estimator & {
  fit(x: Features, y: never, options?: FitOptions & { readonly start?: never }): Promise<F>;
};

export interface PathOptions extends FitOptions {
  /** Inverse strengths, > 0 (default: 20 from 10⁻⁴ to 10⁴, evenly in their logarithms). */
  readonly C?: readonly number[];
}

export interface RegularizationPath<F extends LinearlyFitted> {
  /** Ascending: from strong regularisation to weak. */
  readonly C: Float64Array;
  /** λ = 1/C, descending. */
  readonly lambda: Float64Array;
  /** The coefficients at each strength, output after output. */
  readonly coefficients: readonly Float64Array[];
  /** Their Euclidean norm at each strength. */
  readonly norms: Float64Array;
  /** How many are not 0. */
  readonly nonzero: Int32Array;
  readonly fitted: readonly F[];
}

/**
 * Coefficients by strength of regularisation. Each fit begins with the coefficients of the stronger one before,
 * which lie near, so that the whole path takes little longer than its last fit.
 *
 * @param make  an estimator from an inverse strength: `({ C }) => logisticRegression({ C, penalty: "l1" })`
 * @throws ValueError  for strengths that are not > 0
 * @source Friedman, Hastie and Tibshirani, J. Stat. Software 33 (2010), R's `glmnet`
 */
export async function regularizationPath<F extends LinearlyFitted>(
  make: (params: { readonly C: number }) => WarmStarting<F>,
  x: Features,
  y: Labels | Targets,
  { C, ...options }: PathOptions = {},
): Promise<RegularizationPath<F>> {
  const op = "regularizationPath";
  const strengths = Float64Array.from(
    C ?? Array.from({ length: 20 }, (_, i) => 10 ** (-4 + (8 * i) / 19)),
  ).sort();
  const wrong = strengths.find((strength) => !(strength > 0 && strength < Infinity));
  if (wrong !== undefined || strengths.length === 0)
    throw new ValueError(
      `${op}: C must be numbers > 0, got ${wrong === undefined ? "none" : String(wrong)}`,
    );
  const fitted: F[] = [];
  for (const strength of strengths) {
    const estimator = make({ C: strength });
    requireLearner(estimator, op);
    const start = fitted.length === 0 ? {} : { start: fitted[fitted.length - 1] as never };
    fitted.push(await estimator.fit(x, y as never, { ...options, ...start }));
  }
  const coefficients = fitted.map((model) =>
    Float64Array.from(storedElements(model.coefficients) as Float64Array),
  );
  return {
    C: strengths,
    lambda: strengths.map((strength) => 1 / strength),
    coefficients,
    norms: Float64Array.from(coefficients, (w) =>
      Math.sqrt(w.reduce((sum, value) => sum + value * value, 0)),
    ),
    nonzero: Int32Array.from(coefficients, (w) => w.filter((value) => value !== 0).length),
    fitted,
  };
}
