import type { Shape } from "../../base/shape.js";
import type { Mul } from "../../tensor/types/arithmetic.js";
import type { AnyRank, Bad, Good, Loose, Rule, Show, Verdict } from "../../tensor/types/rule.js";
import type {
  Conv1d,
  Conv2d,
  Padding1d,
  Padding2d,
  Pair,
  Pool1d,
  Pool2d,
} from "../../tensor/types/windows.js";
import type { LayerRule } from "../layer.js";

/** How layers change the shape of an example (without the batch's axis). */

/** The rule of a function on batches, for one example. */
type OfBatch<V extends Rule> = Verdict<
  V["shape"] extends readonly [number, ...infer R extends Shape] ? R : number[],
  V["error"]
>;

type In<S> = S extends Shape ? S : number[];

export interface SameShape extends LayerRule {
  readonly result: Good<In<this["input"]>>;
}

/** Nothing is said of the result. */
export interface AnyShape extends LayerRule {
  readonly result: Loose;
}

export interface InputRule<S extends Shape> extends LayerRule {
  readonly given: S;
  readonly result: Good<S>;
}

export interface DenseRule<Units extends number> extends LayerRule {
  readonly result: Dense<In<this["input"]>, Units>;
}
type Dense<S extends Shape, Units extends number> =
  AnyRank<S> extends true
    ? Loose
    : S extends readonly [number]
      ? Good<[Units]>
      : S extends readonly [infer Steps extends number, number]
        ? Good<[Steps, Units]>
        : Bad<`dense: each example must be [features] or [steps, features], not ${Show<S>}; put flatten() before it`>;

export interface FlattenRule extends LayerRule {
  readonly result: Flatten<In<this["input"]>>;
}
type Flatten<S extends Shape> = AnyRank<S> extends true ? Good<[number]> : Good<[Product<S>]>;
type Product<S extends Shape, Out extends number = 1> = S extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? Product<R, Mul<Out, H>>
  : Out;

type Pairs<K extends Pair> = K extends number
  ? [K, K]
  : K extends readonly [infer A extends number, infer B extends number]
    ? [A, B]
    : [number, number];

/** Channels do not clash: the kernel is made for those that come. */
export interface Conv2dRule<
  Filters extends number,
  K extends Pair,
  Stride extends Pair,
  P extends Padding2d,
  Dilation extends Pair,
> extends LayerRule {
  readonly result: OfBatch<
    Conv2d<
      Batch<In<this["input"]>>,
      [...Pairs<K>, Channels<In<this["input"]>>, Filters],
      Stride,
      P,
      Dilation,
      1
    >
  >;
}
export interface Conv1dRule<
  Filters extends number,
  K extends number,
  Stride extends number,
  P extends Padding1d,
  Dilation extends number,
> extends LayerRule {
  readonly result: OfBatch<
    Conv1d<
      Batch<In<this["input"]>>,
      [K, Channels<In<this["input"]>>, Filters],
      Stride,
      P,
      Dilation,
      1
    >
  >;
}
export interface Pool2dRule<
  K extends Pair,
  Stride extends Pair,
  P extends Padding2d,
  Op extends string,
> extends LayerRule {
  readonly result: OfBatch<Pool2d<Batch<In<this["input"]>>, K, Stride, P, Op>>;
}
export interface Pool1dRule<
  K extends number,
  Stride extends number,
  P extends Padding1d,
  Op extends string,
> extends LayerRule {
  readonly result: OfBatch<Pool1d<Batch<In<this["input"]>>, K, Stride, P, Op>>;
}

type Batch<S extends Shape> = AnyRank<S> extends true ? number[] : [number, ...S];
type Channels<S extends Shape> = S extends readonly [...Shape, infer C extends number] ? C : number;
