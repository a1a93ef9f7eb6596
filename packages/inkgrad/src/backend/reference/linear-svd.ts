import { forEachMatrix, requireFinite, scaleOf, signOf } from "./linear-matrices.js";
import { householder } from "./linear-qr.js";

/** Ten sweeps are common; more than this would mean that the method does not end. */
const maxSweeps = 60;

/** A column this much shorter than another is what rounding left of it: its direction says nothing. */
const nothing = 1e-30;

/**
 * Hestenes's one-sided Jacobi method: rotates pairs of columns until all are orthogonal; then their
 * lengths are the singular values. A wide matrix is transposed first, a tall one made square by QR.
 *
 * @source Golub & Van Loan, "Matrix Computations", 8.6.3; Demmel & Veselić, "Jacobi's method is more
 *         accurate than QR", 1992
 */
export const svd = forEachMatrix((matrix, out, fail) => {
  requireFinite(matrix, fail);
  const { elements, rows, columns } = matrix;
  const [m, n] = [Math.max(rows, columns), Math.min(rows, columns)];
  const tall = rows < columns ? transpose(elements, rows, columns) : elements;
  const scale = scaleOf(tall);
  for (let i = 0; i < tall.length; i++) tall[i] /= scale;
  const { q, r } = m > n ? householder(tall, m, n) : { q: null, r: tall };
  // Columns become rows of `w`, and what was done to them rows of `v`.
  const w = transpose(r, n, n);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;

  for (let sweep = 0; sweepOnce(w, v, n); sweep++)
    if (sweep === maxSweeps) fail(`no convergence after ${maxSweeps} sweeps of Jacobi rotations`);

  const lengths = Array.from({ length: n }, (_, k) => lengthOf(w, k * n, n));
  const order = lengths.map((_, k) => k).sort((i, j) => lengths[j] - lengths[i]);
  const left = orthonormal(w, lengths, order, n);
  const tallVectors = (k: number): Float64Array => {
    const short = left.subarray(k * n, (k + 1) * n);
    return q === null ? short : times(q, short, m, n);
  };
  order.forEach((from, k) => {
    const [long, short] = [tallVectors(k), v.subarray(from * n, (from + 1) * n)];
    const [u, vt] = rows < columns ? [short, long] : [long, short];
    const sign = signOf((i) => u[i], rows);
    for (let i = 0; i < rows; i++) out[i * n + k] = sign * u[i];
    out[rows * n + k] = lengths[from] * scale;
    for (let j = 0; j < columns; j++) out[rows * n + n + k * columns + j] = sign * vt[j];
  });
});

function transpose(x: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = x[i * columns + j];
  return out;
}

/** q [m, n] times a vector. */
function times(q: Float64Array, x: Float64Array, m: number, n: number): Float64Array {
  const out = new Float64Array(m);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[i] += q[i * n + j] * x[j];
  return out;
}

/** Makes every pair of rows of `w` orthogonal that is not so to within rounding; was there any? */
function sweepOnce(w: Float64Array, v: Float64Array, n: number): boolean {
  const tolerance = Math.sqrt(n) * Number.EPSILON;
  let rotated = false;
  for (let p = 0; p < n; p++)
    for (let q = p + 1; q < n; q++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += w[p * n + i] * w[q * n + i];
      const [first, second] = [lengthOf(w, p * n, n), lengthOf(w, q * n, n)];
      if (Math.abs(dot) <= tolerance * first * second) continue;
      if (Math.min(first, second) <= nothing * Math.max(first, second)) continue;
      rotated = true;
      const zeta = ((second - first) * (second + first)) / (2 * dot);
      const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(zeta, 1));
      const c = 1 / Math.hypot(t, 1);
      turn(w, p * n, q * n, n, c, t * c);
      turn(v, p * n, q * n, n, c, t * c);
    }
  return rotated;
}

function turn(x: Float64Array, p: number, q: number, n: number, c: number, s: number): void {
  for (let i = 0; i < n; i++) {
    const [first, second] = [x[p + i], x[q + i]];
    x[p + i] = c * first - s * second;
    x[q + i] = s * first + c * second;
  }
}

/** The length of n elements from `at` on; those so small that squares vanish are scaled first. */
function lengthOf(x: Float64Array, at: number, n: number): number {
  let square = 0;
  for (let i = at; i < at + n; i++) square += x[i] * x[i];
  if (square > 1e-280) return Math.sqrt(square);
  const part = x.subarray(at, at + n);
  const scale = scaleOf(part);
  return scale * Math.sqrt(part.reduce((sum, y) => sum + (y / scale) ** 2, 0));
}

/** The rows of `w` in `order` at length 1; for those that are nothing any that are orthogonal. */
function orthonormal(
  w: Float64Array,
  lengths: readonly number[],
  order: readonly number[],
  n: number,
): Float64Array {
  const out = new Float64Array(n * n);
  order.forEach((from, k) => {
    if (lengths[from] > nothing * lengths[order[0]])
      for (let i = 0; i < n; i++) out[k * n + i] = w[from * n + i] / lengths[from];
    else out.set(completion(out, k, n), k * n);
  });
  return out;
}

/** A unit vector orthogonal to the first k rows: what is left of the axis that they cover least. */
function completion(rows: Float64Array, k: number, n: number): Float64Array {
  const covered = Array.from({ length: n }, (_, axis) => {
    let square = 0;
    for (let row = 0; row < k; row++) square += rows[row * n + axis] ** 2;
    return square;
  });
  const rest = new Float64Array(n);
  rest[covered.indexOf(Math.min(...covered))] = 1;
  // Twice: the second time takes away what rounding left of the first. @source Kahan's "twice is enough"
  for (let pass = 0; pass < 2; pass++)
    for (let row = 0; row < k; row++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += rest[i] * rows[row * n + i];
      for (let i = 0; i < n; i++) rest[i] -= dot * rows[row * n + i];
    }
  const length = lengthOf(rest, 0, n);
  return rest.map((x) => x / length);
}
