import { assertDType, type DType } from "../../base/dtype.js";
import { ShapeError } from "../../base/errors.js";
import { assertShape, type ReadonlyShape, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { iotaAlong } from "../../ops/recipes.js";
import { requireRank } from "../../ops/rules.js";
import { castTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type {
  DiagFunction,
  DTypeOption,
  EyeFunction,
  TriangleFunction,
} from "../types/functions.js";

/** Diagonals and triangles. `k` counts diagonals: 0 is the main one, 1 the one above it. */

/**
 * Of a vector [n] the square matrix [n + |k|, n + |k|] with it on diagonal k; of a matrix its
 * diagonal k.
 */
export const diag = ((x: Tensor, k: number = 0): Tensor => {
  const node = nodeOf(x, "diag");
  requireDiagonal(k, "diag");
  if (node.shape.length === 1) return wrap(matrixOf(node, k));
  if (node.shape.length === 2) return wrap(diagonalOf(node, k));
  throw new ShapeError(`diag: takes a vector or a matrix, got shape ${show(node.shape)}`);
}) as DiagFunction;

/** In row-major order a diagonal's elements stand n + 1 apart, in a matrix of n columns. */
function matrixOf(x: Node, k: number): Node {
  const [count] = x.shape;
  const n = count + Math.abs(k);
  const low = count === 0 ? 0 : k >= 0 ? k : -k * n;
  const used = count === 0 ? 0 : (count - 1) * (n + 1) + 1;
  const spaced = b.pad(x, { low: [low], high: [n * n - low - used], interior: [n], value: 0 });
  return b.reshape(spaced, { shape: [n, n] });
}

function diagonalOf(x: Node, k: number): Node {
  const [rows, columns] = x.shape;
  const count = Math.max(k >= 0 ? Math.min(rows, columns - k) : Math.min(rows + k, columns), 0);
  const start = count === 0 ? 0 : k >= 0 ? k : -k * columns;
  const stop = count === 0 ? 0 : start + (count - 1) * (columns + 1) + 1;
  const flat = b.reshape(x, { shape: [rows * columns] });
  return b.slice(flat, { start: [start], stop: [stop], step: [columns + 1] });
}

const triangle = (op: "tril" | "triu"): TriangleFunction =>
  ((x: Tensor, k = 0): Tensor => {
    const node = nodeOf(x, op);
    requireRank(node, 2, op);
    const above = aboveDiagonal(node.shape, op === "tril" ? k + 1 : k, op);
    return wrap(op === "tril" ? b.where(above, 0, node) : b.where(above, node, 0));
  }) as TriangleFunction;

/** The lower triangle of the last two axes, up to and with diagonal k; 0 above. */
export const tril = triangle("tril");
/** The upper triangle of the last two axes, from diagonal k on; 0 below. */
export const triu = triangle("triu");

/** Which elements of the last two axes stand on diagonal k or above. */
function aboveDiagonal(shape: ReadonlyShape, k: number, op: string): Node {
  requireDiagonal(k, op);
  const rank = shape.length;
  const row = iotaAlong(b, shape, rank - 2);
  return b.greaterEqual(iotaAlong(b, shape, rank - 1), b.add(row, k));
}

/** Ones on diagonal k (default 0) of a matrix [rows, columns], zeros elsewhere. */
export const eye = ((
  rows: number,
  columns: number = rows,
  k = 0,
  { dtype = "f32" }: DTypeOption<DType> = {},
): Tensor => {
  const shape = [rows, columns];
  assertShape(shape, "eye");
  assertDType(dtype, "eye");
  requireDiagonal(k, "eye");
  const on = b.equal(iotaAlong(b, shape, 1), b.add(iotaAlong(b, shape, 0), k));
  return wrap(castTo(on, dtype));
}) as EyeFunction;

function requireDiagonal(k: number, op: string): void {
  if (!(Number.isInteger(k) && Math.abs(k) < 2 ** 30))
    throw new ShapeError(`${op}: the diagonal must be a whole number, got ${String(k)}`);
}
