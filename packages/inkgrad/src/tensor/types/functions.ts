import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { Broadcast3 } from "./broadcast.js";
import type { Float, Promote } from "./dtype.js";
import type { Concat, JoinedDType, ShapesOf, Stack } from "./join.js";
import type { Filled, Literal, LiteralDType, TensorData } from "./literal.js";
import type { Operand, PromoteBoth, ShapeIn } from "./operand.js";
import type { Checked, Of } from "./rule.js";
import type { Conv1d, Conv2d, Padding1d, Padding2d, Pair, Pool1d, Pool2d } from "./windows.js";

/**
 * The types of functions that are no methods, for `export const concat: ConcatFunction = …`.
 *
 * NoInfer around an optional dtype in a result: without it the place where `zeros([3])` is used
 * would decide, and a list of tensors would make it `DType`.
 */

// ---- making tensors

export interface DTypeOption<D extends DType> {
  dtype?: D;
}

export interface TensorFunction {
  <
    const T extends TensorData,
    const S extends Shape = Of<Literal<T>>,
    D extends DType = LiteralDType<T>,
  >(
    data: Checked<Literal<T>, T>,
    options?: { shape?: Checked<Filled<T, S>, readonly [...S]>; dtype?: D },
  ): Tensor<S, NoInfer<D>>;
}

/** zeros, ones, empty. */
export interface FilledFunction {
  <const S extends Shape, D extends DType = "f32">(
    shape: readonly [...S],
    options?: DTypeOption<D>,
  ): Tensor<S, NoInfer<D>>;
}

export interface FullFunction {
  <const S extends Shape, D extends DType = "f32">(
    shape: readonly [...S],
    value: number,
    options?: DTypeOption<D>,
  ): Tensor<S, NoInfer<D>>;
}

/** zerosLike, onesLike. */
export interface LikeFunction {
  <S extends Shape, D extends DType, E extends DType = D>(
    x: Tensor<S, D>,
    options?: DTypeOption<E>,
  ): Tensor<S, NoInfer<E>>;
}

/** [rows, columns], square when the columns are left out. */
export interface EyeFunction {
  <N extends number, M extends number = N, D extends DType = "f32">(
    rows: N,
    columns?: M,
    options?: DTypeOption<D>,
  ): Tensor<[N, M], NoInfer<D>>;
}

export interface LinspaceFunction {
  <N extends number, D extends DType = "f32">(
    start: number,
    stop: number,
    count: N,
    options?: DTypeOption<D>,
  ): Tensor<[N], NoInfer<D>>;
}

export interface OneHotFunction {
  <X extends Tensor, N extends number, D extends DType = "f32">(
    classes: X,
    depth: N,
    options?: DTypeOption<D>,
  ): Tensor<number extends X["shape"]["length"] ? number[] : [...X["shape"], N], NoInfer<D>>;
}

// ---- joining and choosing

export interface ConcatFunction {
  <const T extends readonly Tensor[], A extends number = 0>(
    tensors: Checked<Concat<ShapesOf<T>, A>, T>,
    axis?: A,
  ): Tensor<Of<Concat<ShapesOf<T>, A>>, JoinedDType<T>>;
}

export interface StackFunction {
  <const T extends readonly Tensor[], A extends number = 0>(
    tensors: Checked<Stack<ShapesOf<T>, A>, T>,
    axis?: A,
  ): Tensor<Of<Stack<ShapesOf<T>, A>>, JoinedDType<T>>;
}

export interface WhereFunction {
  <C extends Tensor, A extends Operand, B extends Operand>(
    condition: C,
    ifTrue: A,
    ifFalse: Checked<Broadcast3<C["shape"], ShapeIn<A>, ShapeIn<B>, "where">, B>,
  ): Tensor<Of<Broadcast3<C["shape"], ShapeIn<A>, ShapeIn<B>, "where">>, PromoteBoth<A, B>>;
}

