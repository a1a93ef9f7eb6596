import type { Dense } from "../input/matrix.js";
import type { SparseRows } from "../input/sparse-rows.js";
import { eachStored } from "./matrices.js";

/**
 * What the values that are there weigh together, their mean and their variance, of each column. In two
 * passes, which loses no digits where the mean is large.
 */
export function momentsOf(
  matrix: Dense | SparseRows,
  weights: Float64Array | null,
): { totals: Float64Array; means: Float64Array; variances: Float64Array } {
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
