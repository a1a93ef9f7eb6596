import { ShapeError } from "../base/errors.js";
import { positions, type ReadonlyShape, sameShape, show } from "../base/shape.js";
import { kernel, view } from "./lowering.js";
import type { Builder, Node, Op } from "./op.js";
import { widened } from "./recipes.js";
import { anyType, keeps, numbers } from "./rules.js";

/**
 * Sliding windows, and their transpose. Pooling is a reduction over windows; so is a moving
 * average. The two are each other's gradient.
 */

export interface WindowAttrs {
  readonly axes: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
}

function windowsShape(
  shape: ReadonlyShape,
  size: readonly number[],
  { axes, strides, dilation }: WindowAttrs,
  name: string,
): number[] {
  const out = [...shape];
  axes.forEach((axis, i) => {
    const [window, stride, gap] = [size[i], strides[i], dilation[i]];
    if (![window, stride, gap].every((n) => Number.isInteger(n) && n >= 1))
      throw new ShapeError(
        `${name}: window sizes, strides and dilation must be whole numbers ≥ 1, ` +
          `got ${window}, ${stride} and ${gap}`,
      );
    const count = positions(shape[axis], window, stride, gap);
    if (!(count >= 1))
      throw new ShapeError(
        `${name}: window ${size.join("×")}${gap > 1 ? ` with dilation ${gap}` : ""} ` +
          `does not fit axis ${axis} of shape ${show(shape)}`,
      );
    out[axis] = count;
  });
  return [...out, ...size];
}

/** At `axes` the window's positions, and behind all axes the elements under it. A view. */
export const windows: Op<1, WindowAttrs & { readonly size: readonly number[] }> = {
  arity: 1,
  shape: ([x], attrs, name) => windowsShape(x.shape, attrs.size, attrs, name),
  dtype: keeps(anyType),
  vjp: (b, { src: [x], attrs, cotangent }) => {
    if (isPartition(x, attrs)) return [putTogether(b, cotangent, x, attrs)];
    const { axes, strides, dilation } = attrs;
    const spatial = axes.map((axis) => x.shape[axis]);
    return [widened(b, cotangent, (wide) => b.fold(wide, { axes, strides, dilation, spatial }))];
  },
  lower: view((source, { axes, strides, dilation }, shape) => {
    const moved = source.strides.map((stride, i) => stride * (strides[axes.indexOf(i)] ?? 1));
    const inside = axes.map((axis, i) => source.strides[axis] * dilation[i]);
    return { shape, strides: [...moved, ...inside], offset: source.offset };
  }),
  batch: (_b, { src: [x], attrs, again }) =>
    again([x], { ...attrs, axes: attrs.axes.map((axis) => axis + 1) }),
  check: {
    cases: [
      { shape: [7], axes: [0], size: [3], strides: [1], dilation: [1] },
      { shape: [7], axes: [0], size: [3], strides: [2], dilation: [2] },
      { shape: [2, 4, 6, 3], axes: [1, 2], size: [2, 2], strides: [2, 2], dilation: [1, 1] },
      { shape: [1, 5, 4, 2], axes: [1, 2], size: [3, 2], strides: [1, 2], dilation: [1, 1] },
      { shape: [4], axes: [], size: [], strides: [], dilation: [] },
      { shape: [1], axes: [0], size: [1], strides: [2], dilation: [1] },
      { shape: [0, 5], axes: [1], size: [2], strides: [1], dilation: [1] },
    ].map(({ shape, ...attrs }) => ({ src: [{ shape }], attrs })),
  },
};

/** Do windows cover every element once? */
const isPartition = (
  x: Node,
  { axes, size, strides, dilation }: WindowAttrs & { readonly size: readonly number[] },
): boolean =>
  axes.every(
    (axis, i) => size[i] === strides[i] && dilation[i] === 1 && x.shape[axis] % size[i] === 0,
  );

/**
 * Such windows put back in their places. Nothing is added up: these are views, which what comes
 * before can be computed through.
 */
function putTogether(b: Builder, cotangent: Node, x: Node, { axes }: WindowAttrs): Node {
  const order = x.shape.flatMap((_, axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? [axis] : [axis, x.shape.length + i];
  });
  return b.reshape(b.permute(cotangent, { axes: order }), { shape: [...x.shape] });
}

/** Windows put back in their places, what overlaps added up. `spatial`: the sizes at `axes`. */
export const fold: Op<1, WindowAttrs & { readonly spatial: readonly number[] }> = {
  arity: 1,
  shape([x], attrs, name) {
    const { axes, spatial } = attrs;
    const rank = x.shape.length - axes.length;
    const out = x.shape.slice(0, rank);
    axes.forEach((axis, i) => (out[axis] = spatial[i]));
    const expected = windowsShape(out, x.shape.slice(rank), attrs, name);
    if (!sameShape(expected, x.shape))
      throw new ShapeError(
        `${name}: expected windows of shape ${show(expected)} for sizes ${show(spatial)}, ` +
          `got ${show(x.shape)}`,
      );
    return out;
  },
  dtype: keeps(numbers),
  vjp: (b, { src: [x], attrs: { axes, strides, dilation }, cotangent }) => [
    b.windows(cotangent, {
      axes,
      strides,
      dilation,
      size: axes.length === 0 ? [] : x.shape.slice(-axes.length),
    }),
  ],
  lower: kernel("fold"),
  batch: (_b, { src: [x], attrs, again }) =>
    again([x], { ...attrs, axes: attrs.axes.map((axis) => axis + 1) }),
  check: {
    cases: [
      { shape: [5, 3], axes: [0], strides: [1], dilation: [1], spatial: [7] },
      { shape: [2, 3], axes: [0], strides: [2], dilation: [2], spatial: [7] },
      { shape: [1, 1], axes: [0], strides: [2], dilation: [1], spatial: [1] },
      { shape: [0, 4, 2], axes: [1], strides: [1], dilation: [1], spatial: [5] },
      {
        shape: [2, 2, 3, 1, 2, 2],
        axes: [1, 2],
        strides: [2, 2],
        dilation: [1, 1],
        spatial: [5, 6],
      },
    ].map(({ shape, ...attrs }) => ({ src: [{ shape }], attrs })),
  },
};
