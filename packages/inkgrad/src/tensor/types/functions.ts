import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { Div, IsWhole } from "./arithmetic.js";
import type { Along, Axis, AxisArg, Put } from "./axes.js";
import type { Broadcast, Broadcast3 } from "./broadcast.js";
import type { Float, FloatOf, Promote } from "./dtype.js";
import type { Concat, JoinedDType, ShapesOf, Stack } from "./join.js";
import type { Filled, Literal, LiteralDType, TensorData } from "./literal.js";
import type { FloatWith, Operand, PromoteBoth, ShapeIn } from "./operand.js";
import type { Reduce } from "./reduce.js";
import type { AnyRank, Checked, Good, Of, Unknowns } from "./rule.js";
import type { Conv1d, Conv2d, Padding1d, Padding2d, Pair, Pool1d, Pool2d } from "./windows.js";

/**
 * The types of functions that are no methods, for `export const concat: ConcatFunction = …`.
 *
 * NoInfer around an optional dtype in a result: without it the place where `zeros([3])` is used
 * would decide, and a list of tensors would make it `DType`. Likewise for a size or shape that may
 * be left out: `const x: Tensor<[2]> = tensor([1, 2, 3])` must not believe its left side.
 */

// ---- making tensors

export interface DTypeOption<D extends DType> {
  dtype?: D;
}

/** S, not to be guessed from the place of use. NoInfer would stay in the result and be shown. */
type Unasked<T, S extends Shape> = T extends unknown ? Good<S> : never;

