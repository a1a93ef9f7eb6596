import type { Shape } from "../../base/shape.js";

/**
 * What every shape rule is made of. A rule says two things apart from each other: the result's
 * shape, and `true` or a sentence that tells what is wrong. After a mistake the shape is of
 * unknown rank, so that one mistake is reported once.
 */
export interface Rule {
  shape: Shape;
  error: unknown;
}

/** What is wrong, as a type. */
export interface Because<Sentence extends string> {
  because: Sentence;
}

interface Result<S extends Shape, E> {
  shape: S;
  error: E;
}
/**
 * What a rule gives. An alias around the interface, because its arguments are then worked out on
 * the spot: a shape of type parameters becomes a plain tuple, and generic bodies can go on with it.
 */
export type Verdict<S extends Shape, E> = Result<S, E>;
export type Good<S extends Shape> = Verdict<S, true>;
export type Bad<Sentence extends string> = Verdict<number[], Because<Sentence>>;
/** Nothing is known, so nothing is wrong: the run time decides. */
export type Loose = Good<number[]>;

/** `any` (what a type parameter looks like inside a generic body) counts as fine. */
type Known<E> = { v: 0 } extends { v: 1 & E } ? true : E;

/** X when the rule holds, else the sentence: the type of the parameter is the message. */
export type Checked<R extends Rule, X> =
  Known<R["error"]> extends Because<string> ? NoInfer<Sentence<R["error"]>> : X;
type Sentence<E> = E extends Because<infer S> ? S : never;

/** The shape a rule gives. Stays a Shape while its inputs are type parameters. */
export type Of<R> = R extends { shape: infer S extends Shape } ? S : number[];

// ---- questions about shapes and sizes

/** Identical; of type parameters, the same parameter. */
export type Same<A, B> = { a: A; b: B } extends { a: B; b: A } ? true : false;

export type AnyRank<S extends readonly unknown[]> = number extends S["length"] ? true : false;

/** never when a size is never (a clash), else true. `any` stays `any`: abstract sizes pass. */
export type Fine<S extends Shape> = S extends readonly [...infer R extends Shape, infer H]
  ? H extends number
    ? Fine<R>
    : never
  : true;

/** Can these two sizes be equal? */
export type Fits<A extends number, B extends number> =
  Same<A, B> extends true
    ? true
    : number extends A
      ? true
      : number extends B
        ? true
        : [A] extends [never]
          ? true
          : false;

/** The size both have, preferring a known one to an unknown; never when they differ. */
export type EqualSize<A extends number, B extends number> =
  Same<A, B> extends true ? A : number extends A ? B : number extends B ? A : never;

export type Mutable<T extends Shape> = { -readonly [K in keyof T]: T[K] };
/** The same rank with every size unknown. */
export type Unknowns<T extends readonly unknown[]> = { -readonly [K in keyof T]: number };

// ---- shapes as text, `?` for an unknown size

export type ShowSize<N extends number> = number extends N
  ? "?"
  : [N] extends [never]
    ? "?"
    : `${N}`;

type JoinSizes<S extends Shape> = S extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? R extends readonly []
    ? ShowSize<H>
    : `${ShowSize<H>}, ${JoinSizes<R>}`
  : "";

export type Show<S extends Shape> = AnyRank<S> extends true ? "[...]" : `[${JoinSizes<S>}]`;
