import { ValueError } from "../../base/errors.js";
import { type Dense, namesOf } from "../input/matrix.js";
import type { SparseRows } from "../input/sparse-rows.js";
import type { Matrix, Transformer } from "../types.js";
import {
  type FittedSelection,
  type KeptState,
  keptWhere,
  requireKept,
  restoreSelection,
} from "./kept-columns.js";
import { eachStored, matrixToFit } from "./matrices.js";
import { momentsOf } from "./moments.js";

export interface VarianceThresholdOptions {
  /** Columns whose variance is not above this are left out (default 0: constant ones). */
  readonly threshold?: number;
}

export interface FittedVarianceThreshold extends FittedSelection {
  /** [features] NaN where all is missing. */
  readonly variances: Float64Array;
}

interface VarianceThresholdState extends KeptState {
  readonly kind: "varianceThreshold";
  readonly variances: Float64Array;
}

/**
 * Leaves out columns that hardly vary. Missing values (NaN) are passed over; sparse rows stay sparse.
 *
 * @throws ValueError  when fitting, if no column is left
 * @source scikit-learn `VarianceThreshold`
 */
export const varianceThreshold = (
  options: VarianceThresholdOptions = {},
): Transformer<FittedVarianceThreshold> => ({
  kind: "varianceThreshold",
  options: { ...options },
  async fit(x: Matrix) {
    const op = "varianceThreshold.fit";
    const { threshold = 0 } = options;
    if (!(threshold >= 0)) throw new ValueError(`${op}: threshold must be ≥ 0, got ${threshold}`);
    const matrix = matrixToFit(x, op, { missing: true });
    const { variances } = momentsOf(matrix, null);
    // Rounding may leave a variance to a constant column, but not a range.
    const ranges = threshold === 0 ? rangesOf(matrix) : null;
    const judged = ranges === null ? variances : variances.map((v, k) => Math.min(v, ranges[k]));
    const kept = keptWhere(judged, (k) => judged[k] > threshold);
    requireKept(kept, op, `the greatest variance is ${greatest(judged)}; lower threshold`);
    const state = { names: namesOf(x), features: matrix.columns, kept, variances: judged };
    return restoreVarianceThreshold({ kind: "varianceThreshold", ...state });
  },
});

export const restoreVarianceThreshold = (
  state: VarianceThresholdState,
): FittedVarianceThreshold => ({
  ...restoreSelection(state, { missing: true }),
  variances: state.variances,
});

const greatest = (values: Float64Array): number =>
  values.reduce((most, value) => (value > most ? value : most), 0);

function rangesOf(matrix: Dense | SparseRows): Float64Array {
  const [least, most] = [new Float64Array(matrix.columns), new Float64Array(matrix.columns)];
  least.fill(Infinity);
  most.fill(-Infinity);
  const stored = new Float64Array(matrix.columns);
  eachStored(matrix, (value, _row, k) => {
    stored[k]++;
    if (value < least[k]) least[k] = value;
    if (value > most[k]) most[k] = value;
  });
  return most.map((value, k) => {
    const zeros = stored[k] < matrix.rows;
    return (zeros ? Math.max(value, 0) : value) - (zeros ? Math.min(least[k], 0) : least[k]);
  });
}
