import { ShapeError } from "../base/errors.js";
import { removeAxes, type Shape, show, sizeOf } from "../base/shape.js";
import { type Layout, kernel, view } from "./lowering.js";
import type { Op } from "./op.js";
import { anyType, commonType, keeps, requireHeld, withBatch } from "./rules.js";
import { invert, sumTo } from "./recipes.js";

/** Operations that move elements and compute nothing. All but pad and concat are views. */

/** The same elements in the same row-major order under another shape. */
export const reshape: Op<1, { readonly shape: readonly number[] }> = {
  arity: 1,
  shape([x], { shape }, name) {
    if (sizeOf(shape) !== sizeOf(x.shape))
      throw new ShapeError(
        `${name}: ${show(x.shape)} has ${sizeOf(x.shape)} elements, ` +
          `${show(shape)} has ${sizeOf(shape)}`,
      );
    return [...shape];
  },
  dtype: keeps(anyType),
  vjp: (b, { src: [x], cotangent }) => [b.reshape(cotangent, { shape: [...x.shape] })],
  lower: view((source, { shape }) => reshapeLayout(source, shape)),
  batch: (_b, { src: [x], attrs, size, again }) => again([x], { shape: [size, ...attrs.shape] }),
  check: {
    cases: [
      { from: [2, 3], to: [6] },
      { from: [6], to: [3, 2] },
      { from: [], to: [1, 1] },
      { from: [1], to: [] },
      { from: [0, 3], to: [5, 0] },
      { from: [2, 3, 4], to: [4, 1, 6] },
    ].map(({ from, to }) => ({ src: [{ shape: from }], attrs: { shape: to } })),
  },
};

/** Strides under which `source`'s elements have `shape`, where there are such. */
function reshapeLayout(source: Layout, shape: readonly number[]): Layout | null {
  if (sizeOf(shape) === 0) return { shape, strides: shape.map(() => 0), offset: source.offset };
  // Only axes longer than 1 matter; runs of old axes must make up runs of new ones.
  const old = source.shape.flatMap((n, i) => (n === 1 ? [] : [{ n, stride: source.strides[i] }]));
  const strides = new Array<number>(shape.length).fill(0);
  let axis = old.length - 1;
  for (let i = shape.length - 1; i >= 0;) {
    if (shape[i] === 1) {
      i--;
      continue;
    }
    let oldSize = old[axis].n;
    const inner = old[axis].stride;
    let newSize = 1;
    const first = i;
    while (newSize !== oldSize) {
      if (newSize < oldSize) newSize *= shape[i--];
      else {
        axis--;
        // Two old axes can be seen as one only when the outer steps over the whole inner.
        if (old[axis].stride !== inner * oldSize) return null;
        oldSize *= old[axis].n;
      }
    }
    for (let j = first, stride = inner; j > i; stride *= shape[j], j--) strides[j] = stride;
    axis--;
  }
  return { shape, strides, offset: source.offset };
}

/** Axes in another order: axis i of the result is axis `axes[i]` of x. */
export const permute: Op<1, { readonly axes: readonly number[] }> = {
  arity: 1,
  shape([x], { axes }, name) {
    const sorted = [...axes].sort((a, b) => a - b);
    if (axes.length !== x.shape.length || sorted.some((axis, i) => axis !== i))
      throw new ShapeError(
        `${name}: axes ${show(axes)} are no order of the ${x.shape.length} axes of ${show(x.shape)}; ` +
          "name each axis once",
      );
    return axes.map((axis) => x.shape[axis]);
  },
  dtype: keeps(anyType),
  vjp: (b, { attrs: { axes }, cotangent }) => [b.permute(cotangent, { axes: invert(axes) })],
  lower: view(({ strides, offset }, { axes }, shape) => ({
    shape,
    strides: axes.map((axis) => strides[axis]),
    offset,
  })),
  batch: (_b, { src: [x], attrs, again }) =>
    again([x], { axes: [0, ...attrs.axes.map((axis) => axis + 1)] }),
  check: {
    cases: [
      { shape: [2, 3], axes: [1, 0] },
      { shape: [2, 3, 4], axes: [2, 0, 1] },
      { shape: [2, 3, 4], axes: [0, 1, 2] },
      { shape: [], axes: [] },
      { shape: [2, 0, 3], axes: [1, 2, 0] },
      { shape: [2, 1, 3, 2], axes: [3, 1, 0, 2] },
    ].map(({ shape, axes }) => ({ src: [{ shape }], attrs: { axes } })),
  },
};

