import { conv2d as convolve } from "../../tensor/functions/convolution.js";
import type { Padding2d, Pair } from "../../tensor/types/windows.js";
import type { Layer } from "../layer.js";
import type { Conv2dRule } from "../types/rules.js";
import { convolution, type ConvolutionOptions } from "./convolution.js";

export interface Conv2dOptions<
  Stride extends Pair = Pair,
  P extends Padding2d = Padding2d,
  Dilation extends Pair = Pair,
  Groups extends number = number,
> extends ConvolutionOptions {
  /** Pixels from one window to the next (default 1). */
  readonly stride?: Stride;
  /**
   * "valid" (default: none), "same" as in TensorFlow, pixels on every side, or
   * [[top, bottom], [left, right]].
   */
  readonly padding?: P;
  /** Pixels from one of a window's points to the next (default 1). */
  readonly dilation?: Dilation;
  readonly groups?: Groups;
}

/**
 * Slides `filters` kernels over images: [n, h, w, c] to [n, oh, ow, filters].
 *
 * @param size  of the window in pixels: one number, or [vertical, horizontal]
 * @throws ShapeError  if no window fits, or channels cannot be split into the groups
 * @source Dumoulin & Visin, arXiv:1603.07285
 */
export const conv2d = <
  const Filters extends number,
  const K extends Pair,
  const Stride extends Pair = 1,
  const P extends Padding2d = "valid",
  const Dilation extends Pair = 1,
  const Groups extends number = 1,
>(
  filters: Filters,
  size: K,
  options: Conv2dOptions<Stride, P, Dilation, Groups> = {},
): Layer<Conv2dRule<Filters, K, Stride, P, Dilation, Groups>> =>
  convolution("conv2d", convolve, filters, size, options) as never;
