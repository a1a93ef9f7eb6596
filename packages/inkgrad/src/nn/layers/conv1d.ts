import { conv1d as convolve } from "../../tensor/functions/convolution.js";
import type { Padding1d } from "../../tensor/types/windows.js";
import type { Layer } from "../layer.js";
import type { Conv1dRule } from "../types/rules.js";
import { convolution, type ConvolutionOptions } from "./convolution.js";

export interface Conv1dOptions<
  Stride extends number = number,
  P extends Padding1d = Padding1d,
  Dilation extends number = number,
  Groups extends number = number,
> extends ConvolutionOptions {
  /** Steps from one window to the next (default 1). */
  readonly stride?: Stride;
  /** "valid" (default: none), "same" as in TensorFlow, steps on either side, or [[before, after]]. */
  readonly padding?: P;
  /** Steps from one of a window's points to the next (default 1). */
  readonly dilation?: Dilation;
  readonly groups?: Groups;
}

/**
 * Slides `filters` kernels over series: [n, steps, c] to [n, windows, filters].
 *
 * @param size  of the window in steps
 * @throws ShapeError  if no window fits, or channels cannot be split into the groups
 * @source Dumoulin & Visin, arXiv:1603.07285
 */
export const conv1d = <
  const Filters extends number,
  const K extends number,
  const Stride extends number = 1,
  const P extends Padding1d = "valid",
  const Dilation extends number = 1,
  const Groups extends number = 1,
>(
  filters: Filters,
  size: K,
  options: Conv1dOptions<Stride, P, Dilation, Groups> = {},
): Layer<Conv1dRule<Filters, K, Stride, P, Dilation, Groups>> =>
  convolution("conv1d", convolve, filters, size, options) as never;
