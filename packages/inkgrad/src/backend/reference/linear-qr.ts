import { forEachMatrix, scaleOf } from "./linear-matrices.js";

export const qr = forEachMatrix(({ elements, rows, columns }, out) => {
  const { q, r } = householder(elements, rows, columns);
  out.set(q);
  out.set(r, rows * columns);
});

/**
 * Reflections make one column after the other upper triangular; undone on the first columns of the
 * identity they give q. Then signs are set so that r's diagonal is ≥ 0. Overwrites `a` [m, n].
 *
 * @source Golub & Van Loan, "Matrix Computations", algorithm 5.2.1 and 5.1.6
 */
export function householder(
  a: Float64Array,
  m: number,
  n: number,
): { q: Float64Array; r: Float64Array } {
  const scale = scaleOf(a);
  for (let i = 0; i < a.length; i++) a[i] /= scale;
  const reflectors = Array.from({ length: n }, (_, k) => {
    const v = reflector(a, m, n, k);
    reflect(v, a, m, n, k);
    return v;
  });
  const q = new Float64Array(m * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (let k = n - 1; k >= 0; k--) reflect(reflectors[k], q, m, n, k);

  const r = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const sign = a[i * n + i] < 0 ? -1 : 1;
    for (let j = i; j < n; j++) r[i * n + j] = sign * a[i * n + j] * scale;
    if (sign < 0) for (let row = 0; row < m; row++) q[row * n + i] = -q[row * n + i];
  }
  return { q, r };
}

/** The vector v of the reflection I − v·vᵀ that leaves of column k only what is above row k + 1. */
function reflector(a: Float64Array, m: number, n: number, k: number): Float64Array {
  const v = new Float64Array(m);
  let square = 0;
  for (let i = k; i < m; i++) {
    v[i] = a[i * n + k];
    square += v[i] * v[i];
  }
  const length = Math.sqrt(square);
  if (length === 0) return v;
  // Adding the length with the sign of the first element cancels no digits.
  const first = v[k];
  v[k] = first + (first < 0 ? -length : length);
  const factor = 1 / Math.sqrt(length * Math.abs(v[k]));
  for (let i = k; i < m; i++) v[i] *= factor;
  return v;
}

/** (I − v·vᵀ) times the matrix, in place; v is zero before `start`. */
function reflect(v: Float64Array, a: Float64Array, m: number, n: number, start: number): void {
  for (let j = 0; j < n; j++) {
    let dot = 0;
    for (let i = start; i < m; i++) dot += v[i] * a[i * n + j];
    for (let i = start; i < m; i++) a[i * n + j] -= dot * v[i];
  }
}