export interface TensorFunction {
  <
    const T extends TensorData,
    const S extends Shape = Of<Literal<T>>,
    D extends DType = LiteralDType<T>,
  >(
    data: Checked<Literal<T>, T>,
    options?: { shape?: Checked<Filled<T, S>, readonly [...S]>; dtype?: D },
  ): Tensor<Of<Unasked<T, S>>, NoInfer<D>>;
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

/** [rows, columns], square when the columns are left out; `k` names the diagonal of ones. */
export interface EyeFunction {
  <N extends number, M extends number = N, D extends DType = "f32">(
    rows: N,
    columns?: M,
    k?: number,
    options?: DTypeOption<D>,
  ): Tensor<[N, NoInfer<M>], NoInfer<D>>;
}

export interface ArangeFunction {
  <N extends number, D extends DType = "f32">(
    stop: N,
    options?: DTypeOption<D>,
  ): Tensor<[IsWhole<N> extends true ? N : number], NoInfer<D>>;
  <D extends DType = "f32">(
    start: number,
    stop: number,
    options?: DTypeOption<D>,
  ): Tensor<[number], NoInfer<D>>;
  <D extends DType = "f32">(
    start: number,
    stop: number,
    step: number,
    options?: DTypeOption<D>,
  ): Tensor<[number], NoInfer<D>>;
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

// ---- elementwise

/** The shape stays; integers become f32. */
export interface ActivationFunction {
  <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, FloatOf[D]>;
}
/** With a factor for what is not positive. */
export interface ScaledActivationFunction {
  <S extends Shape, D extends DType>(x: Tensor<S, D>, factor?: number): Tensor<S, FloatOf[D]>;
}
export interface GeluOptions {
  /** With tanh instead of the error function (default false). */
  readonly approximate?: boolean;
}
export interface GeluFunction {
  <S extends Shape, D extends DType>(x: Tensor<S, D>, options?: GeluOptions): Tensor<S, FloatOf[D]>;
}
export interface ReluFunction {
  <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D>;
}
export interface ClipFunction {
  <S extends Shape, D extends DType>(x: Tensor<S, D>, low: number, high: number): Tensor<S, D>;
}

/** Of two that broadcast; integers become f32. */
export interface FloatPairFunction<Op extends string> {
  <A extends Operand, B extends Operand>(
    x: A,
    y: Checked<Broadcast<ShapeIn<A>, ShapeIn<B>, Op>, B>,
  ): Tensor<
    Of<Broadcast<ShapeIn<A>, ShapeIn<B>, Op>>,
    A extends { dtype: infer D extends DType } ? FloatWith<D, B> : FloatWith<"bool", B>
  >;
}

export interface CloseOptions {
  readonly rtol?: number;
  readonly atol?: number;
  readonly equalNaN?: boolean;
}
export interface IsCloseFunction {
  <X extends Tensor, O extends Operand>(
    x: X,
    y: Checked<Broadcast<X["shape"], ShapeIn<O>, "isClose">, O>,
    options?: CloseOptions,
  ): Tensor<Of<Broadcast<X["shape"], ShapeIn<O>, "isClose">>, "bool">;
}

// ---- along axes

/** softmax, logSoftmax. */
export interface SoftmaxFunction<Op extends string> {
  <X extends Tensor, A extends number = -1>(
    x: X,
    axis?: Checked<Along<X["shape"], A, Op>, A>,
  ): Tensor<X["shape"], Float<X["dtype"]>>;
}
export interface LogSumExpFunction {
  <X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    x: X,
    axis?: Checked<Reduce<X["shape"], A, K, "logSumExp">, A>,
    options?: { keepDims?: K },
  ): Tensor<Of<Reduce<X["shape"], A, K, "">>, Float<X["dtype"]>>;
}

/** The size of axis A is V in the result. */
type WithSize<S extends Shape, A extends number, V> =
  AnyRank<S> extends true
    ? number[]
    : number extends A
      ? Unknowns<S>
      : Put<S, Axis<S, A>, V & number>;

/** One tensor for each size that is given; of equal parts a list. */
export interface SplitFunction {
  <X extends Tensor, const P extends number | readonly number[], A extends number = 0>(
    x: X,
    parts: P,
    axis?: Checked<Along<X["shape"], A, "split">, A>,
  ): P extends readonly number[]
    ? { -readonly [K in keyof P]: Tensor<WithSize<X["shape"], A, P[K]>, X["dtype"]> }
    : Tensor<
        WithSize<X["shape"], A, Div<X["shape"][Axis<X["shape"], A>], P & number>>,
        X["dtype"]
      >[];
}

export interface TakeFunction {
  <X extends Tensor, I extends Tensor, A extends number>(
    x: X,
    index: I,
    axis: Checked<Along<X["shape"], A, "take">, A>,
  ): Tensor<Taken<X["shape"], I["shape"], A>, X["dtype"]>;
}
type Taken<S extends Shape, I extends Shape, A extends number> =
  AnyRank<S> extends true
    ? number[]
    : AnyRank<I> extends true
      ? number[]
      : number extends A
        ? number[]
        : Replace<S, Axis<S, A>, I>;
/** S with all of I in place of its axis A. */
type Replace<
  S extends Shape,
  A extends number,
  I extends Shape,
  Out extends Shape = [],
> = S extends readonly [infer H extends number, ...infer R extends Shape]
  ? Out["length"] extends A
    ? [...Out, ...I, ...R]
    : Replace<R, A, I, [...Out, H]>
  : Out;

// ---- matrices

/** tril, triu. */
export interface TriangleFunction {
  <S extends Shape, D extends DType>(x: Tensor<S, D>, k?: number): Tensor<S, D>;
}
export interface DiagFunction {
  <X extends Tensor, K extends number = 0>(
    x: X,
    k?: K,
  ): Tensor<Diagonal<X["shape"], K>, X["dtype"]>;
}
type Diagonal<S extends Shape, K extends number> = S extends readonly [infer N extends number]
  ? K extends 0
    ? [N, N]
    : [number, number]
  : S extends readonly [number, number]
    ? [number]
    : number[];

// ---- values

export interface UniqueOptions {
  readonly returnInverse?: boolean;
  readonly returnCounts?: boolean;
}
export interface UniqueFunction {
  <X extends Tensor, const O extends UniqueOptions = Record<never, never>>(
    x: X,
    options?: O,
  ): UniqueResult<X, O>;
}
type UniqueResult<X extends Tensor, O extends UniqueOptions> = O extends
  { returnInverse: true } | { returnCounts: true }
  ? [
      values: Tensor<[number], X["dtype"]>,
      ...(O extends { returnInverse: true } ? [inverse: Tensor<X["shape"], "i32">] : []),
      ...(O extends { returnCounts: true } ? [counts: Tensor<[number], "i32">] : []),
    ]
  : Tensor<[number], X["dtype"]>;

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
