import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { customRule } from "../../grad/custom-rule.js";
import {
  diagonalOf,
  identityMatrix,
  leadOf,
  perColumn,
  requireSquare,
  takeRows,
  unpackLu,
  unpackSvd,
} from "../../ops/matrices.js";
import type { Node } from "../../ops/op.js";
import { sumType } from "../../base/dtype.js";
import { transposed } from "../../ops/recipes.js";
import { castTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type {
  InverseFunction,
  LstsqFunction,
  PerMatrixFunction,
  PinvFunction,
  SolveFunction,
  TraceFunction,
} from "../types/linear-algebra.js";
import { matrixNode, squareNode, systemOf } from "./linear-algebra.js";

/** Systems of linear equations, inverses, and what singular values tell of a matrix. */

/**
 * The x with a·x = y (aᵀ·x = y), by the factors of a. The gradient solves the transposed system
 * with the same factors. @source Giles, "Collected matrix derivative results", 2008, 2.3.1
 */
export function solveNode(a: Node, y: Node, transpose = false, factors = b.lu(a)): Node {
  const x = solveFactored(factors, y, transpose);
  return b.custom([x, a, y, factors], { rule: solveRules[transpose ? 1 : 0] });
}

const solveRules = [false, true].map((transpose) =>
  customRule((_b, [a, , factors], x, cotangent) => {
    const adjoint = solveNode(a, cotangent, !transpose, factors);
    const [rows, columns] = transpose ? [x, adjoint] : [adjoint, x];
    return [b.neg(b.matmul(rows, transposed(b, columns))), adjoint, null];
  }),
);

function solveFactored(packed: Node, y: Node, transpose: boolean): Node {
  const { factors, order } = unpackLu(b, packed, y.shape.at(-2)!);
  const first = { lower: !transpose, transpose, unit: !transpose };
  const second = { lower: transpose, transpose, unit: transpose };
  const right = transpose ? y : takeRows(b, y, order);
  const solved = b.triangularSolve(factors, b.triangularSolve(factors, right, first), second);
  if (!transpose) return solved;
  const back = b.argsort(order, { axis: order.shape.length - 1, descending: false });
  return takeRows(b, solved, back);
}

/**
 * The x with a·x = b.
 *
 * @param a  [..., n, n]
 * @param b  [n], or [..., n, k]; leading axes broadcast
 * @returns  like b
 * @throws LinearAlgebraError  when run, if a matrix is singular; lstsq and pinv take such
 */
export const solve = ((a: Tensor, right: Tensor) => {
  const system = systemOf(a, right, "solve");
  requireSquare(system.a, "solve: a");
  return system.finish(solveNode(system.a, system.y));
}) as SolveFunction<"solve">;

/** The inverse of each matrix (or of its transpose). */
export const inverseNode = (a: Node, transpose = false, factors?: Node): Node =>
  solveNode(a, identityMatrix(b, a.shape, a.dtype), transpose, factors);

/**
 * The inverse of each matrix; to solve a system, `solve` is faster and more accurate.
 *
 * @param a  [..., n, n]
 * @throws LinearAlgebraError  when run, if a matrix is singular
 */
export const inverse = ((a: Tensor) =>
  wrap(inverseNode(squareNode(a, "inverse")))) as InverseFunction;

/** Singular values, and below which of them (times the largest) one counts as 0. */
function singularValues(a: Node, rcond?: number): { u: Node; s: Node; vt: Node; positive: Node } {
  const [m, n] = a.shape.slice(-2);
  const [u, s, vt] = unpackSvd(b, b.svd(a), m, n);
  const least = rcond ?? Math.max(m, n) * (a.dtype === "f64" ? 2 ** -52 : 2 ** -23);
  if (!(least >= 0)) throw new ValueError(`rcond must be a number ≥ 0, got ${least}`);
  if (Math.min(m, n) === 0) return { u, s, vt, positive: b.greater(s, 0) };
  const cutoff = b.mul(b.max(s, { axes: [s.shape.length - 1] }), least);
  const shape = [...cutoff.shape, 1];
  const positive = b.greater(s, b.expand(b.reshape(cutoff, { shape }), { shape: s.shape }));
  return { u, s, vt, positive };
}

/**
 * The pseudoinverse of a tall (or square) matrix a; of a wide one, the transpose of its transpose's.
 * Its gradient has a rule of its own: that of the SVD is not defined where two singular values are
 * equal, while this needs only that the rank does not change.
 *
 * @source Golub & Pereyra, "The differentiation of pseudo-inverses", 1973, eq. 4.12
 */
function pinvNode(a: Node, rcond?: number): Node {
  const [m, n] = a.shape.slice(-2);
  if (m < n) return transposed(b, pinvNode(transposed(b, a), rcond));
  const { u, s, vt, positive } = singularValues(a, rcond);
  const inverted = b.where(positive, b.div(1, b.where(positive, s, 1)), 0);
  const scaled = b.mul(transposed(b, vt), perColumn(b, inverted, vt.shape));
  return b.custom([b.matmul(scaled, transposed(b, u)), a], { rule: pinvRule });
}

const pinvRule = customRule((_b, [a], p, cotangent) => {
  const [pt, g] = [transposed(b, p), transposed(b, cotangent)];
  // −PᵀP̄Pᵀ + (I − AP)·P̄ᵀ·PPᵀ + Pᵀ·PP̄ᵀ·(I − PA), in an order that forms nothing larger than a.
  const inside = b.matmul(b.matmul(pt, cotangent), pt);
  const outer = b.matmul(g, b.matmul(p, pt));
  const left = b.sub(outer, b.matmul(a, b.matmul(p, outer)));
  const inner = b.matmul(p, g);
  const right = b.matmul(pt, b.sub(inner, b.matmul(b.matmul(inner, p), a)));
  return [b.add(b.sub(left, inside), right)];
});

/**
 * The Moore–Penrose pseudoinverse, by the singular value decomposition.
 *
 * @param a              [..., m, n]
 * @param options.rcond  singular values up to this times the largest count as 0 (default: the
 *                       type's precision times the larger of m and n)
 * @returns              [..., n, m]. The gradient is that at constant rank
 */
export const pinv = ((a: Tensor, { rcond }: { readonly rcond?: number } = {}) =>
  wrap(pinvNode(matrixNode(a, "pinv"), rcond))) as PinvFunction;

/**
 * The x for which |a·x − b| is least; of several the shortest.
 *
 * @param a              [..., m, n]
 * @param b              [m], or [..., m, k]; leading axes broadcast
 * @param options.rcond  as for `pinv`
 * @returns              [..., n] or [..., n, k]
 */
export const lstsq = ((a: Tensor, right: Tensor, { rcond }: { readonly rcond?: number } = {}) => {
  const system = systemOf(a, right, "lstsq");
  return system.finish(b.matmul(pinvNode(system.a, rcond), system.y));
}) as LstsqFunction;

/**
 * How many singular values are not 0: i32, one number for each matrix.
 *
 * @param a              [..., m, n]
 * @param options.rcond  as for `pinv`
 */
export const matrixRank = ((a: Tensor, { rcond }: { readonly rcond?: number } = {}) => {
  const { positive } = singularValues(matrixNode(a, "matrixRank"), rcond);
  return wrap(b.sum(b.cast(positive, { dtype: "i32" }), { axes: [positive.shape.length - 1] }));
}) as PerMatrixFunction<"matrixRank", { readonly rcond?: number }, "i32">;

/** The largest over the smallest singular value; ∞ for a matrix without full rank. */
export const cond = ((a: Tensor) => {
  const node = matrixNode(a, "cond");
  const { s } = singularValues(node);
  if (s.shape.at(-1) === 0)
    throw new ShapeError(`cond: needs a singular value, got matrices ${show(node.shape)}`);
  const axes = [s.shape.length - 1];
  const [most, least] = [b.max(s, { axes }), b.min(s, { axes })];
  const zero = b.equal(least, 0);
  return wrap(b.where(zero, Infinity, b.div(most, b.where(zero, 1, least))));
}) as PerMatrixFunction<"cond", undefined, "float">;

/** The sum of the diagonal of each matrix: [..., m, n] gives [...]. */
export const trace = ((a: Tensor) => {
  const node = nodeOf(a, "trace");
  if (node.shape.length < 2)
    throw new ShapeError(`trace: expected matrices [..., m, n], got ${show(node.shape)}`);
  const diagonal = diagonalOf(b, castTo(node, sumType(node.dtype)));
  return wrap(b.sum(diagonal, { axes: [leadOf(node).length] }));
}) as TraceFunction;
