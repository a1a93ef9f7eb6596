import { builder as b } from "../../graph/builder.js";
import { backward } from "../../grad/backward.js";
import { customRule } from "../../grad/custom-rule.js";
import {
  diagonalMatrix,
  diagonalOf,
  perColumn,
  perRow,
  unpackLu,
  unpackSvd,
} from "../../ops/matrices.js";
import type { Node } from "../../ops/op.js";
import { exclusiveProduct, iotaAlong, transposed } from "../../ops/recipes.js";
import { wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { DeterminantFunction, LogDeterminantFunction } from "../types/linear-algebra.js";
import { squareNode } from "./linear-algebra.js";
import { inverseNode } from "./solve.js";

/** U's diagonal, and 1 or −1 as the permutation is even or odd. */
function eliminated(a: Node): { pivots: Node; parity: Node; factors: Node } {
  const n = a.shape.at(-1)!;
  const packed = b.lu(a);
  const { factors, order } = unpackLu(b, packed, n);
  const [from, to] = [perRow(b, order, a.shape), perColumn(b, order, a.shape)];
  const rank = a.shape.length;
  const before = b.less(iotaAlong(b, a.shape, rank - 2), iotaAlong(b, a.shape, rank - 1));
  const inverted = b.cast(b.logicalAnd(before, b.greater(from, to)), { dtype: "i32" });
  const odd = b.mod(b.sum(inverted, { axes: [rank - 2, rank - 1] }), 2);
  const parity = b.cast(b.sub(1, b.mul(2, odd)), { dtype: a.dtype });
  return { pivots: diagonalOf(b, factors), parity, factors: packed };
}

/** Adding 0 makes 0 of −0. */
const signed = (parity: Node, x: Node): Node => b.add(b.mul(parity, x), 0);

const lastAxis = (x: Node): { axes: number[] } => ({ axes: [x.shape.length - 1] });

/** The determinant as its value only: no gradient is defined through it. */
function determinantValue(a: Node): Node {
  const { pivots, parity } = eliminated(a);
  return signed(parity, b.prod(pivots, lastAxis(pivots)));
}

const overMatrix = (x: Node, like: Node): Node =>
  b.expand(b.reshape(x, { shape: [...x.shape, 1, 1] }), { shape: [...like.shape] });

function determinantNode(a: Node): Node {
  return b.custom([determinantValue(a), a], { rule: determinantRule });
}

const determinantRule = customRule((_b, [a], _out, cotangent) => [
  b.mul(overMatrix(cotangent, a), cofactors(a)),
]);

/** The SVD of a, and det(U)·det(V), which is 1 or −1. */
function decomposed(a: Node): { u: Node; s: Node; vt: Node; sign: Node } {
  const n = a.shape.at(-1)!;
  const [u, s, vt] = unpackSvd(b, b.svd(a), n, n);
  const sign = b.sign(b.mul(determinantValue(u), determinantValue(vt)));
  return { u, s, vt, sign: overMatrix(sign, a) };
}

/**
 * The matrix of cofactors, the determinant's gradient: det(a)·a⁻ᵀ, and its limit where a is
 * singular, since nothing is divided by: U·diag(∏ sₖ over k ≠ i)·Vᵀ for the SVD of a.
 *
 * @source Ipsen & Rehman, "Perturbation bounds for determinants and characteristic polynomials",
 *         SIAM J. Matrix Anal. Appl. 30, 2008, section 2
 */
function cofactors(a: Node): Node {
  const { u, s, vt, sign } = decomposed(a);
  const axis = s.shape.length - 1;
  const others = b.mul(exclusiveProduct(b, s, axis, false), exclusiveProduct(b, s, axis, true));
  const value = b.matmul(b.mul(u, perColumn(b, others, u.shape)), vt);
  return b.custom([b.mul(sign, value), a], { rule: cofactorsRule });
}

const cofactorsRule = customRule((_b, [a], _out, cotangent) => [secondDerivative(a, cotangent)]);

/** The determinant's second derivative applied to a matrix g, for any a. */
function secondDerivative(a: Node, g: Node): Node {
  const { u, s, vt, sign } = decomposed(a);
  const turned = b.matmul(b.matmul(transposed(b, u), g), transposed(b, vt));
  const others = productsWithoutTwo(s);
  // Σᵢ others[i, j]·turned[i, i] on the diagonal, −others[i, j]·turned[j, i] off it.
  const weighted = b.mul(others, perRow(b, diagonalOf(b, turned), a.shape));
  const diagonal = b.sum(weighted, { axes: [a.shape.length - 2] });
  const inner = b.sub(diagonalMatrix(b, diagonal), b.mul(others, transposed(b, turned)));
  const value = b.mul(sign, b.matmul(b.matmul(u, inner), vt));
  return b.custom([value, a, g], { rule: secondDerivativeRule });
}

/** ∏ s[k] over k other than i and j, at [..., i, j]; 0 on the diagonal. */
function productsWithoutTwo(s: Node): Node {
  const n = s.shape.at(-1)!;
  const shape = [...s.shape, n, n];
  const axis = shape.length - 1;
  const [i, j, k] = [axis - 2, axis - 1, axis].map((at) => iotaAlong(b, shape, at));
  const left = b.logicalOr(b.equal(k, i), b.equal(k, j));
  const values = b.expand(b.reshape(s, { shape: [...s.shape.slice(0, -1), 1, 1, n] }), { shape });
  const products = b.prod(b.where(left, 1, values), { axes: [axis] });
  return b.sub(products, diagonalMatrix(b, diagonalOf(b, products)));
}

/** Beyond that by the inverse, so that it needs a regular a. */
const secondDerivativeRule = customRule((_b, [a, g], _out, cotangent) => {
  const p = inverseNode(a, true);
  const pairing = b.sum(b.mul(p, g), { axes: [a.shape.length - 2, a.shape.length - 1] });
  const swapped = b.matmul(b.matmul(p, transposed(b, g)), p);
  const difference = b.sub(b.mul(overMatrix(pairing, a), p), swapped);
  const node = b.mul(overMatrix(determinantNode(a), a), difference);
  return backward([{ node, cotangent }], [a, g]);
});

/**
 * The determinant of each matrix; 0 if it is singular. The gradient is the matrix of cofactors, and
 * it and its own gradient are right for singular matrices too; higher ones throw
 * `LinearAlgebraError` for such.
 *
 * @param a  [..., n, n]
 * @returns  [...]
 */
export const determinant = ((a: Tensor) =>
  wrap(determinantNode(squareNode(a, "determinant")))) as DeterminantFunction;

/**
 * Sign and logarithm of the magnitude of the determinant, which itself would overflow for large
 * matrices: [0, −∞] if a matrix is singular, where there is no gradient (it throws
 * `LinearAlgebraError` when run).
 *
 * @param a  [..., n, n]
 * @returns  [sign [...], log |det| [...]]
 */
export const logDeterminant = ((a: Tensor) => {
  const node = squareNode(a, "logDeterminant");
  const { pivots, parity, factors } = eliminated(node);
  const sign = signed(parity, b.prod(b.sign(pivots), lastAxis(pivots)));
  const value = b.sum(b.log(b.abs(pivots)), lastAxis(pivots));
  const logAbs = b.custom([value, node, factors], { rule: logRule });
  return [wrap(sign), wrap(logAbs)];
}) as LogDeterminantFunction;

const logRule = customRule((_b, [a, factors], _out, cotangent) => [
  b.mul(overMatrix(cotangent, a), inverseNode(a, true, factors)),
  null,
]);
