import { ShapeError } from "../../base/errors.js";
import { broadcastShapes, type ReadonlyShape, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import {
  identityMatrix,
  leadOf,
  requireSquare,
  triangle,
  unpack,
  unpackEigh,
  unpackLu,
  unpackQr,
  unpackSvd,
} from "../../ops/matrices.js";
import type { Node } from "../../ops/op.js";
import { transposed } from "../../ops/recipes.js";
import { dividing, expandTo, floatNode, nodeOf, wrap, castTo } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type {
  CholeskyFunction,
  EighFunction,
  LuFunction,
  QrFunction,
  SolveFunction,
  SvdFunction,
} from "../types/linear-algebra.js";

/** Factors of matrices, which lie in the last two axes; the axes before them are a batch. */

/** Matrices of a float type; throws for less than two axes. */
export function matrixNode(x: unknown, op: string): Node {
  const node = floatNode(x, op);
  if (node.shape.length < 2)
    throw new ShapeError(
      `${op}: expected matrices [..., m, n], got ${show(node.shape)}; reshape adds axes`,
    );
  return node;
}

/** Square matrices of a float type. */
export function squareNode(x: unknown, op: string): Node {
  const node = floatNode(x, op);
  requireSquare(node, op);
  return node;
}

/**
 * The lower triangular L with L·Lᵀ = a.
 *
 * @param a  [..., n, n], positive definite; read as (a + aᵀ) / 2
 * @throws LinearAlgebraError  when run, if a matrix is not positive definite
 */
export const cholesky = ((a: Tensor) =>
  wrap(b.cholesky(squareNode(a, "cholesky")))) as CholeskyFunction;

/**
 * Triangular factors by elimination with partial pivoting: a[permutation] = lower·upper.
 *
 * @param a  [..., n, n]; a singular one leaves a zero on the diagonal of `upper`
 * @returns  [permutation [..., n] (i32), lower [..., n, n] with ones on the diagonal, upper]
 */
export const lu = ((a: Tensor) => {
  const node = squareNode(a, "lu");
  const { factors, order } = unpackLu(b, b.lu(node), node.shape.at(-1)!);
  const ones = identityMatrix(b, node.shape, node.dtype);
  const lower = b.add(triangle(b, factors, "strictlyLower"), ones);
  return [order, lower, triangle(b, factors, "upper")].map(wrap);
}) as LuFunction;

/**
 * a = q·r, the columns of q orthonormal, r upper triangular with a diagonal ≥ 0.
 *
 * @param a  [..., m, n]
 * @returns  [q [..., m, k], r [..., k, n]] with k = min(m, n)
 */
export const qr = ((a: Tensor) => {
  const node = matrixNode(a, "qr");
  const [m, n] = node.shape.slice(-2);
  if (m >= n) return unpackQr(b, b.qr(node), m, n).map(wrap);
  // The first m columns decide q; it turns the others into theirs of r.
  const [first, rest] = splitColumns(node, m);
  const [q, r] = unpackQr(b, b.qr(first), m, m);
  const right = b.matmul(transposed(b, q), rest);
  return [q, b.concat([r, right], { axis: node.shape.length - 1 })].map(wrap);
}) as QrFunction;

/** The first `count` columns of each matrix, and the others. */
function splitColumns(x: Node, count: number): [Node, Node] {
  const [m, n] = x.shape.slice(-2);
  const rows = b.reshape(transposed(b, x), { shape: [...leadOf(x), n * m] });
  return unpack(b, rows, [
    [count, m],
    [n - count, m],
  ]).map((part) => transposed(b, part)) as [Node, Node];
}

/**
 * Eigenvalues and eigenvectors of symmetric matrices: a·v = v·diag(w).
 *
 * @param a  [..., n, n], read as (a + aᵀ) / 2
 * @returns  [w [..., n] ascending, v [..., n, n] with the eigenvectors as orthonormal columns, in
 *           each of which the component of largest magnitude is positive]
 * @throws LinearAlgebraError  when run, if an element is NaN or infinite
 */
export const eigh = ((a: Tensor) => {
  const node = squareNode(a, "eigh");
  return unpackEigh(b, b.eigh(node), node.shape.at(-1)!).map(wrap);
}) as EighFunction;

/**
 * The thin singular value decomposition a = u·diag(s)·vt.
 *
 * @param a  [..., m, n]
 * @returns  [u [..., m, k], s [..., k] descending, vt [..., k, n]] with k = min(m, n); in each column
 *           of u the component of largest magnitude is positive
 * @throws LinearAlgebraError  when run, if an element is NaN or infinite
 */
export const svd = ((a: Tensor) => {
  const node = matrixNode(a, "svd");
  const [m, n] = node.shape.slice(-2);
  return unpackSvd(b, b.svd(node), m, n).map(wrap);
}) as SvdFunction;

/** A system's matrices and right side in one type and of one batch; `finish` undoes what was added. */
export interface System {
  readonly a: Node;
  readonly y: Node;
  readonly finish: (solution: Node) => Tensor;
}

/**
 * NumPy's rule for right sides: one axis is a vector, for all systems of the batch; more are
 * matrices [..., m, k], whose batch axes broadcast with those of a.
 */
export function systemOf(x: unknown, right: unknown, op: string): System {
  const [ax, bx] = [nodeOf(x, `${op}: a`), nodeOf(right, `${op}: b`)];
  const dtype = dividing(ax.dtype, bx.dtype);
  const a = castTo(ax, dtype);
  const given = castTo(bx, dtype);
  if (a.shape.length < 2)
    throw new ShapeError(`${op}: expected a to be matrices [..., m, n], got ${show(a.shape)}`);
  const isVector = given.shape.length === 1;
  const y = isVector ? b.reshape(given, { shape: [...given.shape, 1] }) : given;
  if (y.shape.length < 2 || y.shape.at(-2) !== a.shape.at(-2))
    throw new ShapeError(
      `${op}: expected b to have as many rows as a, [${a.shape.at(-2)}] or ` +
        `[..., ${a.shape.at(-2)}, k], got a ${show(a.shape)} and b ${show(given.shape)}`,
    );
  const lead = broadcastShapes(leadOf(a), leadOf(y), op);
  const over = (node: Node): Node => expandTo(node, [...lead, ...node.shape.slice(-2)]);
  const finish = (solution: Node): Tensor =>
    wrap(isVector ? b.reshape(solution, { shape: dropLast(solution.shape) }) : solution);
  return { a: over(a), y: over(y), finish };
}

const dropLast = (shape: ReadonlyShape): number[] => shape.slice(0, -1);

export interface TriangularOptions {
  /** Read the lower triangle of a (default true), else the upper. */
  readonly lower?: boolean;
  /** Solve with aᵀ (default false); `lower` says what a itself is. */
  readonly transpose?: boolean;
  /** Take the diagonal of a for ones (default false). */
  readonly unit?: boolean;
}

/**
 * The x with a·x = b for a triangular a; what lies outside its triangle is not looked at.
 *
 * @param a  [..., n, n]
 * @param b  [n] or [..., n, k]; leading axes broadcast
 * @throws LinearAlgebraError  when run, if an element of the diagonal is 0
 */
export const triangularSolve = ((
  a: Tensor,
  right: Tensor,
  { lower = true, transpose = false, unit = false }: TriangularOptions = {},
) => {
  const system = systemOf(a, right, "triangularSolve");
  return system.finish(b.triangularSolve(system.a, system.y, { lower, transpose, unit }));
}) as SolveFunction<"triangularSolve", [options?: TriangularOptions]>;
