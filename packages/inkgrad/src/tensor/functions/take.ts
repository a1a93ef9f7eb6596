import { isInteger } from "../../base/dtype.js";
import { DTypeError, ShapeError } from "../../base/errors.js";
import { broadcastShapes, normalizeAxis, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { takeAlong } from "../../ops/recipes.js";
import { countedFromFront } from "../indexing/positions.js";
import { expandTo, nodeOf, wrap } from "../operand.js";
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
  const places = expandTo(within, others(common, within.shape[at]));
  return wrap(takeAlong(b, source, places, at));
}

function positionsIn(index: Tensor, size: number, op: string): Node {
  const node = nodeOf(index, op);
  if (!isInteger(node.dtype))
    throw new DTypeError(
      `${op}: positions must be integers, got ${node.dtype}; use .cast("i32") first`,
    );
  return countedFromFront(node, size);
}