// ---- windows

export interface ConvOptions<Stride, Padding, Dilation, Groups> {
  /** Elements from one window to the next (default 1). */
  stride?: Stride;
  /** "valid" (default): none. "same": as many as give ceil(size / stride) windows. */
  padding?: Padding;
  /** Elements from one of a window's points to the next (default 1). */
  dilation?: Dilation;
  /** Parts that x's channels are split into, each seen by its own part of the kernel (default 1). */
  groups?: Groups;
}
export interface PoolOptions<Stride, Padding> {
  /** Elements from one window to the next (default: the window's size). */
  stride?: Stride;
  /** "valid" (default): none. "same": as many as give ceil(size / stride) windows. */
  padding?: Padding;
}

export interface Conv1dFunction {
  <
    X extends Tensor,
    K extends Tensor,
    Stride extends number = 1,
    const P extends Padding1d = "valid",
    Dilation extends number = 1,
    G extends number = 1,
  >(
    x: X,
    kernel: Checked<Conv1d<X["shape"], K["shape"], Stride, P, Dilation, G>, K>,
    options?: ConvOptions<Stride, P, Dilation, G>,
  ): Tensor<
    Of<Conv1d<X["shape"], K["shape"], Stride, P, Dilation, G>>,
    Promote<X["dtype"], K["dtype"]>
  >;
}

export interface Conv2dFunction {
  <
    X extends Tensor,
    K extends Tensor,
    const Stride extends Pair = 1,
    const P extends Padding2d = "valid",
    const Dilation extends Pair = 1,
    G extends number = 1,
  >(
    x: X,
    kernel: Checked<Conv2d<X["shape"], K["shape"], Stride, P, Dilation, G>, K>,
    options?: ConvOptions<Stride, P, Dilation, G>,
  ): Tensor<
    Of<Conv2d<X["shape"], K["shape"], Stride, P, Dilation, G>>,
    Promote<X["dtype"], K["dtype"]>
  >;
}

export interface MaxPool1dFunction {
  <
    X extends Tensor,
    K extends number,
    Stride extends number = K,
    const P extends Padding1d = "valid",
  >(
    x: X,
    window: Checked<Pool1d<X["shape"], K, Stride, P, "maxPool1d">, K>,
    options?: PoolOptions<Stride, P>,
  ): Tensor<Of<Pool1d<X["shape"], K, Stride, P, "maxPool1d">>, X["dtype"]>;
}
export interface AvgPool1dFunction {
  <
    X extends Tensor,
    K extends number,
    Stride extends number = K,
    const P extends Padding1d = "valid",
  >(
    x: X,
    window: Checked<Pool1d<X["shape"], K, Stride, P, "avgPool1d">, K>,
    options?: PoolOptions<Stride, P>,
  ): Tensor<Of<Pool1d<X["shape"], K, Stride, P, "avgPool1d">>, Float<X["dtype"]>>;
}
export interface MaxPool2dFunction {
  <
    X extends Tensor,
    const K extends Pair,
    const Stride extends Pair = K,
    const P extends Padding2d = "valid",
  >(
    x: X,
    window: Checked<Pool2d<X["shape"], K, Stride, P, "maxPool2d">, K>,
    options?: PoolOptions<Stride, P>,
  ): Tensor<Of<Pool2d<X["shape"], K, Stride, P, "maxPool2d">>, X["dtype"]>;
}
export interface AvgPool2dFunction {
  <
    X extends Tensor,
    const K extends Pair,
    const Stride extends Pair = K,
    const P extends Padding2d = "valid",
  >(
    x: X,
    window: Checked<Pool2d<X["shape"], K, Stride, P, "avgPool2d">, K>,
    options?: PoolOptions<Stride, P>,
  ): Tensor<Of<Pool2d<X["shape"], K, Stride, P, "avgPool2d">>, Float<X["dtype"]>>;
}
