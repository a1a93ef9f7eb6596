import { isInteger } from "../../base/dtype.js";
import { DTypeError, ShapeError } from "../../base/errors.js";
import { broadcastShapes, normalizeAxis, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { takeAlong } from "../../ops/recipes.js";
import { castTo, expandTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { TakeFunction } from "../types/functions.js";

/** Elements picked by position. Negative positions count from the end. */

/**
 * The slices of x at `index` along an axis, which gives way to the axes of `index`.
 *
 * @param index  integers from −n to n − 1
 * @throws IndexError  (when evaluated) for a position outside the axis
 * @source NumPy `take`
 */
export const take = ((x: Tensor, index: Tensor, axis: number): Tensor => {
  const node = nodeOf(x, "take");
  const at = normalizeAxis(axis, node.shape.length, "take");
  return wrap(b.gather(node, positionsIn(index, node.shape[at], "take"), { axis: at }));
}) as TakeFunction;

/**
 * At each place of `index` the element of x at that position along the axis, and at the same place
 * in all others, which broadcast.
 *
 * @throws IndexError  (when evaluated) for a position outside the axis
 * @source NumPy `take_along_axis`
 */
export function takeAlongAxis(x: Tensor, index: Tensor, axis: number): Tensor {
  const node = nodeOf(x, "takeAlongAxis");
  const { shape } = node;
  const at = normalizeAxis(axis, shape.length, "takeAlongAxis");
  const within = positionsIn(index, shape[at], "takeAlongAxis");
  if (within.shape.length !== shape.length)
    throw new ShapeError(
      `takeAlongAxis: the index needs the ${shape.length} axes of ${show(shape)}, ` +
        `got shape ${show(within.shape)}`,
    );
  const others = (sizes: readonly number[], size: number): number[] =>
    sizes.map((n, i) => (i === at ? size : n));
  const common = broadcastShapes(others(shape, 1), others(within.shape, 1), "takeAlongAxis");
  const source = expandTo(node, others(common, shape[at]));
  // Rows are taken from as one long line, where a position outside would hit the next row.
  const line = b.iota({ size: shape[at], dtype: "i32" });
  const checked = b.gather(line, within, { axis: 0 });
  return wrap(takeAlong(b, source, expandTo(checked, others(common, within.shape[at])), at));
}

/** Positions counted from the front. Those outside stay as they are, for the error to show. */
function positionsIn(index: Tensor, size: number, op: string): Node {
  const node = nodeOf(index, op);
  if (!isInteger(node.dtype))
    throw new DTypeError(
      `${op}: positions must be integers, got ${node.dtype}; use .cast("i32") first`,
    );
  const signed = castTo(node, "i32");
  if (node.dtype !== "i32") return signed;
  const fromEnd = b.logicalAnd(b.less(signed, 0), b.greaterEqual(signed, -size));
  return b.where(fromEnd, b.add(signed, size), signed);
}
