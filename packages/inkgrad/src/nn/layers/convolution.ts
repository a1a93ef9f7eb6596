import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { type Padding, paddingOf, type PerAxis, perAxis } from "../../tensor/functions/spatial.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Activation, activationOf } from "../activations.js";
import { type InitializerLike, initializerOf } from "../initializers/named.js";
import type { Layer } from "../layer.js";
import { requireCount, requireSpatial, savable } from "./options.js";

/** What conv1d and conv2d have in common. */

export interface ConvolutionOptions {
  /** Parts that the channels are split into, each with kernels of its own (default 1). */
  readonly groups?: number;
  /** Applied to the result (default: none). */
  readonly activation?: Activation;
  /** Is something added to each filter's result? (default true) */
  readonly bias?: boolean;
  /** First values of the kernel [...window, c / groups, filters] (default "glorotUniform"). */
  readonly kernelInitializer?: InitializerLike;
  /** First values of the bias [filters] (default "zeros"). */
  readonly biasInitializer?: InitializerLike;
  /** Name of its parameters (default: its kind, numbered). */
  readonly name?: string;
}

interface Geometry {
  readonly stride?: PerAxis;
  readonly padding?: Padding;
  readonly dilation?: PerAxis;
}

/** The function that does it: of x, kernel and options. */
type Convolve = (x: never, kernel: never, options: never) => unknown;

export function convolution(
  kind: "conv1d" | "conv2d",
  convolve: Convolve,
  filters: number,
  size: PerAxis,
  options: ConvolutionOptions & Geometry,
): Layer {
  const rank = kind === "conv1d" ? 1 : 2;
  const { stride = 1, padding = "valid", dilation = 1, groups = 1, bias = true, name } = options;
  requireCount(filters, "filters", kind);
  requireCount(groups, "groups", kind);
  const window = perAxis(size, rank, "the window", kind);
  const slide = {
    window,
    strides: perAxis(stride, rank, "stride", kind),
    dilation: perAxis(dilation, rank, "dilation", kind),
  };
  // Only to have it checked: the sizes are not known yet.
  paddingOf(padding, window, slide, kind);
  if (filters % groups !== 0)
    throw new ShapeError(`${kind}: the ${filters} filters cannot be split into ${groups} groups`);
  const activation = activationOf(options.activation, kind);
  const initializer = initializerOf(options.kernelInitializer ?? "glorotUniform", kind);
  const biasOf = initializerOf(options.biasInitializer ?? "zeros", kind);

  return {
    kind,
    name,
    options: savable({ filters, size, ...options }),
    init(key, shape) {
      requireSpatial(shape, rank, kind);
      const c = shape[rank];
      if (c % groups !== 0)
        throw new ShapeError(
          `${kind}: the ${c} channels of ${show(shape)} cannot be split into ${groups} groups`,
        );
      const kernel = initializer(key, [...window, c / groups, filters]);
      return { kernel, ...(bias && { bias: biasOf(foldIn(key, 1), [filters]) }) };
    },
    apply(params, x, context) {
      requireSpatial(x.shape.slice(1), rank, kind);
      const { kernel, bias } = params as { kernel: Tensor; bias?: Tensor };
      const how = { stride, padding, dilation, groups };
      const result = convolve(x as never, kernel as never, how as never) as Tensor;
      return activation(bias === undefined ? result : result.add(bias), context);
    },
  };
}
