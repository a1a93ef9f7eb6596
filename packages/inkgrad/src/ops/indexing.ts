import type { DType } from "../base/dtype.js";
import { ShapeError } from "../base/errors.js";
import { sameShape, show } from "../base/shape.js";
import { elementwiseCheck } from "./check.js";
import { kernel } from "./lowering.js";
import type { Builder, Node, Op } from "./op.js";
import { iotaAlong, moveAxis, takeAlong, widened, withinAxis, zerosLike } from "./recipes.js";
import {
  anyType,
  commonType,
  computable,
  discrete,
  gives,
  keeps,
  numbers,
  requireType,
  withBatch,
} from "./rules.js";
import type { Axis } from "./reduce.js";

/** Elements picked, placed and ordered by integer positions. Indices are i32, from 0. */

const requireAxis = (x: Node, axis: number, name: string): void => {
  if (!(axis >= 0 && axis < x.shape.length))
    throw new ShapeError(`${name}: axis ${axis} is out of range for shape ${show(x.shape)}`);
};

/** `shape` with the sizes of `index` in place of axis `axis`. */
const gatheredShape = (x: Node, index: Node, axis: number): number[] => [
  ...x.shape.slice(0, axis),
  ...index.shape,
  ...x.shape.slice(axis + 1),
];

/**
 * The slices of x at `index` along an axis: the axis is replaced by the axes of `index`. Throws
 * `IndexError` when run with a position outside the axis. @source NumPy `take`
 */
export const gather: Op<2, Axis> = {
  arity: 2,
  shape([x, index], { axis }, name) {
    requireAxis(x, axis, name);
    return gatheredShape(x, index, axis);
  },
  dtype([x, index], _attrs, name) {
    requireType(index, ["i32"], `${name}: the index`);
    return x.dtype;
  },
  vjp: (b, { src: [x, index], attrs: { axis }, cotangent }) => [
    widened(b, cotangent, (wide) => {
      const zeros = b.full({ shape: [...x.shape], value: 0, dtype: wide.dtype });
      return b.scatter(zeros, index, wide, { axis, mode: "add" });
    }),
    null,
  ],
  lower: kernel("gather"),
  batch(b, { src: [x, index], batched, attrs: { axis }, again }) {
    if (!batched[1]) return again([x, index], { axis: axis + 1 });
    if (!batched[0]) return moveAxis(b, again([x, index], { axis }), axis, 0);
    const flat = intoAxis(b, x, axis);
    return moveAxis(b, again([flat, offset(b, index, x.shape[axis + 1])], { axis }), axis, 0);
  },
  check: {
    cases: [
      { shape: [5], index: [3], axis: 0, values: [4, 0, 4] },
      { shape: [3, 4], index: [2, 2], axis: 1, values: [1, 3, 0, 1] },
      { shape: [3, 4], index: [], axis: 0, values: [2] },
      { shape: [2, 3, 2], index: [4], axis: 1, values: [2, 2, 0, 1] },
      { shape: [3, 0], index: [2], axis: 0, values: [0, 2] },
      { shape: [3], index: [0], axis: 0, values: [0] },
    ].map(({ shape, index, values, axis }) => ({
      src: [{ shape }, { shape: index, dtype: "i32", values }],
      attrs: { axis },
    })),
  },
};

export interface ScatterAttrs extends Axis {
  /** "set": the last of several updates to one place stays. "add": all are added. */
  readonly mode: "set" | "add";
}