/** Stretched to a larger shape by NumPy's rules: sizes of 1 repeat, new axes come in front. */
export const expand: Op<1, { readonly shape: readonly number[] }> = {
  arity: 1,
  shape([x], { shape }, name) {
    const extra = shape.length - x.shape.length;
    if (extra < 0 || x.shape.some((n, i) => n !== 1 && n !== shape[extra + i]))
      throw new ShapeError(
        `${name}: ${show(x.shape)} cannot be stretched to ${show(shape)}; ` +
          "aligned at the last axis, each size must be equal or 1",
      );
    return [...shape];
  },
  dtype: keeps(anyType),
  vjp: (b, { src: [x], cotangent }) => [sumTo(b, cotangent, x.shape)],
  lower: view(({ shape: from, strides, offset }, _attrs, shape) => ({
    shape,
    strides: shape.map((_, i) => {
      const axis = i - (shape.length - from.length);
      return axis < 0 || from[axis] === 1 ? 0 : strides[axis];
    }),
    offset,
  })),
  batch(b, { src: [x], attrs: { shape }, size }) {
    const ones = new Array<number>(shape.length + 1 - x.shape.length).fill(1);
    return b.expand(b.reshape(x, { shape: [size, ...ones, ...x.shape.slice(1)] }), {
      shape: [size, ...shape],
    });
  },
  check: {
    cases: [
      { from: [], to: [2, 3] },
      { from: [3], to: [2, 3] },
      { from: [2, 1], to: [2, 4] },
      { from: [1, 3, 1], to: [2, 3, 4] },
      { from: [1], to: [0] },
      { from: [0, 1], to: [2, 0, 3] },
      { from: [2, 3], to: [2, 3] },
    ].map(({ from, to }) => ({ src: [{ shape: from }], attrs: { shape: to } })),
  },
};

export interface SliceAttrs {
  readonly start: readonly number[];
  readonly stop: readonly number[];
  /** ≥ 1; to go backwards, flip. */
  readonly step: readonly number[];
}

/** Every `step`-th element from `start` up to but without `stop`, along each axis. */
export const slice: Op<1, SliceAttrs> = {
  arity: 1,
  shape([x], { start, stop, step }, name) {
    return x.shape.map((size, i) => {
      const [from, to, by] = [start[i], stop[i], step[i]];
      if (!(from >= 0 && from <= to && to <= size && by >= 1))
        throw new ShapeError(
          `${name}: ${from}:${to}:${by} is not within axis ${i} of shape ${show(x.shape)}`,
        );
      return Math.ceil((to - from) / by);
    });
  },
  dtype: keeps(anyType),
  vjp(b, { src: [x], out, attrs: { start, step }, cotangent }) {
    const used = out.shape.map((n, i) => (n === 0 ? 0 : (n - 1) * step[i] + 1));
    return [
      b.pad(cotangent, {
        low: start,
        high: x.shape.map((n, i) => n - start[i] - used[i]),
        interior: step.map((s) => s - 1),
        value: 0,
      }),
    ];
  },
  lower: view(({ strides, offset }, { start, step }, shape) => ({
    shape,
    strides: strides.map((stride, i) => stride * step[i]),
    offset: strides.reduce((sum, stride, i) => sum + stride * start[i], offset),
  })),
  batch: (_b, { src: [x], attrs: { start, stop, step }, size, again }) =>
    again([x], { start: [0, ...start], stop: [size, ...stop], step: [1, ...step] }),
  check: {
    cases: [
      { shape: [5], start: [1], stop: [4], step: [1] },
      { shape: [5], start: [0], stop: [5], step: [2] },
      { shape: [6], start: [1], stop: [6], step: [3] },
      { shape: [3, 4], start: [1, 0], stop: [3, 4], step: [1, 3] },
      { shape: [3, 4], start: [2, 2], stop: [2, 4], step: [1, 1] },
      { shape: [], start: [], stop: [], step: [] },
      { shape: [2, 3, 4], start: [0, 1, 2], stop: [2, 2, 4], step: [1, 1, 1] },
      { shape: [0, 5], start: [0, 1], stop: [0, 5], step: [1, 2] },
    ].map(({ shape, ...attrs }) => ({ src: [{ shape }], attrs })),
  },
};

export interface PadAttrs {
  /** Elements put before the first, along each axis. */
  readonly low: readonly number[];
  /** Elements put after the last. */
  readonly high: readonly number[];
  /** Elements put between any two. */
  readonly interior: readonly number[];
  readonly value: number;
}

const paddedSize = (n: number, i: number, { low, high, interior }: PadAttrs): number =>
  low[i] + high[i] + n + Math.max(n - 1, 0) * interior[i];

