import { ShapeError } from "../base/errors.js";
import { show } from "../base/shape.js";
import { kernel } from "./lowering.js";
import {
  diagonalMatrix,
  leadOf,
  perColumn,
  perRow,
  requireSquare,
  symmetricPart,
  triangle,
  unpackEigh,
  unpackQr,
  unpackSvd,
} from "./matrices.js";
import type { Builder, Node, Op } from "./op.js";
import { transposed, zerosLike } from "./recipes.js";
import { floats, keeps, leading, requireRank } from "./rules.js";

/** Orthogonal factors of matrices in the last two axes. One node has one result: it is packed. */

/**
 * x = q·r with orthonormal columns of q and an upper triangular r, no element of whose diagonal is
 * negative: [..., m, n] with m ≥ n gives [..., m·n + n·n], first q [m, n], then r [n, n];
 * `unpackQr` takes them apart. The gradient needs linearly independent columns, else it throws
 * `LinearAlgebraError` when run.
 *
 * @source Golub & Van Loan, "Matrix Computations", 5.2; Walter & Lehmann, "Algorithmic differentiation
 *         of linear algebra functions", arXiv:1001.1654 (gradient)
 */
export const qr: Op<1> = {
  arity: 1,
  shape([x], _attrs, name) {
    requireRank(x, 2, name);
    const [m, n] = x.shape.slice(-2);
    if (m < n)
      throw new ShapeError(
        `${name}: expected matrices with no more columns than rows, got ${show(x.shape)}`,
      );
    return [...leadOf(x), m * n + n * n];
  },
  dtype: keeps(floats),
  vjp(b, { src: [x], out, cotangent }) {
    const [m, n] = x.shape.slice(-2);
    const [q, r] = unpackQr(b, out, m, n);
    const [dq, dr] = unpackQr(b, cotangent, m, n);
    // (Q̄ + Q·sym(M)) R⁻ᵀ where M = RR̄ᵀ − Q̄ᵀQ, whose lower triangle stands for both.
    const inner = b.sub(b.matmul(r, transposed(b, dr)), b.matmul(transposed(b, dq), q));
    const mirrored = b.add(
      triangle(b, inner, "lower"),
      transposed(b, triangle(b, inner, "strictlyLower")),
    );
    const left = b.add(dq, b.matmul(q, mirrored));
    const attrs = { lower: false, transpose: false, unit: false };
    return [transposed(b, b.triangularSolve(r, transposed(b, left), attrs))];
  },
  lower: kernel("qr"),
  batch: leading,
  check: {
    cases: [
      [1, 1],
      [3, 1],
      [3, 3],
      [5, 3],
      [2, 4, 2],
      [1, 2, 3, 2],
      [2, 0],
      [0, 0],
    ].map((shape) => ({ src: [{ shape, kind: "regular" as const }], attrs: {} })),
  },
};

/** What counts as 0 beside values [..., n]: the rounding error of the largest magnitude; [..., 1]. */
function negligible(b: Builder, values: Node, n: number): Node {
  const rounding = n * (values.dtype === "f64" ? 2 ** -52 : 2 ** -23);
  const largest = b.max(b.abs(values), { axes: [values.shape.length - 1] });
  return b.reshape(b.mul(largest, rounding), { shape: [...largest.shape, 1] });
}

/** 1 / x, and 0 where that is told. */
const inverseUnless = (b: Builder, zero: Node, x: Node): Node =>
  b.where(zero, 0, b.div(1, b.where(zero, 1, x)));

/**
 * 1 / (values[j] − values[i]) at [..., i, j], and 0 where the two are equal to within rounding; of
 * the squares with `squared`, for values ≥ 0.
 */
function inverseGaps(b: Builder, values: Node, least: Node, squared: boolean): Node {
  const shape = [...values.shape, values.shape.at(-1)!];
  const [vi, vj] = [perRow(b, values, shape), perColumn(b, values, shape)];
  const gap = b.sub(vj, vi);
  const near = b.lessEqual(b.abs(gap), perRow(b, b.expand(least, { shape: values.shape }), shape));
  return inverseUnless(b, near, squared ? b.mul(gap, b.add(vi, vj)) : gap);
}

/**
 * Eigenvalues w (ascending) and eigenvectors (columns of v) of a symmetric matrix, read as
 * (x + xᵀ) / 2: so the gradient is symmetric. [..., n, n] gives [..., n + n·n], first w [n], then
 * v [n, n]; `unpackEigh` takes them apart. In each column of v the component of largest magnitude,
 * the first such, is positive. Throws `LinearAlgebraError` when run with NaN or infinite elements.
 *
 * In the gradient the terms 1 / (wᵢ − wⱼ) of eigenvalues that are equal to within rounding count as
 * 0: right for whatever does not depend on which basis of their common space was found.
 *
 * @source Giles, "Collected matrix derivative results", 2008, 3.1
 */