/** x with `updates` set at (or added to) the places from which `gather` would take them. */
export const scatter: Op<3, ScatterAttrs> = {
  arity: 3,
  shape([x, index, updates], { axis }, name) {
    requireAxis(x, axis, name);
    const expected = gatheredShape(x, index, axis);
    if (!sameShape(updates.shape, expected))
      throw new ShapeError(
        `${name}: expected updates of shape ${show(expected)}, got ${show(updates.shape)}`,
      );
    return [...x.shape];
  },
  dtype([x, index, updates], { mode }, name) {
    requireType(index, ["i32"], `${name}: the index`);
    return commonType([x, updates], mode === "add" ? numbers : anyType, name);
  },
  vjp(b, { src: [x, index, updates], attrs: { axis, mode }, cotangent }) {
    const taken = b.gather(cotangent, index, { axis });
    if (mode === "add") return [cotangent, null, taken];
    const cleared = b.scatter(cotangent, index, zerosLike(b, updates), { axis, mode });
    return [cleared, null, b.where(stays(b, x, index, updates, axis), taken, 0)];
  },
  lower: kernel("scatter"),
  batch(b, { src: [x, index, updates], batched, size, attrs, again }) {
    const { axis, mode } = attrs;
    const [xs, us] = withBatch(b, [x, updates], [batched[0], batched[2]], size) as [Node, Node];
    if (!batched[1]) return again([xs, index, us], { axis: axis + 1, mode });
    const n = xs.shape[axis + 1];
    const placed = again(
      [intoAxis(b, xs, axis), offset(b, index, n), moveAxis(b, us, 0, axis)],
      attrs,
    );
    const apart = [...placed.shape.slice(0, axis), size, n, ...placed.shape.slice(axis + 1)];
    return moveAxis(b, b.reshape(placed, { shape: apart }), axis, 0);
  },
  check: {
    cases: (["set", "add"] as const).flatMap((mode) =>
      [
        { shape: [5], index: [3], axis: 0, values: [4, 0, 4] },
        { shape: [3, 4], index: [2, 2], axis: 1, values: [1, 3, 0, 1] },
        { shape: [3, 4], index: [], axis: 0, values: [2] },
        { shape: [2, 3, 2], index: [2], axis: 1, values: [2, 0] },
        { shape: [3], index: [0], axis: 0, values: [0] },
      ].map(({ shape, index, values, axis }) => ({
        src: [
          { shape },
          { shape: index, dtype: "i32" as DType, values },
          { shape: [...shape.slice(0, axis), ...index, ...shape.slice(axis + 1)] },
        ],
        attrs: { axis, mode },
      })),
    ),
  },
};

/** Which updates are not overwritten by a later one: shaped like `updates`, bool. */
function stays(b: Builder, x: Node, index: Node, updates: Node, axis: number): Node {
  const count = index.shape.reduce((product, n) => product * n, 1);
  const order = b.reshape(b.iota({ size: count, dtype: "i32" }), { shape: [...index.shape] });
  const none = b.full({ shape: [x.shape[axis]], value: -1, dtype: "i32" });
  const last = b.scatter(none, index, order, { axis: 0, mode: "set" });
  const kept = b.equal(b.gather(last, index, { axis: 0 }), order);
  const trailing = x.shape.slice(axis + 1).map(() => 1);
  return b.expand(b.reshape(kept, { shape: [...index.shape, ...trailing] }), {
    shape: [...updates.shape],
  });
}

/** [B, pre…, n, post…] as [pre…, B·n, post…], so that one axis tells example and position. */
function intoAxis(b: Builder, x: Node, axis: number): Node {
  const moved = moveAxis(b, x, 0, axis);
  const [before, after] = [moved.shape.slice(0, axis), moved.shape.slice(axis + 2)];
  const n = moved.shape[axis] * moved.shape[axis + 1];
  return b.reshape(moved, { shape: [...before, n, ...after] });
}

/** Positions within each example, as positions in the merged axis. None gets into the next one. */
const offset = (b: Builder, index: Node, n: number): Node =>
  b.add(withinAxis(b, index, n), b.mul(iotaAlong(b, index.shape, 0), n));

export interface SortAttrs extends Axis {
  readonly descending: boolean;
}

const sortCases = [
  { shape: [6], axis: 0, descending: false },
  { shape: [6], axis: 0, descending: true },
  { shape: [3, 4], axis: 1, descending: false },
  { shape: [4, 3], axis: 0, descending: true },
  { shape: [1], axis: 0, descending: false },
  { shape: [2, 0], axis: 1, descending: false },
  { shape: [2, 5, 2], axis: 1, descending: false },
].map(({ shape, ...attrs }) => ({ src: [{ shape, kind: "distinct" as const }], attrs }));

/** Sorted along an axis, equal elements in their order; NaN counts as the greatest. */
export const sort: Op<1, SortAttrs> = {
  arity: 1,
  shape([x], { axis }, name) {
    requireAxis(x, axis, name);
    return [...x.shape];
  },
  dtype: keeps(computable),
  vjp(b, { src: [x], attrs, cotangent }) {
    const order = b.argsort(x, attrs);
    const back = b.argsort(order, { axis: attrs.axis, descending: false });
    return [takeAlong(b, cotangent, back, attrs.axis)];
  },
  lower: kernel("sort"),
  batch: (_b, { src: [x], attrs, again }) => again([x], { ...attrs, axis: attrs.axis + 1 }),
  check: { cases: sortCases, special: elementwiseCheck(1, {}).special! },
};

/** The positions that would sort x along an axis. */
export const argsort: Op<1, SortAttrs> = {
  ...sort,
  dtype: gives("i32", computable),
  vjp: discrete,
  lower: kernel("argsort"),
  check: { ...sort.check, noGradient: "the result is discrete" },
};
