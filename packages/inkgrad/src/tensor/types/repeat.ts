import type { Shape } from "../../base/shape.js";
import type { Add, Mul } from "./arithmetic.js";
import type { Along, Axis, Put } from "./axes.js";
import type { Size } from "./matmul.js";
import type { AnyRank, Bad, Good, Loose, Show, Unknowns, Verdict } from "./rule.js";

/** Operations that make axes longer: tile, repeat, pad. */

/** The whole tensor over and over, `T[i]` times along axis i; aligned at the last axis. */
export type Tile<S extends Shape, T extends Shape> =
  AnyRank<S> extends true ? Loose : AnyRank<T> extends true ? Loose : Good<TileSizes<S, T>>;

type TileSizes<S extends Shape, T extends Shape, Out extends Shape = []> = S extends readonly [
  ...infer SR extends Shape,
  infer SL extends number,
]
  ? T extends readonly [...infer TR extends Shape, infer TL extends number]
    ? TileSizes<SR, TR, [Mul<SL, TL>, ...Out]>
    : [...S, ...Out]
  : [...T, ...Out];

/** Every element `N` times in a row along an axis, or in the flattened tensor. */
export type Repeat<S extends Shape, N extends number, A extends number | undefined> = [A] extends [
  undefined,
]
  ? Good<[Mul<Size<S>, N>]>
  : AnyRank<S> extends true
    ? Loose
    : A extends number
      ? number extends A
        ? Good<Unknowns<S>>
        : Verdict<Put<S, Axis<S, A>, Mul<S[Axis<S, A>], N>>, Along<S, A, "repeat">["error"]>
      : Good<Unknowns<S>>;

/** How many elements to put before and after each axis; one number for everywhere. */
export type PadWidths = number | readonly (readonly [before: number, after: number])[];

export type Pad<S extends Shape, P extends PadWidths> =
  AnyRank<S> extends true
    ? Loose
    : P extends number
      ? Good<{ [K in keyof S]: Add<Add<S[K], P>, P> }>
      : P extends readonly (readonly [number, number])[]
        ? AnyRank<P> extends true
          ? Good<Unknowns<S>>
          : P["length"] extends S["length"]
            ? Good<{ [K in keyof S]: K extends keyof P ? PadSize<S[K], P[K]> : S[K] }>
            : Bad<`pad: ${P["length"]} pairs given for shape ${Show<S>}`>
        : Loose;

type PadSize<N extends number, W> = W extends readonly [
  infer L extends number,
  infer H extends number,
]
  ? Add<Add<N, L>, H>
  : number;
