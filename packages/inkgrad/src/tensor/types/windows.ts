import type { Shape } from "../../base/shape.js";
import type { Add, Div, DivMod, DivUp, Mul, Sub } from "./arithmetic.js";
import type { AnyRank, Bad, Fits, Good, Show, ShowSize } from "./rule.js";

/** Convolution and pooling, channels last: [n, w, c] and [n, h, w, c]. */

/** One number for both sides of a window, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];
type Sides = readonly [before: number, after: number];
/** Elements put around x: none, as many as keep the size at stride 1, or so many. */
export type Padding1d = "valid" | "same" | number | readonly [Sides];
export type Padding2d = "valid" | "same" | number | readonly [Sides, Sides];
type Padding = Padding1d | Padding2d;

type At<P extends Pair, I extends 0 | 1> = P extends number
  ? P
  : P extends readonly [infer A extends number, infer B extends number]
    ? [A, B][I]
    : number;

/** Elements a window reaches over. */
type Extent<K extends number, Dilation extends number> = Dilation extends 1
  ? K
  : Add<Mul<Sub<K, 1>, Dilation>, 1>;

/** Elements padding adds to an axis. */
type Added<P extends Padding, I extends 0 | 1> = P extends "valid"
  ? 0
  : P extends number
    ? Add<P, P>
    : P extends readonly Sides[]
      ? P[I] extends readonly [infer A extends number, infer B extends number]
        ? Add<A, B>
        : number
      : number;

/** How many windows there are along an axis of N, or never when not even one fits. */
type Windows<
  N extends number,
  K extends number,
  Stride extends number,
  P extends Padding,
  I extends 0 | 1,
> = P extends "same" ? DivUp<N, Stride> : AndOne<Sub<Add<N, Added<P, I>>, K>, Stride>;

type AndOne<Room extends number, Stride extends number> = [Room] extends [never]
  ? never
  : Add<Div<Room, Stride>, 1>;

// ---- one axis

type Windows1d<
  S extends Shape,
  N extends number,
  W extends number,
  K extends number,
  Stride extends number,
  P extends Padding1d,
  Channels extends number,
  Op extends string,
> = [Windows<W, K, Stride, P, 0>] extends [never]
  ? Bad<`${Op}: window ${ShowSize<K>} does not fit ${Show<S>}`>
  : Good<[N, Windows<W, K, Stride, P, 0>, Channels]>;

export type Pool1d<
  S extends Shape,
  K extends number,
  Stride extends number,
  P extends Padding1d,
  Op extends string,
> =
  AnyRank<S> extends true
    ? Good<[number, number, number]>
    : S extends readonly [infer N extends number, infer W extends number, infer C extends number]
      ? Windows1d<S, N, W, K, Stride, P, C, Op>
      : Bad<`${Op}: x must be [n, w, c], not ${Show<S>}`>;

export type Conv1d<
  S extends Shape,
  K extends Shape,
  Stride extends number,
  P extends Padding1d,
  Dilation extends number,
  Groups extends number,
> =
  AnyRank<S> extends true
    ? Good<[number, number, number]>
    : AnyRank<K> extends true
      ? Good<[number, number, number]>
      : S extends readonly [infer N extends number, infer W extends number, infer C extends number]
        ? K extends readonly [
            infer KW extends number,
            infer KC extends number,
            infer O extends number,
          ]
          ? Channels<C, KC, O, Groups, S, K, "conv1d"> extends Bad<infer Sentence>
            ? Bad<Sentence>
            : Windows1d<S, N, W, Extent<KW, Dilation>, Stride, P, O, "conv1d">
          : Bad<`conv1d: kernel must be [kw, c, k], not ${Show<K>}`>
        : Bad<`conv1d: x must be [n, w, c], not ${Show<S>}`>;

// ---- two axes

type Windows2d<
  S extends Shape,
  N extends number,
  Size extends [number, number],
  K extends [number, number],
  Stride extends Pair,
  P extends Padding2d,
  Channels extends number,
  Op extends string,
> =
  AllFit<
    [Windows<Size[0], K[0], At<Stride, 0>, P, 0>, Windows<Size[1], K[1], At<Stride, 1>, P, 1>]
  > extends [infer H extends number, infer W extends number]
    ? Good<[N, H, W, Channels]>
    : Bad<`${Op}: window ${ShowSize<K[0]>}×${ShowSize<K[1]>} does not fit ${Show<S>}`>;

type AllFit<S extends [number, number]> = [S[0]] extends [never]
  ? false
  : [S[1]] extends [never]
    ? false
    : S;

export type Pool2d<
  S extends Shape,
  K extends Pair,
  Stride extends Pair,
  P extends Padding2d,
  Op extends string,
> =
  AnyRank<S> extends true
    ? Good<[number, number, number, number]>
    : S extends readonly [
          infer N extends number,
          infer H extends number,
          infer W extends number,
          infer C extends number,
        ]
      ? Windows2d<S, N, [H, W], [At<K, 0>, At<K, 1>], Stride, P, C, Op>
      : Bad<`${Op}: x must be [n, h, w, c], not ${Show<S>}`>;

export type Conv2d<
  S extends Shape,
  K extends Shape,
  Stride extends Pair,
  P extends Padding2d,
  Dilation extends Pair,
  Groups extends number,
> =
  AnyRank<S> extends true
    ? Good<[number, number, number, number]>
    : AnyRank<K> extends true
      ? Good<[number, number, number, number]>
      : S extends readonly [
            infer N extends number,
            infer H extends number,
            infer W extends number,
            infer C extends number,
          ]
        ? K extends readonly [
            infer KH extends number,
            infer KW extends number,
            infer KC extends number,
            infer O extends number,
          ]
          ? Channels<C, KC, O, Groups, S, K, "conv2d"> extends Bad<infer Sentence>
            ? Bad<Sentence>
            : Windows2d<
                S,
                N,
                [H, W],
                [Extent<KH, At<Dilation, 0>>, Extent<KW, At<Dilation, 1>>],
                Stride,
                P,
                O,
                "conv2d"
              >
          : Bad<`conv2d: kernel must be [kh, kw, c, k], not ${Show<K>}`>
        : Bad<`conv2d: x must be [n, h, w, c], not ${Show<S>}`>;

// ---- channels

/** Each group sees its own channels of x and makes its own channels of the result. */
type Channels<
  C extends number,
  KC extends number,
  O extends number,
  Groups extends number,
  S extends Shape,
  K extends Shape,
  Op extends string,
> =
  Fits<C, Mul<KC, Groups>> extends true
    ? Remainder<O, Groups> extends 0
      ? true
      : Bad<`${Op}: the ${O} channels of kernel ${Show<K>} cannot be split into ${Groups} groups`>
    : Bad<`${Op}: x has ${ShowSize<C>} channels, kernel expects ${ShowSize<KC>}${InGroups<Groups>}, ${Show<S>} with ${Show<K>}`>;

type InGroups<G extends number> = G extends 1 ? "" : ` in each of ${G} groups`;

/** 0 when it is not known. */
type Remainder<A extends number, B extends number> = B extends 1
  ? 0
  : number extends A | B
    ? 0
    : DivMod<A, B>[1];
