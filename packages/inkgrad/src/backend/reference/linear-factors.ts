import type { TriangularAttrs } from "../../ops/linear-algebra.js";
import { attrsOf, type Kernel, output } from "./kernel.js";
import { batchOf, type Fail, forEachMatrix, requireFinite, symmetrize } from "./linear-matrices.js";

/**
 * Gaussian elimination with partial pivoting, row by row, in place.
 * @source Golub & Van Loan, "Matrix Computations", algorithm 3.4.1
 */
export const lu = forEachMatrix(({ elements: a, rows: n }, out) => {
  const order = Float64Array.from({ length: n }, (_, i) => i);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      swap(order, k, pivot);
      for (let j = 0; j < n; j++) swap(a, k * n + j, pivot * n + j);
    }
    // A column of zeros needs no elimination.
    if (a[k * n + k] === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = (a[i * n + k] /= a[k * n + k]);
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  out.set(a);
  out.set(order, n * n);
});

function swap(x: Float64Array, i: number, j: number): void {
  [x[i], x[j]] = [x[j], x[i]];
}

/** Row by row: each element of L from those before it. */
export const cholesky = forEachMatrix((matrix, out, fail) => {
  requireFinite(matrix, fail);
  symmetrize(matrix);
  const { elements: a, rows: n } = matrix;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let rest = a[i * n + j];
      for (let k = 0; k < j; k++) rest -= out[i * n + k] * out[j * n + k];
      if (i > j) out[i * n + j] = rest / out[j * n + j];
      else if (rest > 0) out[i * n + i] = Math.sqrt(rest);
      else
        fail(
          `the matrix is not positive definite: pivot ${i} is ${rest}, not > 0; ` +
            "add a small multiple of the identity, or use lu or eigh",
        );
    }
});

/** Forward or back substitution, one row of x after the other. */
export const triangularSolve: Kernel = (node, [a, y]) => {
  const attrs = attrsOf<TriangularAttrs>(node);
  const [n, k] = node.shape.slice(-2);
  const { count, failAt } = batchOf(node);
  const x = output(node);
  x.set(y);
  for (let i = 0; i < count; i++) {
    const [matrix, right] = [i * n * n, i * n * k];
    substitute(
      a.subarray(matrix, matrix + n * n),
      x.subarray(right, right + n * k),
      n,
      k,
      attrs,
      failAt(i),
    );
  }
  return x;
};

function substitute(
  a: Float64Array,
  x: Float64Array,
  n: number,
  k: number,
  { lower, transpose, unit }: TriangularAttrs,
  fail: Fail,
): void {
  const [rowStep, columnStep] = transpose ? [1, n] : [n, 1];
  // The transpose of an upper triangle is a lower one.
  const forward = lower !== transpose;
  for (let step = 0; step < n; step++) {
    const i = forward ? step : n - 1 - step;
    for (let done = 0; done < step; done++) {
      const j = forward ? done : n - 1 - done;
      const factor = a[i * rowStep + j * columnStep];
      for (let c = 0; c < k; c++) x[i * k + c] -= factor * x[j * k + c];
    }
    if (unit) continue;
    const pivot = a[i * n + i];
    if (pivot === 0)
      fail(
        `the matrix is singular: pivot ${i} is 0, so that the system has no solution or many; ` +
          "use lstsq or pinv, or add a small multiple of the identity",
      );
    for (let c = 0; c < k; c++) x[i * k + c] /= pivot;
  }
}
