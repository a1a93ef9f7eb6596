import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { conv2d as convolve } from "../../tensor/functions/convolution.js";
import { zeros } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Padding2d, Pair } from "../../tensor/types/windows.js";
import { type Activation, activationOf } from "../activations.js";
import { type InitializerLike, initializerOf } from "../initializers/named.js";
import type { Layer, Variables } from "../layer.js";
import type { Conv2dRule } from "../types/rules.js";

export interface Conv2dOptions<
  Stride extends Pair = Pair,
  P extends Padding2d = Padding2d,
  Dilation extends Pair = Pair,
> {
  /** Pixels from one window to the next (default 1). */
  readonly stride?: Stride;
  /** "valid" (default), "same", pixels on every side, or [[top, bottom], [left, right]]. */
  readonly padding?: P;
  /** Pixels from one of a window's points to the next (default 1). */
  readonly dilation?: Dilation;
  /** Parts that the channels are split into, each with kernels of its own (default 1). */
  readonly groups?: number;
  readonly activation?: Activation;
  readonly bias?: boolean;
  /** First values of the kernel [kh, kw, c / groups, filters] (default "glorotUniform"). */
  readonly kernelInitializer?: InitializerLike;
  readonly name?: string;
}

/**
 * Slides `filters` kernels over images: [n, h, w, c] to [n, oh, ow, filters].
 *
 * @param size  of the window in pixels: one number, or [vertical, horizontal]
 * @throws ShapeError  if no window fits, or channels cannot be split into the groups
 * @source Dumoulin & Visin, arXiv:1603.07285
 */
export function conv2d<
  const Filters extends number,
  const K extends Pair,
  const Stride extends Pair = 1,
  const P extends Padding2d = "valid",
  const Dilation extends Pair = 1,
>(
  filters: Filters,
  size: K,
  options: Conv2dOptions<Stride, P, Dilation> = {},
): Layer<Conv2dRule<Filters, K, Stride, P, Dilation>> {
  const { stride, padding, dilation, groups = 1, bias = true, name } = options;
  const activation = activationOf(options.activation, "conv2d");
  const initializer = initializerOf(options.kernelInitializer ?? "glorotUniform", "conv2d");
  const window = typeof size === "number" ? [size, size] : (size as readonly number[]);
  return {
    kind: "conv2d",
    name,
    options: { filters, size, ...options } as never,
    init(key, shape) {
      if (shape.length !== 3)
        throw new ShapeError(`conv2d: each example must be [h, w, c], not ${show(shape)}`);
      const channels = shape[2] / groups;
      if (!Number.isInteger(channels))
        throw new ShapeError(
          `conv2d: the ${shape[2]} channels of ${show(shape)} cannot be split into ${groups} groups`,
        );
      const kernel = initializer(key, [...window, channels, filters]);
      const params: Variables = { kernel };
      return bias ? { ...params, bias: zeros([filters]) } : params;
    },
    apply(params, x) {
      const { kernel, bias } = params as { kernel: Tensor; bias?: Tensor };
      const options = { stride, padding, dilation, groups } as object;
      const result = convolve(x as never, kernel as never, options) as Tensor;
      return activation(bias === undefined ? result : result.add(bias));
    },
  };
}
