import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { namesOf } from "../input/matrix.js";
import { elementsOf } from "../../tensor/operand.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import type { Estimator, FitOptions, Labels, Matrix, Transformer } from "../types.js";
import {
  type FittedSelection,
  type KeptState,
  keptWhere,
  requireKept,
  restoreSelection,
} from "./kept-columns.js";
import { matrixToFit } from "./matrices.js";
import { median, sorted } from "./sorted-columns.js";

/** What coefficients come as: [features], or [classes, features]. */
type Coefficients = Tensor | ArrayLike<number> | readonly ArrayLike<number>[];

/** An estimator whose fitted object has a coefficient for each column. */
export interface WithCoefficients extends Estimator {
  fit(
    x: Matrix,
    y: never,
    options?: FitOptions,
  ): Promise<{ readonly coefficients: Coefficients; readonly features: number }>;
}

export interface SelectFromModelOptions {
  /** For example a logistic regression with the penalty "l1". */
  readonly estimator: WithCoefficients;
  /**
   * Columns of less importance are left out: a number, "mean", "median", or a multiple as "1.5*mean".
   * Default: 10⁻⁵ for an estimator with an L1 penalty, else "mean".
   */
  readonly threshold?: number | string;
  /** At most so many columns stay. */
  readonly maxFeatures?: number;
}

export interface FittedSelectFromModel extends FittedSelection {
  /** [features] sums of the absolute coefficients over classes. */
  readonly importances: Float64Array;
  readonly threshold: number;
}

interface SelectFromModelState extends KeptState {
  readonly kind: "selectFromModel";
  readonly importances: Float64Array;
  readonly threshold: number;
}

/**
 * The columns to which a model gives weight: with an L1 penalty those whose coefficient is not 0.
 *
 * @throws ValueError  when fitting, if no column is left
 * @source scikit-learn `SelectFromModel`
 */
export const selectFromModel = (
  options: SelectFromModelOptions,
): Transformer<FittedSelectFromModel> => ({
  kind: "selectFromModel",
  options: { ...options },
  async fit(x: Matrix, y?: Labels, fitOptions?: FitOptions) {
    const op = "selectFromModel.fit";
    const { estimator, maxFeatures } = options;
    if (maxFeatures !== undefined && !(Number.isInteger(maxFeatures) && maxFeatures >= 1))
      throw new ValueError(`${op}: maxFeatures must be a whole number ≥ 1, got ${maxFeatures}`);
    if (y === undefined) throw new ValueError(`${op}: the model learns from y; give y`);
    const { columns } = matrixToFit(x, op);
    const fitted = await estimator.fit(x, y as never, fitOptions);
    const importances = importancesOf(fitted.coefficients, columns, estimator.kind, op);
    const threshold = thresholdOf(options, importances, op);
    const falling = Array.from(importances, (_, k) => k).sort(
      (a, b) => importances[b] - importances[a] || a - b,
    );
    const allowed = new Set(falling.slice(0, maxFeatures ?? columns));
    const kept = keptWhere(importances, (k) => importances[k] >= threshold && allowed.has(k));
    requireKept(kept, op, `none is as important as ${threshold}; lower threshold`);
    const state = { names: namesOf(x), features: columns, kept, importances, threshold };
    return restoreSelectFromModel({ kind: "selectFromModel", ...state });
  },
});

export const restoreSelectFromModel = (state: SelectFromModelState): FittedSelectFromModel => ({
  ...restoreSelection(state),
  importances: state.importances,
  threshold: state.threshold,
});

function importancesOf(
  coefficients: Coefficients | undefined,
  columns: number,
  kind: string,
  op: string,
): Float64Array {
  const flat = flatOf(coefficients);
  if (flat === undefined || flat.length === 0 || flat.length % columns !== 0)
    throw new ValueError(
      `${op}: ${kind} must give coefficients [${columns}] or [classes, ${columns}], got ` +
        (flat === undefined ? describe(coefficients) : `${flat.length} numbers`),
    );
  const sums = new Float64Array(columns);
  for (let i = 0; i < flat.length; i++) sums[i % columns] += Math.abs(flat[i]);
  return sums;
}

function flatOf(coefficients: Coefficients | undefined): ArrayLike<number> | undefined {
  if (isTensor(coefficients)) return elementsOf(coefficients.cast("f64").node);
  if (coefficients === undefined || typeof coefficients.length !== "number") return undefined;
  if (typeof coefficients[0] === "number") return coefficients as ArrayLike<number>;
  return Array.from(coefficients as readonly ArrayLike<number>[]).flatMap((row) => Array.from(row));
}

function thresholdOf(
  { estimator, threshold }: SelectFromModelOptions,
  importances: Float64Array,
  op: string,
): number {
  const { penalty, l1Ratio } = estimator.options;
  const sparse = penalty === "l1" || (penalty === "elasticNet" && l1Ratio === 1);
  const rule = threshold ?? (sparse ? 1e-5 : "mean");
  if (typeof rule === "number" && !Number.isNaN(rule)) return rule;
  const match = /^(?:\s*([\d.eE+-]+)\s*\*)?\s*(mean|median)\s*$/.exec(String(rule));
  const factor = Number(match?.[1] ?? 1);
  if (match === null || Number.isNaN(factor))
    throw new ValueError(
      `${op}: threshold must be a number, "mean", "median" or a multiple as "1.5*mean", got ${String(rule)}`,
    );
  const middle =
    match[2] === "median"
      ? median(sorted(importances.slice(), 0))
      : importances.reduce((sum, x) => sum + x, 0) / importances.length;
  return factor * middle;
}
