import { ShapeError } from "../base/errors.js";
import { sameShape, show } from "../base/shape.js";
import { kernel } from "./lowering.js";
import {
  identityMatrix,
  leadOf,
  requireSquare,
  symmetricPart,
  takeRows,
  triangle,
  unpackLu,
} from "./matrices.js";
import type { Op } from "./op.js";
import { transposed } from "./recipes.js";
import { floats, keeps, leading, requireRank } from "./rules.js";

/** Triangular factors of square matrices, in the last two axes, and systems solved with them. */

const squares = [
  [1, 1],
  [2, 2],
  [3, 3],
  [5, 5],
  [2, 3, 3],
  [1, 2, 2, 2],
  [0, 2, 2],
  [0, 0],
];

/**
 * Triangular factors by elimination with partial pivoting: x[permutation] = L·U with ones on the
 * diagonal of L. A singular matrix leaves a zero on the diagonal of U, which is no error here.
 *
 * One node has one result: [..., n, n] gives [..., n·n + n], first a matrix with L below the
 * diagonal and U on and above it, then the permutation as numbers; `unpackLu` takes them apart.
 * The gradient of a singular matrix throws `LinearAlgebraError` when run.
 *
 * @source Golub & Van Loan, "Matrix Computations", 3.4; de Hoog, Anderssen & Lukas, "Differentiation
 *         of matrix functionals using triangular factorization", 2011 (gradient)
 */
export const lu: Op<1> = {
  arity: 1,
  shape([x], _attrs, name) {
    const n = requireSquare(x, name);
    return [...leadOf(x), n * n + n];
  },
  dtype: keeps(floats),
  vjp(b, { src: [x], out, cotangent }) {
    const n = x.shape.at(-1)!;
    const { factors, order } = unpackLu(b, out, n);
    const given = unpackLu(b, cotangent, n).factors;
    const ones = identityMatrix(b, x.shape, x.dtype);
    const lower = b.add(triangle(b, factors, "strictlyLower"), ones);
    const upper = triangle(b, factors, "upper");
    // L⁻ᵀ (tril(LᵀL̄, −1) + triu(ŪUᵀ)) U⁻ᵀ, its rows put back to where they came from.
    const inner = b.add(
      triangle(b, b.matmul(transposed(b, lower), given), "strictlyLower"),
      triangle(b, b.matmul(given, transposed(b, upper)), "upper"),
    );
    const left = b.triangularSolve(factors, inner, { lower: true, transpose: true, unit: true });
    const right = { lower: false, transpose: false, unit: false };
    const both = transposed(b, b.triangularSolve(factors, transposed(b, left), right));
    const back = b.argsort(order, { axis: order.shape.length - 1, descending: false });
    return [takeRows(b, both, back)];
  },
  lower: kernel("lu"),
  batch: leading,
  check: { cases: squares.map((shape) => ({ src: [{ shape, kind: "regular" }], attrs: {} })) },
};

/**
 * The lower triangular L with L·Lᵀ = x for a positive definite x, read as (x + xᵀ) / 2: so the
 * gradient is symmetric. Throws `LinearAlgebraError` when run with another matrix.
 *
 * @source Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527, eq. 10
 */
export const cholesky: Op<1> = {
  arity: 1,
  shape([x], _attrs, name) {
    requireSquare(x, name);
    return [...x.shape];
  },
  dtype: keeps(floats),
  vjp(b, { out, cotangent }) {
    const attrs = { lower: true, transpose: true, unit: false };
    const product = b.matmul(transposed(b, out), cotangent);
    // Φ: the lower triangle, half of the diagonal. Then L⁻ᵀ Φ(LᵀL̄) L⁻¹, made symmetric.
    const half = b.add(triangle(b, product, "lower"), triangle(b, product, "strictlyLower"));
    const left = b.triangularSolve(out, b.mul(0.5, half), attrs);
    const both = b.triangularSolve(out, transposed(b, left), attrs);
    return [symmetricPart(b, both)];
  },
  lower: kernel("cholesky"),
  batch: leading,
  check: {
    cases: squares.map((shape) => ({ src: [{ shape, kind: "positiveDefinite" }], attrs: {} })),
  },
};

export interface TriangularAttrs {
  /** Read the lower triangle of a (else the upper); what lies outside it is not looked at. */
  readonly lower: boolean;
  /** Solve with aᵀ; `lower` says what a itself is. */
  readonly transpose: boolean;
  /** Take the diagonal of a for ones, whatever stands there. */
  readonly unit: boolean;
}

/**
 * The x with a·x = b (aᵀ·x = b) for a triangular a [..., n, n] and b [..., n, k]; leading axes
 * must be equal. Throws `LinearAlgebraError` when run with a zero on the diagonal.
 *
 * @source Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
 *         differentiation", 2008, 2.3.1
 */
export const triangularSolve: Op<2, TriangularAttrs> = {
  arity: 2,
  shape([a, y], _attrs, name) {
    const n = requireSquare(a, `${name}: a`);
    requireRank(y, 2, `${name}: b`);
    if (y.shape.at(-2) !== n || !sameShape(leadOf(a), leadOf(y)))
      throw new ShapeError(
        `${name}: expected b of shape ${show([...leadOf(a), n])} and one axis more for ` +
          `a of shape ${show(a.shape)}, got ${show(y.shape)}`,
      );
    return [...y.shape];
  },
  dtype: keeps(floats),
  vjp(b, { src: [a], out, attrs, cotangent }) {
    const { lower, transpose, unit } = attrs;
    const adjoint = b.triangularSolve(a, cotangent, { lower, transpose: !transpose, unit });
    const [rows, columns] = transpose ? [out, adjoint] : [adjoint, out];
    const whole = b.neg(b.matmul(rows, transposed(b, columns)));
    const part = unit ? (lower ? "strictlyLower" : "strictlyUpper") : lower ? "lower" : "upper";
    return [triangle(b, whole, part), adjoint];
  },
  lower: kernel("triangularSolve"),
  batch: leading,
  check: {
    cases: [true, false].flatMap((lower) =>
      [true, false].flatMap((transpose) =>
        [true, false].flatMap((unit) =>
          [
            { a: [3, 3], y: [3, 2] },
            { a: [1, 1], y: [1, 1] },
            { a: [2, 4, 4], y: [2, 4, 1] },
            { a: [2, 2], y: [2, 0] },
            { a: [0, 0], y: [0, 2] },
          ].map(({ a, y }) => ({
            src: [{ shape: a, kind: "triangular" as const }, { shape: y }],
            attrs: { lower, transpose, unit },
          })),
        ),
      ),
    ),
  },
};
