import { loadsOf, type Value, withLayouts } from "../backend/program.js";
import { sizeOf } from "../base/shape.js";
import type { Schedule } from "../graph/schedule.js";
import type { Layout } from "../ops/lowering.js";
import type { Node } from "../ops/op.js";
import { lowerOf, onHost } from "./materialise.js";

/**
 * Nobody sees how an intermediate result lies. One that is computed from elements in another order
 * (the windows of a pooling) is stored in theirs, so that loops go along memory on both sides.
 */

/** Nodes that kernels of their own read: those go by the order of the axes. */
export const readInOrder = ({ steps }: Schedule): Node[] =>
  steps.flatMap(({ node }) => {
    const lower = lowerOf(node);
    const itself = lower.kind === "kernel" && !byLayout.has(lower.kernel);
    return itself || onHost(node) ? node.src : [];
  });

/** Kernels that are written as loops and folds, through any layout. */
const byLayout = new Set(["sum", "prod", "max", "min", "any", "all", "pad", "concat"]);

/**
 * The order of axes in which a value's largest operand lies, outermost first; null if it is that of
 * the axes already, or does not go over all of them.
 */
export function orderOf(value: Value): number[] | null {
  const whole = loadsOf(value)
    .map(({ from }) => from.layout)
    .filter(({ shape, strides }) => shape.every((n, i) => n === 1 || strides[i] > 0));
  if (whole.length === 0) return null;
  const { shape, strides } = whole.reduce((a, b) => (sizeOf(b.shape) > sizeOf(a.shape) ? b : a));
  const axes = [...shape.keys()];
  const long = axes.filter((axis) => shape[axis] > 1);
  const sorted = [...long].sort((a, b) => strides[b] - strides[a] || a - b);
  if (sorted.every((axis, i) => axis === long[i])) return null;
  return [...axes.filter((axis) => shape[axis] === 1), ...sorted];
}

/** Elements without gaps, the axes in an order. */
export function laidOut(shape: readonly number[], order: readonly number[]): Layout {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (const axis of [...order].reverse()) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return { shape, strides, offset: 0 };
}

/** A layout over the axes in another order. */
export const inOrderOf = (
  order: readonly number[],
  { shape, strides, offset }: Layout,
): Layout => ({
  shape: order.map((axis) => shape[axis]),
  strides: order.map((axis) => strides[axis]),
  offset,
});

/** A value over an index space whose axes come in another order. */
export const reordered = (value: Value, order: readonly number[]): Value =>
  withLayouts(value, (layout) => inOrderOf(order, layout));
