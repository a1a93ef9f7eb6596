import { computeType, type DType, floatType, rangeOf } from "../../base/dtype.js";
import { ShapeError } from "../../base/errors.js";
import { positions, show, sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo, expandTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type {
  AvgPool1dFunction,
  AvgPool2dFunction,
  MaxPool1dFunction,
  MaxPool2dFunction,
} from "../types/functions.js";
import type { GlobalAvgPoolFunction, GlobalMaxPoolFunction } from "../types/functions-signal.js";
import { max, mean, type ReduceOptions } from "./reduce.js";
import {
  type Padding,
  paddingOf,
  type PerAxis,
  perAxis,
  requireChannelsLast,
  type Sides,
  type Slide,
} from "./spatial.js";

interface Options {
  readonly stride?: PerAxis;
  readonly padding?: Padding;
}

/**
 * The greatest element of each window. What is padded never wins; elements that tie share the
 * gradient evenly; NaN anywhere under a window gives NaN.
 *
 * @param x       [n, w, c]
 * @param window  elements
 * @param options.stride   elements from one window to the next (default: the window)
 * @param options.padding  "valid" (default), "same" as in TensorFlow, elements on either side (less
 *                         than the window), or [[before, after]]
 * @returns       [n, ow, c], of x's type
 * @throws ShapeError  if not even one window fits, or one would lie wholly in the padding
 */
export const maxPool1d: MaxPool1dFunction = ((x: Tensor, window: PerAxis, options?: Options) =>
  maxPool(x, window, options, 1, "maxPool1d")) as never;

/**
 * As `maxPool1d`, over two axes: [n, h, w, c] to [n, oh, ow, c]. Window, stride and padding are one
 * number or one for each axis.
 */
export const maxPool2d: MaxPool2dFunction = ((x: Tensor, window: PerAxis, options?: Options) =>
  maxPool(x, window, options, 2, "maxPool2d")) as never;

/**
 * The mean of each window: of the elements of x under it, so that padding does not count.
 *
 * @param x       [n, w, c]
 * @param window  elements
 * @param options as for `maxPool1d`
 * @returns       [n, ow, c], floats
 * @throws ShapeError  as `maxPool1d`
 */
export const avgPool1d: AvgPool1dFunction = ((x: Tensor, window: PerAxis, options?: Options) =>
  avgPool(x, window, options, 1, "avgPool1d")) as never;

/** As `avgPool1d`, over two axes: [n, h, w, c] to [n, oh, ow, c]. */
export const avgPool2d: AvgPool2dFunction = ((x: Tensor, window: PerAxis, options?: Options) =>
  avgPool(x, window, options, 2, "avgPool2d")) as never;

function maxPool(
  x: Tensor,
  window: PerAxis,
  options: Options = {},
  rank: number,
  op: string,
): Tensor {
  const node = nodeOf(x, op);
  const pool = poolOf(node, window, options, rank, op);
  const wide = castTo(node, computeType(node.dtype));
  if (pool.empty) return wrap(b.full({ shape: pool.shape, value: 0, dtype: node.dtype }));
  const under = windowsOf(wide, pool, rangeOf(wide.dtype)[0]);
  return wrap(castTo(b.max(under, { axes: pool.inside }), node.dtype));
}

function avgPool(
  x: Tensor,
  window: PerAxis,
  options: Options = {},
  rank: number,
  op: string,
): Tensor {
  const node = nodeOf(x, op);
  const pool = poolOf(node, window, options, rank, op);
  const dtype = floatType(node.dtype);
  if (pool.empty) return wrap(b.full({ shape: pool.shape, value: 0, dtype }));
  const total = b.sum(windowsOf(castTo(node, dtype), pool, 0), { axes: pool.inside });
  return wrap(b.div(total, countsOf(node, pool, dtype)));
}

interface Pool extends Slide {
  readonly padding: readonly Sides[];
  /** Shape of the result; is there nothing in it? */
  readonly shape: number[];
  readonly empty: boolean;
  /** Axes of `windowsOf` that lie within a window. */
  readonly inside: number[];
}

function poolOf(x: Node, size: PerAxis, options: Options, rank: number, op: string): Pool {
  requireChannelsLast(x, rank, op);
  const window = perAxis(size, rank, "the window", op);
  const strides = perAxis(options.stride ?? window, rank, "stride", op);
  const slide = { window, strides, dilation: window.map(() => 1) };
  const sizes = x.shape.slice(1, -1);
  const padding = paddingOf(options.padding ?? "valid", sizes, slide, op);
  if (padding.some((sides, i) => Math.max(...sides) >= window[i]))
    throw new ShapeError(
      `${op}: padding ${JSON.stringify(padding)} must be less than the window, ` +
        `${window.join("×")}: a window wholly in it has no elements`,
    );
  const counts = sizes.map((n, i) => {
    const count = n === 0 ? 0 : positions(n, window[i], strides[i], 1, padding[i]);
    if (count < 1 && n > 0)
      throw new ShapeError(`${op}: window ${window.join("×")} does not fit ${show(x.shape)}`);
    return count;
  });
  const shape = [x.shape[0], ...counts, x.shape.at(-1)!];
  const inside = window.map((_, i) => rank + 2 + i);
  return { ...slide, padding, shape, empty: sizeOf(shape) === 0, inside };
}

/** The elements under each window, in axes of their own at the end; `outside` where x ends. */
function windowsOf(x: Node, { window, strides, dilation, padding }: Pool, outside: number): Node {
  const none = padding.every(([low, high]) => low + high === 0);
  const padded = none
    ? x
    : b.pad(x, {
        low: [0, ...padding.map(([low]) => low), 0],
        high: [0, ...padding.map(([, high]) => high), 0],
        interior: x.shape.map(() => 0),
        value: outside,
      });
  return b.windows(padded, { axes: window.map((_, i) => i + 1), size: window, strides, dilation });
}

/** How many elements of x lie under each window. */
function countsOf(x: Node, pool: Pool, dtype: DType): Node | number {
  if (pool.padding.every(([low, high]) => low + high === 0)) return sizeOf(pool.window);
  const ones = b.full({ shape: [1, ...x.shape.slice(1, -1), 1], value: 1, dtype });
  return expandTo(b.sum(windowsOf(ones, pool, 0), { axes: pool.inside }), pool.shape);
}

const spatialAxes = (x: Tensor, op: string): number[] => {
  const { shape } = nodeOf(x, op);
  if (shape.length < 3)
    throw new ShapeError(
      `${op}: x must be [n, ...spatial, c] with one spatial axis or more, not ${show(shape)}`,
    );
  return shape.slice(1, -1).map((_, i) => i + 1);
};

/**
 * The greatest element over all spatial axes: [n, ...spatial, c] to [n, c], or with `keepDims` to
 * [n, 1, …, c]. Elements that tie share the gradient evenly.
 */
export const globalMaxPool: GlobalMaxPoolFunction = ((x: Tensor, options?: ReduceOptions) =>
  max(x, spatialAxes(x, "globalMaxPool"), options)) as never;

/** The mean over all spatial axes: [n, ...spatial, c] to [n, c], or with `keepDims` [n, 1, …, c]. */
export const globalAvgPool: GlobalAvgPoolFunction = ((x: Tensor, options?: ReduceOptions) =>
  mean(x, spatialAxes(x, "globalAvgPool"), options)) as never;
