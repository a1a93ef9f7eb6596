import type { Shape } from "../../base/shape.js";
import type { AnyRank, Because, Fine, Good, Loose, Mutable, Show, Verdict } from "./rule.js";

/** NumPy's broadcasting: aligned at the last axis, equal sizes stay, 1 and missing ones stretch. */

/** One size of the result, never on a clash. An unknown size next to a known one must become it. */
export type BroadcastSize<A extends number, B extends number> = { a: A; b: B } extends
  { a: B; b: A } | { a: unknown; b: 1 }
  ? A
  : { d: A } extends { d: 1 }
    ? B
    : number extends A
      ? B
      : number extends B
        ? A
        : never;

export type BroadcastSizes<
  A extends Shape,
  B extends Shape,
  Out extends Shape = [],
> = A extends readonly [...infer AR extends Shape, infer AL extends number]
  ? B extends readonly [...infer BR extends Shape, infer BL extends number]
    ? BroadcastSizes<AR, BR, [BroadcastSize<AL, BL>, ...Out]>
    : [...A, ...Out]
  : [...B, ...Out];

/** The shape of `a ∘ b`. Equal shapes and scalars are let through without a look at the sizes. */
export type Broadcast<A extends Shape, B extends Shape, Op extends string = "broadcast"> = {
  a: A;
  b: B;
} extends { a: B; b: A } | { a: unknown; b: readonly [] }
  ? Good<A>
  : AnyRank<A> extends true
    ? Loose
    : AnyRank<B> extends true
      ? Loose
      : FromSizes<BroadcastSizes<A, B>, A, B, Op>;

type FromSizes<R extends Shape, A extends Shape, B extends Shape, Op extends string> = Verdict<
  R,
  Fine<R> extends never ? Because<`${Op}: shapes ${Show<A>} and ${Show<B>} do not broadcast`> : true
>;

/** The shape of an operation on three tensors: a sentence about the first two, or about the third. */
export type Broadcast3<A extends Shape, B extends Shape, C extends Shape, Op extends string> =
  Broadcast<A, B, Op> extends { shape: infer AB extends Shape; error: infer E }
    ? E extends Because<string>
      ? Verdict<number[], E>
      : Broadcast<AB, C, Op>
    : Loose;

/** Stretching to a given shape. */
export type BroadcastTo<S extends Shape, T extends Shape> =
  AnyRank<T> extends true
    ? Loose
    : AnyRank<S> extends true
      ? Good<Mutable<T>>
      : Verdict<
          Mutable<T>,
          Stretches<S, T> extends true
            ? true
            : Because<`broadcastTo: ${Show<S>} cannot be stretched to ${Show<T>}`>
        >;

type Stretches<S extends Shape, T extends Shape> = S extends readonly [
  ...infer SR extends Shape,
  infer SL extends number,
]
  ? T extends readonly [...infer TR extends Shape, infer TL extends number]
    ? StretchesSize<SL, TL> extends true
      ? Stretches<SR, TR>
      : false
    : false
  : true;

type StretchesSize<A extends number, B extends number> = { a: A; b: B } extends
  { a: B; b: A } | { a: 1; b: unknown }
  ? true
  : number extends A | B
    ? true
    : false;
