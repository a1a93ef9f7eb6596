import type { Shape } from "../../base/shape.js";
import type { DivMod, Mul } from "../../tensor/types/arithmetic.js";
import type { Reshape } from "../../tensor/types/reshape.js";
import type {
  AnyRank,
  Bad,
  Fits as FitsSize,
  Good,
  Loose,
  Rule,
  Show,
  ShowSize,
  Verdict,
} from "../../tensor/types/rule.js";
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

/** Normalisation of channels: examples need an axis. */
export interface LastAxisRule<Op extends string> extends LayerRule {
  readonly result: LastAxis<In<this["input"]>, Op>;
}
type LastAxis<S extends Shape, Op extends string> = S extends readonly []
  ? Bad<`${Op}: each example must have an axis, of channels, not []`>
  : Good<S>;

export interface GroupNormRule<Groups extends number> extends LayerRule {
  readonly result: LastAxis<In<this["input"]>, "groupNorm"> extends infer V extends Rule
    ? Grouped<In<this["input"]>, Groups, "groupNorm", V>
    : Loose;
}

export interface InputRule<S extends Shape> extends LayerRule {
  readonly given: S;
  readonly result: Given<In<this["input"]>, S>;
}
type Given<S extends Shape, G extends Shape> =
  AnyRank<S> extends true
    ? Good<G>
    : CanBe<S, G> extends true
      ? Good<G>
      : Bad<`input: each example must be ${Show<G>}, got ${Show<S>}; x is [n, ...example]`>;
type CanBe<A extends Shape, B extends Shape> = A extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? B extends readonly [infer G extends number, ...infer Q extends Shape]
    ? FitsSize<H, G> extends true
      ? CanBe<R, Q>
      : false
    : false
  : B extends readonly []
    ? true
    : false;

export interface ReshapeRule<S extends Shape> extends LayerRule {
  readonly result: Reshape<In<this["input"]>, S>;
}

export interface EmbeddingRule<Size extends number> extends LayerRule {
  readonly result: AnyRank<In<this["input"]>> extends true
    ? Loose
    : Good<[...In<this["input"]>, Size]>;
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

// ---- windows

/** Examples of series [steps, c] and of images [h, w, c]; anything else gets a sentence. */
type Series<S extends Shape, Op extends string, V extends Rule> =
  AnyRank<S> extends true
    ? V
    : S extends readonly [number, number]
      ? V
      : Bad<`${Op}: each example must be [steps, c], not ${Show<S>}; put reshape(steps, c) before it`>;
type Image<S extends Shape, Op extends string, V extends Rule> =
  AnyRank<S> extends true
    ? V
    : S extends readonly [number, number, number]
      ? V
      : Bad<`${Op}: each example must be [h, w, c], not ${Show<S>}; put reshape(h, w, c) before it`>;

type Pairs<K extends Pair> = K extends number
  ? [K, K]
  : K extends readonly [infer A extends number, infer B extends number]
    ? [A, B]
    : [number, number];

/** The kernel is made for the channels that come, if they can be split into the groups. */
type Grouped<S extends Shape, Groups extends number, Op extends string, V extends Rule> =
  Remainder<Channels<S>, Groups> extends 0
    ? V
    : Bad<`${Op}: the ${ShowSize<Channels<S>>} channels of ${Show<S>} cannot be split into ${Groups} groups`>;
type Remainder<A extends number, B extends number> = B extends 1
  ? 0
  : number extends A | B
    ? 0
    : DivMod<A, B>[1];

export interface Conv2dRule<
  Filters extends number,
  K extends Pair,
  Stride extends Pair,
  P extends Padding2d,
  Dilation extends Pair,
  Groups extends number = 1,
> extends LayerRule {
  readonly result: Image<
    In<this["input"]>,
    "conv2d",
    Grouped<
      In<this["input"]>,
      Groups,
      "conv2d",
      OfBatch<
        Conv2d<
          Batch<In<this["input"]>>,
          [...Pairs<K>, Channels<In<this["input"]>>, Filters],
          Stride,
          P,
          Dilation,
          1
        >
      >
    >
  >;
}
export interface Conv1dRule<
  Filters extends number,
  K extends number,
  Stride extends number,
  P extends Padding1d,
  Dilation extends number,
  Groups extends number = 1,
> extends LayerRule {
  readonly result: Series<
    In<this["input"]>,
    "conv1d",
    Grouped<
      In<this["input"]>,
      Groups,
      "conv1d",
      OfBatch<
        Conv1d<
          Batch<In<this["input"]>>,
          [K, Channels<In<this["input"]>>, Filters],
          Stride,
          P,
          Dilation,
          1
        >
      >
    >
  >;
}
export interface Pool2dRule<
  K extends Pair,
  Stride extends Pair,
  P extends Padding2d,
  Op extends string,
> extends LayerRule {
  readonly result: Image<
    In<this["input"]>,
    Op,
    OfBatch<Pool2d<Batch<In<this["input"]>>, K, Stride, P, Op>>
  >;
}
export interface Pool1dRule<
  K extends number,
  Stride extends number,
  P extends Padding1d,
  Op extends string,
> extends LayerRule {
  readonly result: Series<
    In<this["input"]>,
    Op,
    OfBatch<Pool1d<Batch<In<this["input"]>>, K, Stride, P, Op>>
  >;
}

export interface GlobalPoolRule<Op extends string> extends LayerRule {
  readonly result: GlobalPool<In<this["input"]>, Op>;
}
type GlobalPool<S extends Shape, Op extends string> =
  AnyRank<S> extends true
    ? Good<[number]>
    : S extends readonly [number, ...Shape, infer C extends number]
      ? Good<[C]>
      : Bad<`${Op}: each example must be [...spatial, c] with one spatial axis or more, not ${Show<S>}`>;

type Batch<S extends Shape> = AnyRank<S> extends true ? number[] : [number, ...S];
type Channels<S extends Shape> = S extends readonly [...Shape, infer C extends number] ? C : number;
