import { promote } from "../../base/dtype.js";
import { InkgradError, ShapeError } from "../../base/errors.js";
import { assertShape, normalizeAxis, sameShape, show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo, nodeOf, wrap, wrapAll } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { ConcatFunction, SplitFunction, StackFunction } from "../types/functions.js";

/** Tensors put together and taken apart. */

/** The nodes of a list of tensors, in the type that holds the values of all. */
function together(tensors: readonly Tensor[], op: string): Node[] {
  if (!Array.isArray(tensors))
    throw new InkgradError(`${op}: expected a list of tensors, got ${describe(tensors)}`);
  const nodes = Array.from(tensors, (x) => nodeOf(x, op)); // a hole in the list is no tensor
  if (nodes.length === 0) throw new ShapeError(`${op}: needs one tensor or more`);
  const dtype = nodes.map((node) => node.dtype).reduce(promote);
  return nodes.map((node) => castTo(node, dtype));
}

/**
 * Tensors one after the other along an axis (default 0).
 * @throws ShapeError  if they differ in another axis
 */
export const concat = ((tensors: readonly Tensor[], axis: number = 0): Tensor => {
  const nodes = together(tensors, "concat");
  const [{ shape }] = nodes;
  for (const node of nodes)
    if (node.shape.length !== shape.length)
      throw new ShapeError(
        `concat: shapes ${show(shape)} and ${show(node.shape)} differ in rank; ` +
          "stack joins along a new axis",
      );
  return wrap(b.concat(nodes, { axis: normalizeAxis(axis, shape.length, "concat") }));
}) as ConcatFunction;

/**
 * Tensors of one shape side by side along a new axis (default 0).
 * @throws ShapeError  if the shapes differ
 */
export const stack = ((tensors: readonly Tensor[], axis: number = 0): Tensor => {
  const nodes = together(tensors, "stack");
  const [{ shape }] = nodes;
  for (const node of nodes)
    if (!sameShape(node.shape, shape))
      throw new ShapeError(`stack: shapes ${show(shape)} and ${show(node.shape)} differ`);
  const at = normalizeAxis(axis, shape.length + 1, "stack");
  const apart = [...shape.slice(0, at), 1, ...shape.slice(at)];
  const slices = nodes.map((node) => b.reshape(node, { shape: apart }));
  return wrap(b.concat(slices, { axis: at }));
}) as StackFunction;

/**
 * Parts of x along an axis (default 0), one after the other.
 *
 * @param parts  a number of equal parts, or the size of each
 * @throws ShapeError  if there is a remainder, or the sizes do not add up
 */
export const split = ((
  x: Tensor,
  parts: number | readonly number[],
  axis: number = 0,
): Tensor[] => {
  const node = nodeOf(x, "split");
  const { shape } = node;
  const at = normalizeAxis(axis, shape.length, "split");
  let from = 0;
  const slices = sizesOf(parts, shape[at], at, shape).map((size) => {
    const start = shape.map((_, i) => (i === at ? from : 0));
    from += size;
    const stop = shape.map((n, i) => (i === at ? from : n));
    return b.slice(node, { start, stop, step: shape.map(() => 1) });
  });
  return wrapAll(slices);
}) as SplitFunction;

function sizesOf(
  parts: number | readonly number[],
  size: number,
  axis: number,
  shape: readonly number[],
): readonly number[] {
  const what = `split: axis ${axis} of ${show(shape)}, of size ${size},`;
  if (typeof parts === "number") {
    if (!(Number.isSafeInteger(parts) && parts >= 1 && size % parts === 0))
      throw new ShapeError(`${what} has no ${parts} equal parts; give a list of sizes`);
    return new Array<number>(parts).fill(size / parts);
  }
  assertShape(parts, "split");
  const total = parts.reduce((sum, n) => sum + n, 0);
  if (total !== size)
    throw new ShapeError(`${what} is not what the sizes ${show(parts)} add up to: ${total}`);
  return parts;
}
