import type { Dense } from "../input/matrix.js";
import type { SparseRows } from "../input/sparse-rows.js";
import { eachStored } from "./matrices.js";

/** Of each column: what its values weigh together, their mean, their variance. */
export interface Moments {
  readonly totals: Float64Array;
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/**
 * What the values that are there weigh together, their mean and their variance, of each column. In two
 * passes, which loses no digits where the mean is large.
 */
export function momentsOf(matrix: Dense | SparseRows, weights: Float64Array | null): Moments {
  const { rows, columns } = matrix;
  const weightOf = (row: number): number => (weights === null ? 1 : weights[row]);
  let whole = 0;
  for (let row = 0; row < rows; row++) whole += weightOf(row);
  // What is stored of each column counts as it is, the zeros that are not together.
  const stored = new Float64Array(columns);
  const missing = new Float64Array(columns);
  const means = new Float64Array(columns);
  eachStored(matrix, (value, row, k) => {
    const weight = weightOf(row);
    if (Number.isNaN(value)) missing[k] += weight;
    else {
      stored[k] += weight;
      means[k] += weight * value;
    }
  });
  const totals = missing.map((weight, k) =>
    matrix.format === "dense" ? stored[k] : whole - weight,
  );
  for (let k = 0; k < columns; k++) means[k] /= totals[k];
  const [squares, rest] = [new Float64Array(columns), new Float64Array(columns)];
  eachStored(matrix, (value, row, k) => {
    const weight = weightOf(row);
    if (Number.isNaN(value)) return;
    squares[k] += weight * (value - means[k]) ** 2;
    rest[k] += weight * (value - means[k]);
  });
  const variances = squares.map((square, k) => {
    const zeros = totals[k] - stored[k];
    const sum = square + zeros * means[k] ** 2;
    const left = rest[k] - zeros * means[k];
    return Math.max(0, (sum - (left * left) / totals[k]) / totals[k]);
  });
  return { totals, means, variances };
}

/**
 * The moments of two parts together.
 *
 * @source Chan, Golub & LeVeque, Updating formulae and a pairwise algorithm for computing sample variances, 1979
 */
export function mergedMoments(a: Moments | null, b: Moments): Moments {
  if (a === null) return b;
  const [totals, means, variances] = [a.totals.slice(), a.means.slice(), a.variances.slice()];
  for (let k = 0; k < totals.length; k++) {
    // The mean of nothing is NaN and must not spread.
    if (b.totals[k] === 0) continue;
    const total = a.totals[k] + b.totals[k];
    const share = b.totals[k] / total;
    const step = a.totals[k] === 0 ? 0 : b.means[k] - a.means[k];
    means[k] = a.totals[k] === 0 ? b.means[k] : a.means[k] + share * step;
    variances[k] =
      share * b.variances[k] +
      (1 - share) * (a.totals[k] === 0 ? 0 : a.variances[k] + share * step * step);
    totals[k] = total;
  }
  return { totals, means, variances };
}

/** Standard deviations, 1 for a column that is constant. */
export const deviationsOf = ({ totals, means, variances }: Moments): Float64Array =>
  variances.map((variance, k) => {
    // Of a constant column rounding may leave a little, which must not be blown up.
    const rounding = totals[k] * Number.EPSILON;
    const constant = variance <= rounding * variance + (rounding * means[k]) ** 2;
    return constant ? 1 : Math.sqrt(variance);
  });
