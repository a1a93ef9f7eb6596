import { ValueError } from "../../base/errors.js";
import { weightsOf } from "../input/labels.js";
import { matrixOf, namesOf } from "../input/matrix.js";
import { columnName, holdsSparse } from "../input/names.js";
import type { State } from "../saving/state.js";
import type { FitOptions, FittedTransformer, Labels, Matrix, Transformer } from "../types.js";
import {
  denseOnly,
  type KeepsFormat,
  likeOf,
  mapKeeping,
  matrixToFit,
  sameNames,
} from "./matrices.js";
import { momentsOf } from "./moments.js";

export interface StandardScalerOptions {
  /** Take the mean away? Default true. */
  readonly mean?: boolean;
  /** Divide by the standard deviation? Default true. */
  readonly scale?: boolean;
}

export interface FittedStandardScaler extends FittedTransformer {
  /** [features] */
  readonly mean: Float64Array;
  /** [features] the standard deviation (dividing by n), 1 for a column that is constant. */
  readonly scale: Float64Array;
  readonly transform: KeepsFormat;
  readonly inverseTransform: KeepsFormat;
}

interface StandardScalerState extends State {
  readonly kind: "standardScaler";
  readonly names: readonly string[] | null;
  readonly centred: boolean;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

const noCentre = "use mean: false, or maxAbsScaler";

/**
 * Columns of mean 0 and standard deviation 1: (x − mean) / scale. A missing value (NaN) is passed over
 * and stays missing; a constant column becomes 0. Sparse rows are taken with `mean: false`.
 *
 * @source scikit-learn `StandardScaler`
 */
export const standardScaler = (
  options: StandardScalerOptions = {},
): Transformer<FittedStandardScaler> => ({
  kind: "standardScaler",
  options: { ...options },
  async fit(x: Matrix, _y?: Labels, { sampleWeight }: FitOptions = {}) {
    const op = "standardScaler.fit";
    const { mean: centred = true, scale = true } = options;
    if (centred) denseOnlyIf(x, op);
    const matrix = matrixToFit(x, op, { missing: true });
    const { rows, columns } = matrix;
    const weights = weightsOf(sampleWeight, rows, op);
    if (weights?.every((weight) => weight === 0))
      throw new ValueError(`${op}: all of sampleWeight is 0; there is nothing to learn from`);
    const { totals, means, variances } = momentsOf(matrix, weights);
    const names = namesOf(x);
    const tooLarge = variances.findIndex((v, k) => totals[k] > 0 && !Number.isFinite(v));
    if (tooLarge >= 0)
      throw new ValueError(
        `${op}: the squares of column "${columnName(names, tooLarge)}" are beyond the largest number; divide it ` +
          "by a power of ten first, or use minMaxScaler",
      );
    const deviations = variances.map((variance, k) => {
      // Of a constant column rounding may leave a little, which must not be blown up.
      const rounding = totals[k] * Number.EPSILON;
      const constant = variance <= rounding * variance + (rounding * means[k]) ** 2;
      return scale && !constant ? Math.sqrt(variance) : 1;
    });
    return restoreStandardScaler({
      kind: "standardScaler",
      names,
      centred,
      mean: centred ? means : new Float64Array(columns),
      scale: deviations,
    });
  },
});

function denseOnlyIf(x: Matrix, op: string): void {
  if (holdsSparse(x)) denseOnly(x, op, noCentre);
}

export function restoreStandardScaler(state: StandardScalerState): FittedStandardScaler {
  const { mean, scale, names, centred } = state;
  const like = likeOf(mean.length, names);
  const mapped = (op: string, f: (value: number, k: number) => number) =>
    ((x: Matrix) => {
      if (centred) denseOnlyIf(x, op);
      return mapKeeping(matrixOf(x, op, { missing: true, like }), f);
    }) as KeepsFormat;
  return {
    state,
    ...like,
    mean,
    scale,
    outputNames: sameNames(like),
    transform: mapped("standardScaler.transform", (value, k) => (value - mean[k]) / scale[k]),
    inverseTransform: mapped(
      "standardScaler.inverseTransform",
      (value, k) => value * scale[k] + mean[k],
    ),
  };
}
