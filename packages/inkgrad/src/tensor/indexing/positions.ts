import type { TypedArray } from "../../base/dtype.js";
import { DTypeError, IndexError, TraceError } from "../../base/errors.js";
import { show, sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { constantNode, type GraphNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { withinAxis } from "../../ops/recipes.js";
import { evaluateNow } from "../evaluate.js";
import { castTo } from "../operand.js";

/** Positions given as tensors: checked, counted from the front, i32. */

/** Throws for a position outside the axis. */
export function requirePosition(at: number, axis: number, shape: readonly number[]): void {
  if (!Number.isInteger(at))
    throw new IndexError(`at: index ${at} is not a whole number; round it first`);
  if (at >= -shape[axis] && at < shape[axis]) return;
  throw new IndexError(
    `at: index ${at} is out of range for axis ${axis} of shape ${show(shape)}; ` +
      (shape[axis] === 0 ? "it is empty" : `use ${-shape[axis]} to ${shape[axis] - 1}`),
  );
}

/**
 * An index tensor's positions along axis `axis` of `shape`, the negative ones counted from the end.
 * Values that are known are checked here and now, others when they are.
 *
 * @param guarded  check them even where no `gather` follows that would
 */
export function positions(
  index: GraphNode,
  axis: number,
  shape: readonly number[],
  guarded: boolean,
): Node {
  const size = shape[axis];
  if (index.value !== null) return knownPositions(index, index.value, axis, shape);
  const counted = countedFromFront(index, size);
  return guarded ? withinAxis(b, counted, size) : counted;
}

/** Negative positions as positive ones, i32. What is outside the axis stays outside it. */
export function countedFromFront(index: Node, size: number): Node {
  // What i32 cannot hold is beyond every axis, and must not wrap round to count from the end.
  if (index.dtype === "u32") return castTo(b.minimum(index, 2 ** 31 - 1), "i32");
  if (index.dtype !== "i32") return castTo(index, "i32");
  const fromEnd = b.logicalAnd(b.less(index, 0), b.greaterEqual(index, -size || 0));
  return b.where(fromEnd, b.add(index, size), index);
}

function knownPositions(
  index: GraphNode,
  value: TypedArray,
  axis: number,
  shape: readonly number[],
): Node {
  let fromFront = index.dtype === "i32";
  for (const at of value) {
    requirePosition(at, axis, shape);
    fromFront &&= at >= 0;
  }
  if (fromFront) return index;
  const counted = Int32Array.from(value, (at) => (at < 0 ? at + shape[axis] : at));
  return constantNode(counted, index.shape, "i32");
}

/** Throws for tensors that are no positions. */
export function requireIndexType({ dtype }: Node): void {
  if (dtype !== "i32" && dtype !== "u32" && dtype !== "u8")
    throw new DTypeError(
      `at: an index tensor must be i32, u32, u8 or bool, got ${dtype}; use .cast("i32") first`,
    );
}

/** The row-major number, among axes of `sizes`, of the element that `indices` say together. */
export const joined = (indices: readonly Node[], sizes: readonly number[]): Node =>
  indices.reduce((flat, index, i) => b.add(b.mul(flat, sizes[i]), index));

/** Where a mask is true: the positions along each of its axes, in row-major order. */
export function truePositions(mask: GraphNode, op: string): Int32Array<ArrayBuffer>[] {
  const value = valueOf(mask, op);
  let count = 0;
  for (const bit of value) if (bit !== 0) count++;
  const found = mask.shape.map(() => new Int32Array(count));
  for (let at = 0, i = 0; i < count; at++) {
    if (value[at] === 0) continue;
    let rest = at;
    for (let axis = mask.shape.length - 1; axis >= 0; axis--) {
      found[axis][i] = rest % mask.shape[axis];
      rest = Math.floor(rest / mask.shape[axis]);
    }
    i++;
  }
  return found;
}

function valueOf(mask: GraphNode, op: string): TypedArray {
  try {
    return evaluateNow([mask])[0];
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    throw new TraceError(
      `${op}: how many elements a mask of ${sizeOf(mask.shape)} picks is known only when its ` +
        "values are, and inside vmap or compile they are not. Use where(mask, x, 0), or set the " +
        "same value everywhere, as x.at(mask).set(0)",
      { cause: error },
    );
  }
}
