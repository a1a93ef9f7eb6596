import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import {
  avgPool1d as average1d,
  avgPool2d as average2d,
  globalAvgPool as averageAll,
  globalMaxPool as greatestAll,
  maxPool1d as greatest1d,
  maxPool2d as greatest2d,
} from "../../tensor/functions/pooling.js";
import { type Padding, paddingOf, type PerAxis, perAxis } from "../../tensor/functions/spatial.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Padding1d, Padding2d, Pair } from "../../tensor/types/windows.js";
import type { Layer } from "../layer.js";
import type { GlobalPoolRule, Pool1dRule, Pool2dRule } from "../types/rules.js";
import { requireSpatial, savable } from "./options.js";

export interface Pool1dOptions<Stride extends number = number, P extends Padding1d = Padding1d> {
  /** Steps from one window to the next (default: the window). */
  readonly stride?: Stride;
  /** "valid" (default), "same", steps on either side (less than the window), or [[before, after]]. */
  readonly padding?: P;
}

export interface Pool2dOptions<Stride extends Pair = Pair, P extends Padding2d = Padding2d> {
  /** Pixels from one window to the next (default: the window). */
  readonly stride?: Stride;
  /** "valid" (default), "same", pixels on every side (less than the window), or those of each side. */
  readonly padding?: P;
}

type PoolFunction = (x: never, window: never, options: never) => unknown;

function pooling(
  kind: "maxPool1d" | "avgPool1d" | "maxPool2d" | "avgPool2d",
  pool: PoolFunction,
  size: PerAxis,
  options: { readonly stride?: PerAxis; readonly padding?: Padding },
): Layer {
  const rank = kind.endsWith("1d") ? 1 : 2;
  const window = perAxis(size, rank, "the window", kind);
  const strides = perAxis(options.stride ?? size, rank, "stride", kind);
  // Only to have it checked: the sizes are not known yet.
  const slide = { window, strides, dilation: window.map(() => 1) };
  paddingOf(options.padding ?? "valid", window, slide, kind);
  return {
    kind,
    options: savable({ size, ...options }),
    apply(_params, x) {
      requireSpatial(x.shape.slice(1), rank, kind);
      return pool(x as never, size as never, options as never) as Tensor;
    },
  };
}

/** The greatest number of each window: [n, steps, c] to [n, windows, c]. What is padded never wins. */
export const maxPool1d = <
  const K extends number,
  const Stride extends number = K,
  const P extends Padding1d = "valid",
>(
  size: K,
  options: Pool1dOptions<Stride, P> = {},
): Layer<Pool1dRule<K, Stride, P, "maxPool1d">> =>
  pooling("maxPool1d", greatest1d, size, options) as never;

/** The mean of each window: [n, steps, c] to [n, windows, c]. What is padded does not count. */
export const avgPool1d = <
  const K extends number,
  const Stride extends number = K,
  const P extends Padding1d = "valid",
>(
  size: K,
  options: Pool1dOptions<Stride, P> = {},
): Layer<Pool1dRule<K, Stride, P, "avgPool1d">> =>
  pooling("avgPool1d", average1d, size, options) as never;

/** The greatest number of each window: [n, h, w, c] to [n, oh, ow, c]. What is padded never wins. */
export const maxPool2d = <
  const K extends Pair,
  const Stride extends Pair = K,
  const P extends Padding2d = "valid",
>(
  size: K,
  options: Pool2dOptions<Stride, P> = {},
): Layer<Pool2dRule<K, Stride, P, "maxPool2d">> =>
  pooling("maxPool2d", greatest2d, size, options) as never;

/** The mean of each window: [n, h, w, c] to [n, oh, ow, c]. What is padded does not count. */
export const avgPool2d = <
  const K extends Pair,
  const Stride extends Pair = K,
  const P extends Padding2d = "valid",
>(
  size: K,
  options: Pool2dOptions<Stride, P> = {},
): Layer<Pool2dRule<K, Stride, P, "avgPool2d">> =>
  pooling("avgPool2d", average2d, size, options) as never;

const overAll = <const Kind extends "globalAvgPool" | "globalMaxPool">(
  kind: Kind,
  pool: (x: Tensor) => Tensor,
): Layer<GlobalPoolRule<Kind>> => ({
  kind,
  options: {},
  apply(_params, x) {
    const example = x.shape.slice(1);
    if (example.length < 2)
      throw new ShapeError(
        `${kind}: each example must be [...spatial, c] with one spatial axis or more, not ${show(example)}`,
      );
    return pool(x);
  },
});

/** The mean of each channel: [n, ...spatial, c] to [n, c]. */
export const globalAvgPool = (): Layer<GlobalPoolRule<"globalAvgPool">> =>
  overAll("globalAvgPool", (x) => averageAll(x) as Tensor);

/** The greatest number of each channel: [n, ...spatial, c] to [n, c]. */
export const globalMaxPool = (): Layer<GlobalPoolRule<"globalMaxPool">> =>
  overAll("globalMaxPool", (x) => greatestAll(x) as Tensor);