export const eigh: Op<1> = {
  arity: 1,
  shape([x], _attrs, name) {
    const n = requireSquare(x, name);
    return [...leadOf(x), n + n * n];
  },
  dtype: keeps(floats),
  vjp(b, { src: [x], out, cotangent }) {
    const n = x.shape.at(-1)!;
    if (n === 0) return [zerosLike(b, x)];
    const [w, v] = unpackEigh(b, out, n);
    const [dw, dv] = unpackEigh(b, cotangent, n);
    const gaps = inverseGaps(b, w, negligible(b, w, n), false);
    const turned = b.mul(gaps, b.matmul(transposed(b, v), dv));
    const inner = b.add(diagonalMatrix(b, dw), turned);
    return [symmetricPart(b, b.matmul(b.matmul(v, inner), transposed(b, v)))];
  },
  lower: kernel("eigh"),
  batch: leading,
  check: {
    cases: [
      [1, 1],
      [2, 2],
      [3, 3],
      [5, 5],
      [2, 3, 3],
      [1, 2, 2, 2],
      [0, 2, 2],
      [0, 0],
    ].map((shape) => ({ src: [{ shape, kind: "symmetric" as const }], attrs: {} })),
  },
};

/**
 * The thin singular value decomposition x = u·diag(s)·vt, s descending: [..., m, n] gives
 * [..., m·k + k + k·n] with k = min(m, n), first u [m, k], then s [k], then vt [k, n]; `unpackSvd`
 * takes them apart. In each column of u the component of largest magnitude, the first such, is
 * positive. Throws `LinearAlgebraError` when run with NaN or infinite elements.
 *
 * In the gradient the terms 1 / (sᵢ² − sⱼ²) of singular values that are equal to within rounding,
 * and 1 / s of those that are 0 to within rounding, count as 0.
 *
 * @source Townsend, "Differentiating the singular value decomposition", 2016
 */
export const svd: Op<1> = {
  arity: 1,
  shape([x], _attrs, name) {
    requireRank(x, 2, name);
    const [m, n] = x.shape.slice(-2);
    const k = Math.min(m, n);
    return [...leadOf(x), m * k + k + k * n];
  },
  dtype: keeps(floats),
  vjp(b, { src: [x], out, cotangent }) {
    const [m, n] = x.shape.slice(-2);
    const [u, s, vt] = unpackSvd(b, out, m, n);
    const [du, ds, dvt] = unpackSvd(b, cotangent, m, n);
    const k = Math.min(m, n);
    if (k === 0) return [zerosLike(b, x)];
    const square = [...s.shape, k];
    const least = negligible(b, s, Math.max(m, n));
    const gaps = inverseGaps(b, s, least, true);
    /** F ∘ (p − pᵀ) */
    const turned = (p: Node): Node => b.mul(gaps, b.sub(p, transposed(b, p)));
    const byU = b.mul(turned(b.matmul(transposed(b, u), du)), perColumn(b, s, square));
    const byV = b.mul(perRow(b, s, square), turned(b.matmul(vt, transposed(b, dvt))));
    const inner = b.add(b.add(byU, byV), diagonalMatrix(b, ds));
    let flow = b.matmul(b.matmul(u, inner), vt);
    const inverse = inverseUnless(b, b.lessEqual(s, b.expand(least, { shape: s.shape })), s);
    if (m > k) {
      const outside = b.sub(du, b.matmul(u, b.matmul(transposed(b, u), du)));
      flow = b.add(flow, b.matmul(b.mul(outside, perColumn(b, inverse, u.shape)), vt));
    }
    if (n > k) {
      const outside = b.sub(dvt, b.matmul(b.matmul(dvt, transposed(b, vt)), vt));
      flow = b.add(flow, b.matmul(u, b.mul(perRow(b, inverse, vt.shape), outside)));
    }
    return [flow];
  },
  lower: kernel("svd"),
  batch: leading,
  check: {
    cases: [
      [1, 1],
      [3, 1],
      [1, 3],
      [3, 3],
      [4, 2],
      [2, 4],
      [2, 3, 2],
      [1, 2, 2, 3],
      [2, 0],
      [0, 0],
    ].map((shape) => ({ src: [{ shape, kind: "regular" as const }], attrs: {} })),
  },
};
