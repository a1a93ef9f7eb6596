import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { Float, Promote, Summed } from "./dtype.js";
import type { DTypeOption } from "./functions.js";
import type { AnyRank, Unknowns } from "./rule.js";
import type { Padding1d, Padding2d, Pair } from "./windows.js";

/** The types of functions on signals and images whose sizes are worked out at run time. */

// ---- windows

export interface ConvTransposeOptions<Option, Padding> {
  /** Elements of the result from one window to the next (default 1). */
  stride?: Option;
  /** Elements cut off: "valid" (default): none. "same": as many as leave size · stride. */
  padding?: Padding;
  /** Elements added behind, less than the stride (default 0). */
  outputPadding?: Option;
  /** Elements from one of a window's points to the next (default 1). */
  dilation?: Option;
  /** Parts that x's channels are split into, each seen by its own part of the kernel (default 1). */
  groups?: number;
}
export interface ConvTranspose1dFunction {
  <X extends Tensor, K extends Tensor>(
    x: X,
    kernel: K,
    options?: ConvTransposeOptions<number, Padding1d>,
  ): Tensor<[number, number, number], Promote<X["dtype"], K["dtype"]>>;
}
export interface ConvTranspose2dFunction {
  <X extends Tensor, K extends Tensor>(
    x: X,
    kernel: K,
    options?: ConvTransposeOptions<Pair, Padding2d>,
  ): Tensor<[number, number, number, number], Promote<X["dtype"], K["dtype"]>>;
}

/** [n, ...spatial, c] to [n, c]; with `keepDims` the rank stays. */
type GlobalPool<S extends Shape, Keep extends boolean> = [Keep] extends [false]
  ? S extends readonly [infer N extends number, ...Shape, infer C extends number]
    ? [N, C]
    : [number, number]
  : number[];
export interface GlobalMaxPoolFunction {
  <X extends Tensor, Keep extends boolean = false>(
    x: X,
    options?: { keepDims?: Keep },
  ): Tensor<GlobalPool<X["shape"], Keep>, X["dtype"]>;
}
export interface GlobalAvgPoolFunction {
  <X extends Tensor, Keep extends boolean = false>(
    x: X,
    options?: { keepDims?: Keep },
  ): Tensor<GlobalPool<X["shape"], Keep>, Float<X["dtype"]>>;
}

// ---- signals

/** Which part of a convolution: all of it, as much as the longer one, what needs no padding. */
export type ConvolutionMode = "full" | "same" | "valid";

/** convolve, correlate. */
export interface ConvolveFunction {
  <A extends Tensor, B extends Tensor>(
    a: A,
    b: B,
    mode?: ConvolutionMode,
  ): Tensor<[number], Summed<Promote<A["dtype"], B["dtype"]>>>;
}

export interface Convolve2dOptions {
  /** "full" (default), "same": the size of a, "valid": where no padding is needed. */
  mode?: ConvolutionMode;
  /** What lies beyond a's edges: `fillValue` (default), a again, or a mirrored. */
  boundary?: "fill" | "wrap" | "symmetric";
  /** Default 0. */
  fillValue?: number;
}
export interface Convolve2dFunction {
  <A extends Tensor, B extends Tensor>(
    a: A,
    b: B,
    options?: Convolve2dOptions,
  ): Tensor<[number, number], Summed<Promote<A["dtype"], B["dtype"]>>>;
}

export interface FftConvolveFunction {
  <A extends Tensor, B extends Tensor>(
    a: A,
    b: B,
    mode?: ConvolutionMode,
  ): Tensor<SameRank<A["shape"]>, Float<Promote<A["dtype"], B["dtype"]>>>;
}
type SameRank<S extends Shape> = AnyRank<S> extends true ? number[] : Unknowns<S>;

export interface FourierOptions {
  /** The axis along which to transform (default -1). */
  axis?: number;
  /** Points: what is longer is cut, what is shorter filled with zeros (default: as many as there are). */
  n?: number;
}
/** fft, ifft: [real, imaginary]. */
export interface FourierFunction {
  <X extends Tensor, Y extends Tensor = X>(
    re: X,
    im?: Y,
    options?: FourierOptions & { n?: undefined },
  ): Spectrum<X["shape"], Float<Promote<X["dtype"], Y["dtype"]>>>;
  <X extends Tensor, Y extends Tensor = X>(
    re: X,
    im?: Y,
    options?: FourierOptions,
  ): Spectrum<SameRank<X["shape"]>, Float<Promote<X["dtype"], Y["dtype"]>>>;
}
export type Spectrum<S extends Shape, D extends DType> = [re: Tensor<S, D>, im: Tensor<S, D>];

export interface RealFourierFunction {
  <X extends Tensor>(
    x: X,
    options?: FourierOptions,
  ): Spectrum<SameRank<X["shape"]>, Float<X["dtype"]>>;
}
export interface InverseRealFourierFunction {
  <X extends Tensor, Y extends Tensor>(
    re: X,
    im: Y,
    options?: FourierOptions,
  ): Tensor<SameRank<X["shape"]>, Float<Promote<X["dtype"], Y["dtype"]>>>;
}
export interface FrequenciesFunction {
  <N extends number, D extends DType = "f32">(
    n: N,
    spacing?: number,
    options?: DTypeOption<D>,
  ): Tensor<[N], NoInfer<D>>;
}