/** `value` put before, after and between the elements. @source XLA `Pad` */
export const pad: Op<1, PadAttrs> = {
  arity: 1,
  shape([x], attrs, name) {
    for (const sizes of [attrs.low, attrs.high, attrs.interior])
      if (sizes.length !== x.shape.length || sizes.some((n) => !(Number.isInteger(n) && n >= 0)))
        throw new ShapeError(
          `${name}: expected a count ≥ 0 for each axis of ${show(x.shape)}, got ${show(sizes)}`,
        );
    return x.shape.map((n, i) => paddedSize(n, i, attrs));
  },
  dtype([x], { value }, name) {
    requireHeld(value, x.dtype, name);
    return x.dtype;
  },
  vjp(b, { src: [x], attrs: { low, interior }, cotangent }) {
    const step = interior.map((n) => n + 1);
    const stop = x.shape.map((n, i) => low[i] + (n === 0 ? 0 : (n - 1) * step[i] + 1));
    return [b.slice(cotangent, { start: low, stop, step })];
  },
  lower: kernel("pad"),
  batch: (_b, { src: [x], attrs: { low, high, interior, value }, again }) =>
    again([x], { low: [0, ...low], high: [0, ...high], interior: [0, ...interior], value }),
  check: {
    cases: [
      { shape: [3], low: [1], high: [2], interior: [0], value: 0 },
      { shape: [3], low: [0], high: [0], interior: [2], value: 1 },
      { shape: [2, 3], low: [1, 0], high: [0, 2], interior: [1, 0], value: -1 },
      { shape: [0], low: [2], high: [1], interior: [1], value: 7 },
      { shape: [], low: [], high: [], interior: [], value: 0 },
      { shape: [1, 2, 2], low: [0, 1, 1], high: [0, 1, 1], interior: [0, 0, 0], value: 0 },
    ].map(({ shape, ...attrs }) => ({ src: [{ shape }], attrs })),
  },
};

/** Elements in reverse order along some axes. */
export const flip: Op<1, { readonly axes: readonly number[] }> = {
  arity: 1,
  shape: ([x]) => [...x.shape],
  dtype: keeps(anyType),
  vjp: (b, { attrs, cotangent }) => [b.flip(cotangent, attrs)],
  lower: view(({ shape, strides, offset }, { axes }) => ({
    shape,
    strides: strides.map((stride, i) => (axes.includes(i) ? -stride : stride)),
    offset: axes.reduce((sum, i) => sum + strides[i] * Math.max(shape[i] - 1, 0), offset),
  })),
  batch: (_b, { src: [x], attrs, again }) => again([x], { axes: attrs.axes.map((a) => a + 1) }),
  check: {
    cases: [
      { shape: [5], axes: [0] },
      { shape: [2, 3], axes: [1] },
      { shape: [2, 3], axes: [0, 1] },
      { shape: [0, 2], axes: [0] },
      { shape: [1], axes: [0] },
      { shape: [2, 3, 4], axes: [0, 2] },
    ].map(({ shape, axes }) => ({ src: [{ shape }], attrs: { axes } })),
  },
};

/** Tensors laid one after the other along an axis; other sizes must agree. */
export const concat: Op<"any", { readonly axis: number }> = {
  arity: "any",
  shape(src, { axis }, name) {
    if (src.length === 0) throw new ShapeError(`${name}: needs one tensor or more`);
    const first = src[0].shape;
    for (const { shape } of src)
      if (
        shape.length !== first.length ||
        show(removeAxes(shape, [axis])) !== show(removeAxes(first, [axis]))
      )
        throw new ShapeError(
          `${name}: shapes ${show(first)} and ${show(shape)} differ outside axis ${axis}`,
        );
    const out: Shape = [...first];
    out[axis] = src.reduce((total, { shape }) => total + shape[axis], 0);
    return out;
  },
  dtype: (src, _attrs, name) => commonType(src, anyType, name),
  vjp(b, { src, attrs: { axis }, cotangent }) {
    let from = 0;
    return src.map(({ shape }) => {
      const to = from + shape[axis];
      const part = b.slice(cotangent, {
        start: shape.map((_, i) => (i === axis ? from : 0)),
        stop: shape.map((n, i) => (i === axis ? to : n)),
        step: shape.map(() => 1),
      });
      from = to;
      return part;
    });
  },
  lower: kernel("concat"),
  batch: (b, { src, batched, size, attrs, again }) =>
    again(withBatch(b, src, batched, size), { axis: attrs.axis + 1 }),
  check: {
    cases: [
      { shapes: [[2], [3]], axis: 0 },
      { shapes: [[1], [0], [4]], axis: 0 },
      {
        shapes: [
          [2, 3],
          [2, 1],
        ],
        axis: 1,
      },
      { shapes: [[2, 3]], axis: 0 },
      {
        shapes: [
          [0, 2],
          [3, 2],
          [1, 2],
        ],
        axis: 0,
      },
      {
        shapes: [
          [2, 1, 3],
          [2, 4, 3],
        ],
        axis: 1,
      },
    ].map(({ shapes, axis }) => ({ src: shapes.map((shape) => ({ shape })), attrs: { axis } })),
  },
};
