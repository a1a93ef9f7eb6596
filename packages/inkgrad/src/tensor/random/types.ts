import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { Reduce } from "../types/reduce.js";
import type { Of } from "../types/rule.js";

/** The types of the functions in this folder. */

/** What random numbers are made from: two words. The same key gives the same numbers. */
export type Key = Tensor<[2], "u32">;

/** Random floats are drawn in either of these; f32 is the default. */
export type FloatType = "f32" | "f64";

/** A parameter of a distribution: one number, or a tensor that broadcasts to the shape drawn. */
export type Parameter = number | Tensor;

export interface FloatOption<D extends FloatType> {
  /** The type of the numbers drawn (default f32). */
  readonly dtype?: D;
}

/** A function that fills a shape with random floats. */
export interface Sampler<Options> {
  <const S extends Shape, D extends FloatType = "f32">(
    key: Key,
    shape: readonly [...S],
    options?: Options & FloatOption<D>,
  ): Tensor<S, NoInfer<D>>;
}

/** The same, for distributions that have parameters without a natural default. */
export interface ParametricSampler<Options> {
  <const S extends Shape, D extends FloatType = "f32">(
    key: Key,
    shape: readonly [...S],
    options: Options & FloatOption<D>,
  ): Tensor<S, NoInfer<D>>;
}

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Grow<N extends number, Out extends Key[]> = Out["length"] extends N
  ? Out
  : Grow<N, [...Out, Key]>;
/** N keys: a tuple below 100, so that taking it apart is typed; an array beyond. */
export type Keys<N extends number> = number extends N
  ? Key[]
  : `${N}` extends `${Digit}` | `${Digit}${Digit}`
    ? Grow<N, []>
    : Key[];

export interface SplitFunction {
  <N extends number = 2>(key: Key, n?: N): Keys<N>;
}

export interface SplitKeysFunction {
  <N extends number = 2>(key: Key, n?: N): Tensor<[N, 2], "u32">;
}

export interface IntegersFunction {
  <const S extends Shape, D extends "i32" | "u32" | "u8" = "i32">(
    key: Key,
    shape: readonly [...S],
    options: { readonly min?: number; readonly max: number; readonly dtype?: D },
  ): Tensor<S, NoInfer<D>>;
}

export interface BernoulliFunction {
  <const S extends Shape>(
    key: Key,
    shape: readonly [...S],
    options?: { readonly p?: Parameter },
  ): Tensor<S, "bool">;
}

export interface CategoricalFunction {
  <
    X extends Tensor,
    A extends number = -1,
    const S extends Shape = Of<Reduce<X["shape"], A, false, "categorical">>,
  >(
    key: Key,
    logits: X,
    options?: { readonly axis?: A; readonly shape?: readonly [...S] },
  ): Tensor<S, "i32">;
}

export interface PermutationFunction {
  <N extends number>(key: Key, n: N): Tensor<[N], "i32">;
  <X extends Tensor>(
    key: Key,
    x: X,
    options?: { readonly axis?: number },
  ): Tensor<X["shape"], X["dtype"]>;
}

export interface ChoiceOptions {
  /** May an element be chosen more than once? (default true) */
  readonly replace?: boolean;
  /** The probability of each element (default: the same for all). */
  readonly p?: readonly number[] | Tensor;
}

type Chosen<S extends Shape, T extends Shape> = number extends T["length"]
  ? number[]
  : T extends readonly [number, ...infer R extends Shape]
    ? [...S, ...R]
    : number[];

export interface ChoiceFunction {
  <const S extends Shape = []>(
    key: Key,
    n: number,
    shape?: readonly [...S],
    options?: ChoiceOptions,
  ): Tensor<S, "i32">;
  <X extends Tensor, const S extends Shape = []>(
    key: Key,
    from: X,
    shape?: readonly [...S],
    options?: ChoiceOptions,
  ): Tensor<Chosen<S, X["shape"]>, X["dtype"]>;
}
