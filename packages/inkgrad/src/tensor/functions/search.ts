import { computeType, type DType, holds } from "../../base/dtype.js";
import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { constantNode, type GraphNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { truePositions } from "../indexing/positions.js";
import {
  castTo,
  expandTo,
  keeping,
  nodeOf,
  number,
  type Operand,
  truth,
  wrap,
} from "../operand.js";
import type { Tensor } from "../tensor.js";
import type {
  ArgWhereFunction,
  NonZeroFunction,
  SearchSortedFunction,
} from "../types/functions-search.js";

/** Where things are. */

/**
 * The positions of the elements that are not 0, in row-major order: i32 [count] for each axis.
 * `x.at(...nonZero(x)).get()` are the elements. Reads the values, so not for use inside vmap or
 * compile.
 *
 * @throws ShapeError  for a scalar, which has no axes
 * @source NumPy `nonzero`
 */
export const nonZero = ((x: Tensor): Tensor[] => {
  const mask = truth(x, "nonZero") as GraphNode;
  if (mask.shape.length === 0)
    throw new ShapeError("nonZero: a scalar has no positions; use x.notEqual(0)");
  const found = truePositions(mask, "nonZero");
  return found.map((at) => wrap(constantNode(at, [at.length], "i32")));
}) as NonZeroFunction;

/** The same as the rows of one tensor, i32 [count, rank]. @source NumPy `argwhere` */
export const argWhere = ((x: Tensor): Tensor => {
  const mask = truth(x, "argWhere") as GraphNode;
  const rank = mask.shape.length;
  const line = b.reshape(mask, { shape: [...mask.shape, 1] }) as GraphNode;
  const found = truePositions(line, "argWhere");
  const count = found[0].length;
  const rows = new Int32Array(count * rank);
  for (let axis = 0; axis < rank; axis++)
    for (let i = 0; i < count; i++) rows[i * rank + axis] = found[axis][i];
  return wrap(constantNode(rows, [count, rank], "i32"));
}) as ArgWhereFunction;

/**
 * Where each value would have to be put for `sorted` to stay sorted: i32, shaped like `values`.
 * NaN counts as the greatest. Every value is compared with every element.
 *
 * @param sorted        [n], ascending
 * @param options.side  before equal elements ("left", the default) or after them ("right")
 * @source NumPy `searchsorted`
 */
export const searchSorted = ((
  sorted: Tensor,
  values: Operand,
  options: { side?: "left" | "right" } = {},
): Tensor => {
  const list = nodeOf(sorted, "searchSorted");
  const { side = "left" } = options;
  if (list.shape.length !== 1)
    throw new ShapeError(`searchSorted: expected a sorted vector, got shape ${show(list.shape)}`);
  if (side !== "left" && side !== "right")
    throw new ValueError(`searchSorted: side must be "left" or "right", got ${String(side)}`);
  const [given, type] = comparable(list, values);
  const shape = [...given.shape, ...list.shape];
  const element = expandTo(castTo(list, type), shape);
  const value = expandTo(b.reshape(castTo(given, type), { shape: [...given.shape, 1] }), shape);
  const isBefore =
    side === "left"
      ? b.logicalOr(
          b.less(element, value),
          b.logicalAnd(b.isNaN(value), b.logicalNot(b.isNaN(element))),
        )
      : b.logicalOr(b.lessEqual(element, value), b.isNaN(value));
  return wrap(b.sum(castTo(isBefore, "i32"), { axes: [given.shape.length] }));
}) as SearchSortedFunction;

/** The values, and the type in which to compare them: a number takes the list's if that holds it. */
function comparable(list: Node, values: Operand): [values: Node, type: DType] {
  if (typeof values !== "number") {
    const given = nodeOf(values, "searchSorted");
    return [given, computeType(keeping(list.dtype, given.dtype))];
  }
  const type = holds(list.dtype, values) ? computeType(list.dtype) : "f64";
  return [number(values, [], type, "searchSorted"), type];
}
