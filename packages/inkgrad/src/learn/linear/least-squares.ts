import { ValueError } from "../../base/errors.js";
import { qr, triangularSolve } from "../../tensor/functions/linear-algebra.js";
import { lstsq } from "../../tensor/functions/solve.js";
import { elementsOf } from "../../tensor/operand.js";
import { type Dense, filledIn } from "../input/matrix.js";
import type { SparseRows } from "../input/sparse-rows.js";
import { designOf } from "./design/known.js";
import { matrixTensor } from "./linear-model.js";
import { cholesky, choleskySolve } from "./linear-algebra.js";

/** min Σ sᵢ (yᵢ − xᵢw − b)² + α‖w‖² without iterations. The intercept b is not penalised. */
export interface LeastSquares {
  readonly x: Dense | SparseRows;
  readonly y: Float64Array;
  readonly weights: Float64Array | null;
  readonly alpha: number;
  readonly intercept: boolean;
}

/** [features], and the intercept; null where there is no such solution. */
export type Line = { readonly w: Float64Array; readonly b: number } | null;

/**
 * By an orthogonal factorisation, which loses fewest digits; of several solutions the shortest.
 *
 * @source Golub & Van Loan, Matrix Computations, 4th ed., 5.3 and 5.5
 */
export function byQr(problem: LeastSquares): Line {
  const { alpha, y, weights, intercept } = problem;
  const x = problem.x.format === "dense" ? problem.x : filledIn(problem.x);
  const { rows, columns } = x;
  const { means, center } = centreOf(problem);
  // A penalty is so many rows more: √α on the diagonal, with target 0.
  const extra = alpha > 0 ? columns : 0;
  const a = new Float64Array((rows + extra) * columns);
  const right = new Float64Array(rows + extra);
  for (let i = 0; i < rows; i++) {
    const root = weights === null ? 1 : Math.sqrt(weights[i]);
    for (let j = 0; j < columns; j++)
      a[i * columns + j] = root * (x.values[i * columns + j] - means[j]);
    right[i] = root * (y[i] - center);
  }
  for (let j = 0; j < extra; j++) a[(rows + j) * columns + j] = Math.sqrt(alpha);
  const [q, r] = qr(matrixTensor(a, rows + extra, columns));
  const turned = q.transpose().matmul(matrixTensor(right, rows + extra, 1));
  const regular = isRegular(elementsOf(r.node) as Float64Array, r.shape[0], columns);
  const found = regular ? triangularSolve(r, turned, { lower: false }) : lstsq(r, turned);
  const w = Float64Array.from(elementsOf(found.node) as Float64Array);
  return { w, b: intercept ? center - dotted(means, w) : 0 };
}

/** By the normal equations: quick, for far more rows than columns, but with half the digits. */
export function byCholesky(problem: LeastSquares): Line {
  const { y, weights, alpha, intercept, x } = problem;
  const { rows, columns } = x;
  const { means, center } = centreOf(problem);
  // Taken off beforehand where that fills nothing in; else from the products, at a loss of digits.
  const early = x.format === "dense";
  const design = designOf(early ? shifted(x, means) : x);
  const counts = weights ?? new Float64Array(rows).fill(1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const gram = design.gram(counts);
  const size = columns + 1;
  const normal = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < columns; j++)
      normal[i * columns + j] =
        gram[i * size + j] - (early ? 0 : total * means[i] * means[j]) + (i === j ? alpha : 0);
  const right = new Float64Array(columns);
  const one = new Float64Array(1).fill(1);
  let rest = 0;
  for (let row = 0; row < rows; row++) {
    const factor = counts[row] * (y[row] - center);
    design.addRow(row, one, 0, factor, right);
    rest += factor;
  }
  if (!early) for (let j = 0; j < columns; j++) right[j] -= rest * means[j];
  const factor = cholesky(normal, columns);
  if (factor === null) return null;
  const w = choleskySolve(factor, columns, right);
  return { w, b: intercept ? center - dotted(means, w) : 0 };
}

/** The weighted means of columns and targets; zeros without an intercept. */
function centreOf({ x, y, weights, intercept }: LeastSquares): {
  means: Float64Array;
  center: number;
} {
  const means = new Float64Array(x.columns);
  if (!intercept) return { means, center: 0 };
  const design = designOf(x);
  const one = new Float64Array(1).fill(1);
  let [total, center] = [0, 0];
  for (let row = 0; row < x.rows; row++) {
    const weight = weights === null ? 1 : weights[row];
    total += weight;
    center += weight * y[row];
    design.addRow(row, one, 0, weight, means);
  }
  if (!(total > 0)) throw new ValueError("all rows have weight 0");
  return { means: means.map((sum) => sum / total), center: center / total };
}

function shifted({ rows, columns, values }: Dense, means: Float64Array): Dense {
  const out = new Float64Array(values.length);
  for (let row = 0, i = 0; row < rows; row++)
    for (let j = 0; j < columns; j++, i++) out[i] = values[i] - means[j];
  return { format: "dense", rows, columns, values: out };
}

/** Is the triangle square, and nothing on its diagonal but rounding? */
function isRegular(r: Float64Array, rows: number, columns: number): boolean {
  if (rows !== columns) return false;
  let [least, most] = [Infinity, 0];
  for (let i = 0; i < columns; i++) {
    const size = Math.abs(r[i * columns + i]);
    least = Math.min(least, size);
    most = Math.max(most, size);
  }
  return least > 1e-12 * most;
}

function dotted(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
