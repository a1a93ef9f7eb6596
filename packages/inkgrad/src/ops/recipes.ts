import { computeType, isStorageOnly } from "../base/dtype.js";
import { keptShape, type ReadonlyShape, sizeOf } from "../base/shape.js";
import type { Builder, Node } from "./op.js";
import type { CustomRule } from "./source.js";

/** Small pieces of graph that several gradient and batching rules are made of. */

/** A reduction's cotangent, stretched back over the axes that were summed away. */
export const spread = (b: Builder, y: Node, x: Node, axes: readonly number[]): Node =>
  b.expand(b.reshape(y, { shape: keptShape(x.shape, axes) }), { shape: [...x.shape] });

/** Summed back to a shape that stretches to x's: what undoes `expand` in a gradient. */
export function sumTo(b: Builder, x: Node, shape: readonly number[]): Node {
  const extra = x.shape.length - shape.length;
  const axes = [...x.shape.keys()].filter(
    (i) => i < extra || (shape[i - extra] === 1 && x.shape[i] !== 1),
  );
  const summed = axes.length === 0 ? x : widened(b, x, (wide) => b.sum(wide, { axes }));
  return summed.shape.length === shape.length ? summed : b.reshape(summed, { shape: [...shape] });
}

/** A computation in the type that `x` is computed in; the result is stored as `x` was. */
export function widened(b: Builder, x: Node, compute: (wide: Node) => Node): Node {
  if (!isStorageOnly(x.dtype)) return compute(x);
  return b.cast(compute(b.cast(x, { dtype: computeType(x.dtype) })), { dtype: x.dtype });
}

/** The permutation that undoes `order`. */
export function invert(order: readonly number[]): number[] {
  const inverse = new Array<number>(order.length);
  order.forEach((from, to) => (inverse[from] = to));
  return inverse;
}

/** Elements moved `by` places along an axis, the places left filled with `fill`. */
export function shift(b: Builder, x: Node, axis: number, by: number, fill: number): Node {
  const n = x.shape[axis];
  const kept = Math.max(n - Math.abs(by), 0);
  const at = (value: number): number[] => x.shape.map((_, i) => (i === axis ? value : 0));
  const start = by > 0 ? 0 : n - kept;
  const part = b.slice(x, {
    start: at(start),
    stop: x.shape.map((size, i) => (i === axis ? start + kept : size)),
    step: x.shape.map(() => 1),
  });
  const [low, high] = by > 0 ? [n - kept, 0] : [0, n - kept];
  return b.pad(part, { low: at(low), high: at(high), interior: at(0), value: fill });
}

/** Products of all elements before each one (after it, with `reverse`). */
export function exclusiveProduct(b: Builder, x: Node, axis: number, reverse: boolean): Node {
  return shift(b, b.cumprod(x, { axis, reverse }), axis, reverse ? -1 : 1, 1);
}

/** One axis taken to another place, the others keeping their order. */
export function moveAxis(b: Builder, x: Node, from: number, to: number): Node {
  if (from === to) return x;
  const axes = [...x.shape.keys()].filter((i) => i !== from);
  axes.splice(to, 0, from);
  return b.permute(x, { axes });
}

/** A tensor full of zeros, like `x`. */
export const zerosLike = (b: Builder, x: Node): Node =>
  b.full({ shape: [...x.shape], value: 0, dtype: x.dtype });

/** 0, 1, 2, … along `axis` of a tensor of `shape`. */
export function iotaAlong(b: Builder, shape: ReadonlyShape, axis: number): Node {
  const line = b.iota({ size: shape[axis], dtype: "i32" });
  const aligned = b.reshape(line, { shape: shape.map((n, i) => (i === axis ? n : 1)) });
  return b.expand(aligned, { shape: [...shape] });
}

/**
 * The same positions, held to an axis of `size`: what is outside throws when run, as in `gather`.
 * For positions that are then counted in a longer axis, where they would find other elements.
 */
export const withinAxis = (b: Builder, index: Node, size: number): Node =>
  b.gather(b.iota({ size, dtype: "i32" }), index, { axis: 0 });

/**
 * Element `index[…]` along `axis`, at each place: `index` differs from `x` in that axis only. Throws
 * `IndexError` when run with a position outside the axis.
 */
export function takeAlong(b: Builder, x: Node, index: Node, axis: number): Node {
  const last = x.shape.length - 1;
  const rows = moveAxis(b, x, axis, last);
  const wanted = moveAxis(b, index, axis, last);
  const [n, m] = [rows.shape[last], wanted.shape[last]];
  const count = sizeOf(wanted.shape.slice(0, -1));
  const row = iotaAlong(b, [count, m], 0);
  const within = withinAxis(b, b.reshape(wanted, { shape: [count, m] }), n);
  const flat = b.add(within, b.mul(row, n));
  const taken = b.gather(b.reshape(rows, { shape: [count * n] }), flat, { axis: 0 });
  return moveAxis(b, b.reshape(taken, { shape: [...wanted.shape] }), last, axis);
}

/** The last two axes swapped. */
export const transposed = (b: Builder, x: Node): Node => {
  const axes = [...x.shape.keys()];
  axes.splice(-2, 2, axes.length - 1, axes.length - 2);
  return b.permute(x, { axes });
};

const noFlow: CustomRule = { vjp: (_b, inputs) => inputs.map(() => null), batch: () => noFlow };

/** x, through which no gradient flows. */
export const stopped = (b: Builder, x: Node): Node => b.custom([x], { rule: noFlow });
