import { ValueError } from "../../base/errors.js";
import { normalQuantile } from "../../base/normal-quantile.js";
import { erfc } from "../../base/special.js";
import type { Label } from "../types.js";

/** A coefficient and what can be said of it. */
export interface CoefficientRow {
  /** The class it speaks for. */
  readonly class: Label;
  /** "(intercept)" for the intercept. */
  readonly feature: string;
  readonly coefficient: number;
  readonly oddsRatio: number;
  readonly standardError: number | null;
  /** coefficient / standardError */
  readonly z: number | null;
  /** How often chance alone gives a z that large, if the coefficient is 0. */
  readonly pValue: number | null;
  /** The Wald interval of the coefficient: ± quantile · standardError. */
  readonly lower: number | null;
  readonly upper: number | null;
}

interface Fit {
  readonly classes: readonly Label[];
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly fitIntercept: boolean;
  readonly covariance: Float64Array | null;
}

/** Features and the intercept of each model, in this order. @source statsmodels `summary` */
export function waldTable(
  { classes, coefficients, intercepts, covariance, fitIntercept }: Fit,
  names: readonly string[],
  confidence = 0.95,
): CoefficientRow[] {
  if (!(confidence > 0 && confidence < 1))
    throw new ValueError(
      `coefficientTable: confidence must be between 0 and 1, got ${String(confidence)}`,
    );
  const quantile = normalQuantile((1 + confidence) / 2);
  const parameters = names.length + (fitIntercept ? 1 : 0);
  return Array.from(intercepts).flatMap((intercept, k) =>
    [...names, "(intercept)"].map((feature, j): CoefficientRow => {
      const isIntercept = j === names.length;
      const coefficient = isIntercept ? intercept : coefficients[k * names.length + j];
      const known = covariance !== null && j < parameters;
      const variance = known ? covariance[k * parameters ** 2 + j * (parameters + 1)] : null;
      const standardError = variance === null ? null : Math.sqrt(variance);
      const z = standardError === null ? null : coefficient / standardError;
      const reach = standardError === null ? null : quantile * standardError;
      return {
        class: intercepts.length === 1 ? classes[1] : classes[k],
        feature,
        coefficient,
        oddsRatio: Math.exp(coefficient),
        standardError,
        z,
        pValue: z === null ? null : erfc(Math.abs(z) / Math.SQRT2),
        lower: reach === null ? null : coefficient - reach,
        upper: reach === null ? null : coefficient + reach,
      };
    }),
  );
}
