import type { Shape } from "../../base/shape.js";
import type { Add, DivUp, Sub } from "./arithmetic.js";
import type { AnyRank, Bad, Good, Loose, Show, Unknowns } from "./rule.js";

type Bound = number | undefined;

/**
 * What to take of one axis: from `start` up to but without `stop`, every `step`-th. Negative
 * bounds count from the end, as does a negative step go backwards; [] takes all.
 */
export type Range = readonly [start?: Bound, stop?: Bound, step?: Bound];

/** One range per axis, from the first on; axes without a range stay whole. */
export type Slice<
  S extends Shape,
  R extends readonly Range[],
  Out extends Shape = [],
  All extends Shape = S,
> =
  AnyRank<S> extends true
    ? Loose
    : AnyRank<R> extends true
      ? Good<Unknowns<S>>
      : R extends readonly [infer H extends Range, ...infer T extends readonly Range[]]
        ? S extends readonly [infer D extends number, ...infer ST extends Shape]
          ? [RangeLength<D, H>] extends [never]
            ? Bad<`slice: ${ShowRange<H>} is not within axis ${Out["length"] & number} of shape ${Show<All>}`>
            : Slice<ST, T, [...Out, RangeLength<D, H>], All>
          : Bad<`slice: more ranges than axes, shape ${Show<All>}`>
        : Good<[...Out, ...S]>;

/** How many elements a range takes of an axis with D, or never when it goes beyond. */
export type RangeLength<D extends number, R extends Range> =
  AnyRank<R> extends true
    ? number
    : Forward<Get<R, 2>> extends infer Step
      ? Step extends number
        ? Steps<Ascending<D, Get<R, 0>, Get<R, 1>>, Step>
        : Step extends { back: infer B extends number }
          ? Steps<Descending<D, Get<R, 0>, Get<R, 1>>, B>
          : never
      : never;

/** A component of a range, undefined where it is left out. */
type Get<R extends Range, I extends 0 | 1 | 2> = `${I}` extends keyof R
  ? R[`${I}`] extends infer B extends Bound
    ? B
    : undefined
  : undefined;

/** A step forwards as a number, one backwards as { back }; never for 0. */
type Forward<B extends Bound> = [B] extends [undefined]
  ? 1
  : B extends number
    ? number extends B
      ? number
      : B extends 0
        ? never
        : `${B}` extends `-${infer K extends number}`
          ? { back: K }
          : B
    : number;

type Steps<N extends number, Step extends number> = [N] extends [never] ? never : DivUp<N, Step>;

type Ascending<D extends number, A extends Bound, B extends Bound> = Distance<
  [A] extends [undefined] ? 0 : Position<D, A>,
  [B] extends [undefined] ? D : Position<D, B>
>;

// Backwards the start is the last element when left out, and the stop is "before the first".
type Descending<D extends number, A extends Bound, B extends Bound> = Distance<
  [B] extends [undefined] ? 0 : AfterPosition<Position<D, B>>,
  [A] extends [undefined] ? D : Upto<D, AfterPosition<Position<D, A>>>
>;
type Upto<D extends number, P extends number> = [P] extends [never]
  ? never
  : [Sub<D, P>] extends [never]
    ? never
    : P;
type AfterPosition<P extends number> = [P] extends [never] ? never : Add<P, 1>;

type Distance<A extends number, B extends number> = [A] extends [never]
  ? never
  : [B] extends [never]
    ? never
    : number extends A | B
      ? number
      : Sub<B, A>;

/** A bound counted from the front, or never when outside. */
type Position<D extends number, B extends Bound> = B extends number
  ? number extends B
    ? number
    : number extends D
      ? `${B}` extends `-${string}`
        ? number
        : B
      : `${B}` extends `-${infer K extends number}`
        ? Sub<D, K>
        : [Sub<D, B>] extends [never]
          ? never
          : B
  : number;

// ---- text

type ShowBound<B extends Bound> = B extends number ? (number extends B ? "?" : `${B}`) : "";
export type ShowRange<R extends Range> = R extends readonly [
  infer A extends Bound,
  infer B extends Bound,
  infer C extends Bound,
]
  ? `[${ShowBound<A>}, ${ShowBound<B>}, ${ShowBound<C>}]`
  : R extends readonly [infer A extends Bound, infer B extends Bound]
    ? `[${ShowBound<A>}, ${ShowBound<B>}]`
    : R extends readonly [infer A extends Bound]
      ? `[${ShowBound<A>}]`
      : "[]";
