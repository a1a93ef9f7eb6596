import { forEachMatrix, requireFinite, scaleOf, signOf, symmetrize } from "./linear-matrices.js";

/** Jacobi's method ends after about eight sweeps; more than this would mean that it does not. */
const maxSweeps = 60;

/**
 * Jacobi's method: each rotation clears one element off the diagonal, until all are negligible.
 * Slower than tridiagonalisation, and at least as accurate.
 *
 * @source Golub & Van Loan, "Matrix Computations", 8.5; Rutishauser, "The Jacobi method for real
 *         symmetric matrices", Numerische Mathematik 9, 1966
 */
export const eigh = forEachMatrix((matrix, out, fail) => {
  requireFinite(matrix, fail);
  symmetrize(matrix);
  const { elements: a, rows: n } = matrix;
  const scale = scaleOf(a);
  for (let i = 0; i < a.length; i++) a[i] /= scale;
  // Row k of v is the eigenvector that belongs to a[k, k].
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;

  for (let sweep = 0; sweepOnce(a, v, n); sweep++)
    if (sweep === maxSweeps) fail(`no convergence after ${maxSweeps} sweeps of Jacobi rotations`);

  const order = Array.from({ length: n }, (_, i) => i);
  order.sort((i, j) => a[i * n + i] - a[j * n + j]);
  order.forEach((from, k) => {
    out[k] = a[from * n + from] * scale;
    const sign = signOf((i) => v[from * n + i], n);
    for (let i = 0; i < n; i++) out[n + i * n + k] = sign * v[from * n + i];
  });
});

/** Rotates every pair that is not negligible; was there any? */
function sweepOnce(a: Float64Array, v: Float64Array, n: number): boolean {
  let rotated = false;
  for (let p = 0; p < n; p++)
    for (let q = p + 1; q < n; q++) {
      const off = a[p * n + q];
      if (off === 0) continue;
      const [first, second] = [a[p * n + p], a[q * n + q]];
      // Too small for the last digit of either eigenvalue, with ten bits to spare for the vectors.
      const small = Math.abs(off) * 2 ** 10;
      if (
        Math.abs(first) + small === Math.abs(first) &&
        Math.abs(second) + small === Math.abs(second)
      ) {
        a[p * n + q] = a[q * n + p] = 0;
        continue;
      }
      rotated = true;
      rotate(a, v, n, p, q);
    }
  return rotated;
}

/** The rotation of axes p and q after which a[p, q] is 0, applied to a from both sides. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const off = a[p * n + q];
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
  // tan of the smaller of the two angles: it changes the other elements least.
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  a[p * n + p] -= t * off;
  a[q * n + q] += t * off;
  a[p * n + q] = a[q * n + p] = 0;
  for (let k = 0; k < n; k++) {
    if (k !== p && k !== q) {
      const [x, y] = [a[k * n + p], a[k * n + q]];
      a[k * n + p] = a[p * n + k] = c * x - s * y;
      a[k * n + q] = a[q * n + k] = s * x + c * y;
    }
    const [x, y] = [v[p * n + k], v[q * n + k]];
    v[p * n + k] = c * x - s * y;
    v[q * n + k] = s * x + c * y;
  }
}
