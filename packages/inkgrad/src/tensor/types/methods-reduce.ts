import type { Tensor } from "../tensor.js";
import type { Along, AxisArg } from "./axes.js";
import type { Float, Summed } from "./dtype.js";
import type { Reduce } from "./reduce.js";
import type { Checked, Of } from "./rule.js";

export interface ReduceOptions<K extends boolean> {
  /** Keep the reduced axes with size 1, so that the result broadcasts with what it came from. */
  keepDims?: K;
}
export interface VarianceOptions<K extends boolean> extends ReduceOptions<K> {
  /** Subtracted from the number of elements before dividing by it (default 0). */
  ddof?: number;
}
export interface NormOptions<K extends boolean> extends ReduceOptions<K> {
  /** The p of the p-norm (default 2, also "fro"); "inf" for the greatest absolute value. */
  ord?: number | "inf" | "fro";
}

export interface CumulativeOptions {
  /** From the end backwards (default false). */
  reverse?: boolean;
}
export interface SortOptions {
  /** Greatest first (default false). */
  descending?: boolean;
}

type Over<X extends Tensor, A extends AxisArg, K extends boolean, Op extends string> = Checked<
  Reduce<X["shape"], A, K, Op>,
  A
>;
type Rest<X extends Tensor, A extends AxisArg, K extends boolean> = Of<
  Reduce<X["shape"], A, K, "">
>;
/** The axis argument of an operation that keeps the shape. */
type AlongAxis<X extends Tensor, A extends AxisArg, Op extends string> = Checked<
  Along<X["shape"], A, Op>,
  A
>;

/** Many elements to one, over one axis, several, or (by default) all. */
export interface ReduceMethods {
  sum<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "sum">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, Summed<X["dtype"]>>;
  prod<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "prod">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, Summed<X["dtype"]>>;
  mean<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "mean">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, Float<X["dtype"]>>;
  /** The greatest element; NaN if any is. */
  max<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "max">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, X["dtype"]>;
  /** The least element; NaN if any is. */
  min<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "min">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, X["dtype"]>;
  /** Is any element true (not 0)? */
  any<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "any">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, "bool">;
  /** Are all elements true (not 0)? */
  all<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "all">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, "bool">;
  /** Mean squared distance from the mean. */
  variance<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "variance">,
    options?: VarianceOptions<K>,
  ): Tensor<Rest<X, A, K>, Float<X["dtype"]>>;
  /** Standard deviation: the root of the variance. */
  std<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "std">,
    options?: VarianceOptions<K>,
  ): Tensor<Rest<X, A, K>, Float<X["dtype"]>>;
  /** log of the sum of e^x, without overflow. */
  logSumExp<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "logSumExp">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, Float<X["dtype"]>>;
  /** Euclidean length, or another norm. */
  norm<X extends Tensor, const A extends AxisArg = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "norm">,
    options?: NormOptions<K>,
  ): Tensor<Rest<X, A, K>, Float<X["dtype"]>>;

  /** Where the greatest element stands, in the flattened tensor when no axis is given. */
  argmax<X extends Tensor, A extends number | undefined = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "argmax">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, "i32">;
  /** Where the least element stands, in the flattened tensor when no axis is given. */
  argmin<X extends Tensor, A extends number | undefined = undefined, K extends boolean = false>(
    this: X,
    axis?: Over<X, A, K, "argmin">,
    options?: ReduceOptions<K>,
  ): Tensor<Rest<X, A, K>, "i32">;

  // ---- along an axis: the shape stays

  /** Sums of all elements up to and including each one. */
  cumsum<X extends Tensor, A extends number>(
    this: X,
    axis: AlongAxis<X, A, "cumsum">,
    options?: CumulativeOptions,
  ): Tensor<X["shape"], Summed<X["dtype"]>>;
  /** Products of all elements up to and including each one. */
  cumprod<X extends Tensor, A extends number>(
    this: X,
    axis: AlongAxis<X, A, "cumprod">,
    options?: CumulativeOptions,
  ): Tensor<X["shape"], Summed<X["dtype"]>>;
  /** Positive and summing to 1 along the axis (default -1): e^x over the sum of e^x. */
  softmax<X extends Tensor, A extends number = -1>(
    this: X,
    axis?: AlongAxis<X, A, "softmax">,
  ): Tensor<X["shape"], Float<X["dtype"]>>;
  /** Logarithm of the softmax, finite for every x. */
  logSoftmax<X extends Tensor, A extends number = -1>(
    this: X,
    axis?: AlongAxis<X, A, "logSoftmax">,
  ): Tensor<X["shape"], Float<X["dtype"]>>;
  /** Ascending along the axis (default -1); NaN counts as the greatest. */
  sort<X extends Tensor, A extends number = -1>(
    this: X,
    axis?: AlongAxis<X, A, "sort">,
    options?: SortOptions,
  ): Tensor<X["shape"], X["dtype"]>;
  /** Indices that would sort along the axis (default -1); equal elements keep their order. */
  argsort<X extends Tensor, A extends number = -1>(
    this: X,
    axis?: AlongAxis<X, A, "argsort">,
    options?: SortOptions,
  ): Tensor<X["shape"], "i32">;
}
