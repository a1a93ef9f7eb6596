import type { DType } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import { type ReadonlyShape, show, sizeOf } from "../base/shape.js";
import type { Builder, Node } from "./op.js";
import { iotaAlong, takeAlong, transposed } from "./recipes.js";
import { requireRank } from "./rules.js";

/** Pieces of graph for matrices, which lie in the last two axes: [..., m, n]. */

/** The size of square matrices; throws for others. */
export function requireSquare(x: Node, name: string): number {
  requireRank(x, 2, name);
  const [m, n] = x.shape.slice(-2);
  if (m !== n)
    throw new ShapeError(`${name}: expected square matrices [..., n, n], got ${show(x.shape)}`);
  return n;
}

/** The axes before the matrices. */
export const leadOf = (x: Node): ReadonlyShape => x.shape.slice(0, -2);

/** Where row and column are equal: bool, of the given shape. */
const onDiagonal = (b: Builder, shape: ReadonlyShape): Node =>
  b.equal(iotaAlong(b, shape, shape.length - 2), iotaAlong(b, shape, shape.length - 1));

/** Ones on the diagonal. */
export const identityMatrix = (b: Builder, shape: ReadonlyShape, dtype: DType): Node =>
  b.cast(onDiagonal(b, shape), { dtype });

/** The matrix with zeros outside its lower or upper triangle; strictly: and on the diagonal. */
export function triangle(
  b: Builder,
  x: Node,
  part: "lower" | "upper" | "strictlyLower" | "strictlyUpper",
): Node {
  const rank = x.shape.length;
  const [row, column] = [iotaAlong(b, x.shape, rank - 2), iotaAlong(b, x.shape, rank - 1)];
  const inside = {
    lower: () => b.greaterEqual(row, column),
    upper: () => b.lessEqual(row, column),
    strictlyLower: () => b.greater(row, column),
    strictlyUpper: () => b.less(row, column),
  }[part]();
  return b.where(inside, x, 0);
}

/** The diagonal: [..., m, n] to [..., min(m, n)]. */
export function diagonalOf(b: Builder, x: Node): Node {
  const [m, n] = x.shape.slice(-2);
  const k = Math.min(m, n);
  const lead = leadOf(x);
  // In row-major order the diagonal's elements are n + 1 apart.
  return b.slice(b.reshape(x, { shape: [...lead, m * n] }), {
    start: [...lead.map(() => 0), 0],
    stop: [...lead, k === 0 ? 0 : (k - 1) * (n + 1) + 1],
    step: [...lead.map(() => 1), n + 1],
  });
}

/** A matrix with this diagonal, zero elsewhere: [..., n] to [..., n, n]. */
export function diagonalMatrix(b: Builder, x: Node): Node {
  const shape = [...x.shape, x.shape.at(-1)!];
  return b.where(onDiagonal(b, shape), perColumn(b, x, shape), 0);
}

/** One number for each column, for all rows: [..., n] to [..., m, n]. */
export const perColumn = (b: Builder, x: Node, shape: ReadonlyShape): Node =>
  b.expand(b.reshape(x, { shape: [...x.shape.slice(0, -1), 1, x.shape.at(-1)!] }), { shape });

/** One number for each row, for all columns: [..., m] to [..., m, n]. */
export const perRow = (b: Builder, x: Node, shape: ReadonlyShape): Node =>
  b.expand(b.reshape(x, { shape: [...x.shape, 1] }), { shape });

/** (x + xᵀ) / 2. */
export const symmetricPart = (b: Builder, x: Node): Node => b.mul(0.5, b.add(x, transposed(b, x)));

/** Row `order[i]` of each matrix as row i: order [..., r] (i32) gives [..., r, n]. */
export function takeRows(b: Builder, x: Node, order: Node): Node {
  const shape = [...leadOf(x), order.shape.at(-1)!, x.shape.at(-1)!];
  return takeAlong(b, x, perRow(b, order, shape), shape.length - 2);
}

/**
 * Several results of one operation, which lie flattened one after the other in the last axis; the
 * shapes are those without the leading axes.
 */
export function unpack(b: Builder, packed: Node, shapes: readonly ReadonlyShape[]): Node[] {
  const lead = packed.shape.slice(0, -1);
  let from = 0;
  return shapes.map((shape) => {
    const part = b.slice(packed, {
      start: [...lead.map(() => 0), from],
      stop: [...lead, (from += sizeOf(shape))],
      step: packed.shape.map(() => 1),
    });
    return b.reshape(part, { shape: [...lead, ...shape] });
  });
}

/** The parts of `lu` of n×n matrices: L below the diagonal of one matrix and U on and above it. */
export function unpackLu(b: Builder, packed: Node, n: number): { factors: Node; order: Node } {
  const [factors, order] = unpack(b, packed, [[n, n], [n]]);
  return { factors, order: b.cast(order, { dtype: "i32" }) };
}

/** q [..., m, n] and r [..., n, n] of `qr` of m×n matrices. */
export const unpackQr = (b: Builder, packed: Node, m: number, n: number): [q: Node, r: Node] =>
  unpack(b, packed, [
    [m, n],
    [n, n],
  ]) as [Node, Node];

/** Eigenvalues [..., n] and eigenvectors [..., n, n] of `eigh`. */
export const unpackEigh = (b: Builder, packed: Node, n: number): [w: Node, v: Node] =>
  unpack(b, packed, [[n], [n, n]]) as [Node, Node];

/** u [..., m, k], s [..., k] and vt [..., k, n] of `svd` of m×n matrices, k = min(m, n). */
export function unpackSvd(
  b: Builder,
  packed: Node,
  m: number,
  n: number,
): [u: Node, s: Node, vt: Node] {
  const k = Math.min(m, n);
  return unpack(b, packed, [[m, k], [k], [k, n]]) as [Node, Node, Node];
}
