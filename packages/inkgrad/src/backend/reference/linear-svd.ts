import { forEachMatrix, requireFinite, scaleOf, signOf } from "./linear-matrices.js";
import { householder } from "./linear-qr.js";

/** Ten sweeps are common; more than this would mean that the method does not end. */
const maxSweeps = 60;

/** A column this much shorter than another is what rounding left of it: its direction says nothing. */
const nothing = 1e-30;

/**
 * Hestenes's one-sided Jacobi method: rotates pairs of columns until all are orthogonal; then their
 * lengths are the singular values. A wide matrix is transposed first, a large tall one made square
 * by QR, which costs less than sweeps over long columns.
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
  const reduced = n > 8 && m > 2 * n ? householder(tall, m, n) : null;
  const length = reduced === null ? m : n;
  // Columns become rows of `w`, and what was done to them rows of `v`.
  const w = transpose(reduced?.r ?? tall, length, n);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;

  for (let sweep = 0; sweepOnce(w, length, v, n); sweep++)
    if (sweep === maxSweeps) fail(`no convergence after ${maxSweeps} sweeps of Jacobi rotations`);

  const lengths = Array.from({ length: n }, (_, k) => lengthOf(w, k * length, length));
  const order = lengths.map((_, k) => k).sort((i, j) => lengths[j] - lengths[i]);
  const units = orthonormal(w, length, lengths, order);
  order.forEach((from, k) => {
    const unit = units.subarray(k * length, (k + 1) * length);
    const long = reduced === null ? unit : times(reduced.q, unit, m, n);
    const short = v.subarray(from * n, (from + 1) * n);
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
function sweepOnce(w: Float64Array, length: number, v: Float64Array, n: number): boolean {
  const tolerance = Math.sqrt(length) * Number.EPSILON;
  let rotated = false;
  for (let p = 0; p < n; p++)
    for (let q = p + 1; q < n; q++) {
      const { dot, first, second } = compare(w, p * length, q * length, length);
      if (Math.abs(dot) <= tolerance * first * second) continue;
      if (Math.min(first, second) <= nothing * Math.max(first, second)) continue;
      rotated = true;
      const zeta = ((second - first) * (second + first)) / (2 * dot);
      const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(zeta * zeta + 1));
      const c = 1 / Math.sqrt(t * t + 1);
      turn(w, p * length, q * length, length, c, t * c);
      turn(v, p * n, q * n, n, c, t * c);
    }
  return rotated;
}

/** The product of two rows and the length of each. */
function compare(
  w: Float64Array,
  p: number,
  q: number,
  length: number,
): { dot: number; first: number; second: number } {
  let [dot, pp, qq] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const [x, y] = [w[p + i], w[q + i]];
    dot += x * y;
    pp += x * x;
    qq += y * y;
  }
  return { dot, first: root(pp, w, p, length), second: root(qq, w, q, length) };
}

/** The length of a row, of which `square` is the square unless its digits have vanished. */
function root(square: number, w: Float64Array, at: number, length: number): number {
  if (square > 1e-280) return Math.sqrt(square);
  const row = w.subarray(at, at + length);
  const scale = scaleOf(row);
  return scale * Math.sqrt(row.reduce((sum, y) => sum + (y / scale) ** 2, 0));
}

const lengthOf = (w: Float64Array, at: number, length: number): number =>
  compare(w, at, at, length).first;

function turn(x: Float64Array, p: number, q: number, n: number, c: number, s: number): void {
  for (let i = 0; i < n; i++) {
    const [first, second] = [x[p + i], x[q + i]];
    x[p + i] = c * first - s * second;
    x[q + i] = s * first + c * second;
  }
}

/** The rows of `w` in `order` at length 1; for those that are nothing any that are orthogonal. */
function orthonormal(
  w: Float64Array,
  length: number,
  lengths: readonly number[],
  order: readonly number[],
): Float64Array {
  const out = new Float64Array(w.length);
  order.forEach((from, k) => {
    if (lengths[from] > nothing * lengths[order[0]])
      for (let i = 0; i < length; i++) out[k * length + i] = w[from * length + i] / lengths[from];
    else out.set(completion(out, k, length), k * length);
  });
  return out;
}

/** A unit vector orthogonal to the first k rows: what is left of the axis that they cover least. */
function completion(rows: Float64Array, k: number, n: number): Float64Array {
  let [axis, least] = [0, Infinity];
  for (let i = 0; i < n; i++) {
    let covered = 0;
    for (let row = 0; row < k; row++) covered += rows[row * n + i] ** 2;
    if (covered < least) [axis, least] = [i, covered];
  }
  const rest = new Float64Array(n);
  rest[axis] = 1;
  // Twice: the second time takes away what rounding left of the first.
  for (let pass = 0; pass < 2; pass++)
    for (let row = 0; row < k; row++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += rest[i] * rows[row * n + i];
      for (let i = 0; i < n; i++) rest[i] -= dot * rows[row * n + i];
    }
  const length = lengthOf(rest, 0, n);
  return rest.map((x) => x / length);
}
