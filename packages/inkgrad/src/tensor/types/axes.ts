import type { Shape } from "../../base/shape.js";
import type { AnyRank, Bad, Good, Loose, Show, Verdict } from "./rule.js";

/** Axes of a shape: -1 is the last. */

export type AxisArg = number | readonly number[] | undefined;

// Tails to match against, so that counting from the back is one step.
interface Tail {
  "1": [unknown];
  "2": [unknown, unknown];
  "3": [unknown, unknown, unknown];
  "4": [unknown, unknown, unknown, unknown];
  "5": [unknown, unknown, unknown, unknown, unknown];
  "6": [unknown, unknown, unknown, unknown, unknown, unknown];
  "7": [unknown, unknown, unknown, unknown, unknown, unknown, unknown];
  "8": [unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown];
}

/** An axis counted from the front, or never when out of range. Takes unions apart. */
export type Axis<S extends Shape, A extends number> = A extends A
  ? `${A}` extends `-${infer K extends keyof Tail}`
    ? S extends readonly [...infer I, ...Tail[K]]
      ? I["length"]
      : never
    : `${A}` extends keyof S
      ? A
      : never
  : never;

/** Those of the axes that are out of range. */
export type BadAxis<S extends Shape, A extends number> = A extends A
  ? [Axis<S, A>] extends [never]
    ? A
    : never
  : never;

/** S without the axes I (a union). */
export type Drop<
  S extends Shape,
  I extends number,
  Out extends Shape = [],
  Seen extends 0[] = [],
> = S extends readonly [infer H extends number, ...infer R extends Shape]
  ? Seen["length"] extends I
    ? Drop<R, I, Out, [...Seen, 0]>
    : Drop<R, I, [...Out, H], [...Seen, 0]>
  : Out;

/** S with the size V at the axes I (a union). */
export type Put<S extends Shape, I extends number, V extends number> = {
  -readonly [K in keyof S]: K extends `${I}` ? V : S[K];
};

/** S with a new size V before axis I. */
export type Insert<
  S extends Shape,
  I extends number,
  V extends number,
  Out extends Shape = [],
> = Out["length"] extends I
  ? [...Out, V, ...S]
  : S extends readonly [infer H extends number, ...infer R extends Shape]
    ? Insert<R, I, V, [...Out, H]>
    : [...Out, V];

export type OutOfRange<
  S extends Shape,
  A extends number,
  Op extends string,
> = Bad<`${Op}: axis ${A} is out of range for shape ${Show<S>}`>;

/** The axes an argument names, as a union; never for none. */
export type AxesIn<A> = A extends readonly (infer N extends number)[]
  ? N
  : A extends number
    ? A
    : never;

/** For operations that keep the shape: only that the axes exist. */
export type Along<S extends Shape, A extends AxisArg, Op extends string> =
  AnyRank<S> extends true
    ? Loose
    : [AxesIn<A>] extends [never]
      ? Good<S>
      : number extends AxesIn<A>
        ? Good<S>
        : [BadAxis<S, AxesIn<A>>] extends [never]
          ? Good<S>
          : Verdict<S, OutOfRange<S, BadAxis<S, AxesIn<A>>, Op>["error"]>;

/** A new axis of size V. */
export type ExpandDims<
  S extends Shape,
  A extends number,
  V extends number = 1,
  Op extends string = "expandDims",
> =
  AnyRank<S> extends true
    ? Loose
    : number extends A
      ? Loose
      : [Axis<[...S, 1], A>] extends [never]
        ? OutOfRange<S, A, Op>
        : Good<Insert<S, Axis<[...S, 1], A>, V>>;

/** Axes of size 1 taken away: those named, or all. */
export type Squeeze<S extends Shape, A extends AxisArg> =
  AnyRank<S> extends true
    ? Loose
    : [A] extends [undefined]
      ? Good<DropOnes<S>>
      : SqueezeAt<S, AxesIn<A>>;

// An axis of unknown size may or may not go, so the rank is unknown.
type DropOnes<S extends Shape, Out extends Shape = []> = S extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? number extends H
    ? number[]
    : { d: H } extends { d: 1 }
      ? DropOnes<R, Out>
      : DropOnes<R, [...Out, H]>
  : Out;

type SqueezeAt<S extends Shape, A extends number> = number extends A
  ? Loose
  : [BadAxis<S, A>] extends [never]
    ? [LongAxis<S, A>] extends [never]
      ? Good<Drop<S, Axis<S, A>>>
      : Bad<`squeeze: axis ${LongAxis<S, A>} of ${Show<S>} has size ${S[Axis<S, LongAxis<S, A>>]}, not 1`>
    : OutOfRange<S, BadAxis<S, A>, "squeeze">;

type LongAxis<S extends Shape, A extends number> = A extends A
  ? number extends S[Axis<S, A>]
    ? never
    : { d: S[Axis<S, A>] } extends { d: 1 }
      ? never
      : A
  : never;
