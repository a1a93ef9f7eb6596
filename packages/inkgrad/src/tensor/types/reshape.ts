import type { Shape } from "../../base/shape.js";
import type { DivMod, IsWhole } from "./arithmetic.js";
import type { Axis, OutOfRange } from "./axes.js";
import type { Size } from "./matmul.js";
import type { AnyRank, Bad, Because, Good, Loose, Mutable, Same, Show, Verdict } from "./rule.js";

/** The same elements under another shape, in which one size may be -1: what is left over. */
export type Reshape<S extends Shape, T extends Shape> =
  AnyRank<T> extends true
    ? Loose
    : Sizes<T> extends true
      ? AnyRank<S> extends true
        ? Good<Fill<T, number>>
        : -1 extends T[number]
          ? number extends T[number]
            ? Good<Fill<T, number>>
            : Hole<Cancel<S, NoHole<T>>, S, T>
          : Verdict<Mutable<T>, Whole<Cancel<S, T>, S, T>>
      : Bad<`reshape: ${Show<T>} must be whole numbers, of which one may be -1`>;

/** Are all sizes whole numbers, at most one of them -1? */
type Sizes<T extends Shape, Holes extends 0[] = []> = T extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? IsWhole<H> extends true
    ? Sizes<R, Holes>
    : H extends -1
      ? Holes extends []
        ? Sizes<R, [0]>
        : false
      : false
  : true;

/**
 * Leaves out the sizes that both sides share, so that big or unknown ones are never multiplied:
 * an unknown batch survives, and the rest is still checked.
 */
type Cancel<A extends Shape, B extends Shape, Left extends Shape = []> = A extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? Without<B, H> extends infer W extends Shape
    ? Cancel<R, W, Left>
    : Cancel<R, B, [...Left, H]>
  : [Left, B];

/** S less one size D, or false. */
type Without<S extends Shape, D extends number, Out extends Shape = []> = S extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? Same<H, D> extends true
    ? [...Out, ...R]
    : Without<R, D, [...Out, H]>
  : false;

type Whole<C extends [Shape, Shape], S extends Shape, T extends Shape> =
  CanEqual<Size<C[0]>, Size<C[1]>> extends true
    ? true
    : [HasZero<S>, HasZero<T>] extends [true, true]
      ? true
      : Because<`reshape: ${Show<S>} has ${Count<S>} elements, ${Show<T>} has ${Count<T>}`>;

type Count<S extends Shape> = number extends Size<S> ? "some" : Size<S>;
/** Can the two be the same number of elements? */
export type CanEqual<P extends number, Q extends number> = number extends P | Q ? true : Same<P, Q>;
type HasZero<S extends Shape> = S extends readonly [infer H, ...infer R extends Shape]
  ? { d: H } extends { d: 0 }
    ? true
    : HasZero<R>
  : false;

// ---- -1

type Hole<C extends [Shape, Shape], S extends Shape, T extends Shape> = HoleOf<
  Size<C[0]>,
  Size<C[1]>,
  S,
  T
>;
type HoleOf<P extends number, Q extends number, S extends Shape, T extends Shape> =
  DivMod<P, Q> extends [infer V extends number, infer R]
    ? number extends V
      ? Good<Fill<T, number>>
      : R extends 0
        ? Good<Fill<T, V>>
        : Bad<`reshape: ${Show<S>} has ${Count<S>} elements, not a multiple of ${Size<NoHole<T>>} as ${Show<T>} asks`>
    : Loose;

type Fill<T extends Shape, V extends number> = {
  -readonly [K in keyof T]: T[K] extends -1 ? V : T[K];
};
type NoHole<T extends Shape, Out extends Shape = []> = T extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? H extends -1
    ? NoHole<R, Out>
    : NoHole<R, [...Out, H]>
  : Out;

// ---- flatten, assertShape

/** The axes from `start` on become one. */
export type Flatten<S extends Shape, Start extends number> =
  AnyRank<S> extends true
    ? Start extends 0
      ? Good<[number]>
      : Loose
    : S extends readonly []
      ? Start extends 0
        ? Good<[1]>
        : OutOfRange<S, Start, "flatten">
      : number extends Start
        ? Loose
        : [Axis<S, Start>] extends [never]
          ? OutOfRange<S, Start, "flatten">
          : Good<FlattenFrom<S, Axis<S, Start>>>;

type FlattenFrom<
  S extends Shape,
  I extends number,
  Kept extends Shape = [],
> = Kept["length"] extends I
  ? [...Kept, Size<S>]
  : S extends readonly [infer H extends number, ...infer R extends Shape]
    ? FlattenFrom<R, I, [...Kept, H]>
    : Kept;

/** A shape that the program claims: -1 leaves a size open. Claims that cannot hold are errors. */
export type AssertShape<S extends Shape, T extends Shape> =
  AnyRank<T> extends true
    ? Loose
    : AnyRank<S> extends true
      ? Good<Fill<T, number>>
      : Verdict<
          Claimed<S, Fill<T, number>>,
          S["length"] extends T["length"]
            ? Disagree<S, T> extends true
              ? Claim<S, T>
              : true
            : Claim<S, T>
        >;
type Claim<
  S extends Shape,
  T extends Shape,
> = Because<`assertShape: the shape is ${Show<S>}, never ${Show<T>}`>;

type Claimed<S extends Shape, T extends Shape> = {
  [K in keyof T]: K extends keyof S ? (number extends T[K] ? S[K] & number : T[K]) : T[K];
};

type Disagree<S extends Shape, T extends Shape> = S extends readonly [
  infer A extends number,
  ...infer SR extends Shape,
]
  ? T extends readonly [infer B extends number, ...infer TR extends Shape]
    ? B extends -1
      ? Disagree<SR, TR>
      : number extends A | B
        ? Disagree<SR, TR>
        : Same<A, B> extends true
          ? Disagree<SR, TR>
          : true
    : false
  : false;
