import type { Shape } from "../../base/shape.js";
import type { Along, Axis, Drop, Insert, OutOfRange } from "./axes.js";
import type { AnyRank, Bad, Good, Loose, Show, Unknowns } from "./rule.js";

/** Axes in another order: axis i of the result is axis `P[i]` of S. */
export type Permute<S extends Shape, P extends Shape> =
  AnyRank<P> extends true
    ? AnyRank<S> extends true
      ? Loose
      : Good<Unknowns<S>>
    : AnyRank<S> extends true
      ? Good<Unknowns<P>>
      : number extends P[number]
        ? Good<Unknowns<S>>
        : P["length"] extends S["length"]
          ? Collect<S, P>
          : Bad<`permute: ${P["length"]} axes given for shape ${Show<S>}`>;

type Collect<
  S extends Shape,
  P extends Shape,
  Out extends Shape = [],
  Used = never,
> = P extends readonly [infer H extends number, ...infer R extends Shape]
  ? [Axis<S, H>] extends [never]
    ? OutOfRange<S, H, "permute">
    : [Axis<S, H>] extends [Used]
      ? Bad<`permute: axis ${H} appears twice, shape ${Show<S>}`>
      : Collect<S, R, [...Out, S[Axis<S, H>]], Used | Axis<S, H>>
  : Good<Out>;

/** The last two axes swapped. */
export type Transpose<S extends Shape> =
  AnyRank<S> extends true
    ? Loose
    : S extends readonly [...infer B extends Shape, infer M extends number, infer N extends number]
      ? Good<[...B, N, M]>
      : Bad<`transpose: needs two axes or more, got shape ${Show<S>}`>;

export type SwapAxes<S extends Shape, A extends number, B extends number> =
  AnyRank<S> extends true
    ? Loose
    : number extends A | B
      ? Good<Unknowns<S>>
      : Both<S, A, B, "swapAxes"> extends true
        ? Good<Swap<S, Axis<S, A>, Axis<S, B>>>
        : Loose;

type Swap<S extends Shape, I extends number, J extends number> = {
  -readonly [K in keyof S]: K extends `${I}` ? S[J] : K extends `${J}` ? S[I] : S[K];
};

/** One axis taken out and put in at another place; the others keep their order. */
export type MoveAxis<S extends Shape, From extends number, To extends number> =
  AnyRank<S> extends true
    ? Loose
    : number extends From | To
      ? Good<Unknowns<S>>
      : Both<S, From, To, "moveAxis"> extends true
        ? Good<Insert<Drop<S, Axis<S, From>>, Axis<S, To>, S[Axis<S, From>]>>
        : Loose;

/** Whether both axes exist. The arguments themselves are checked one by one with `Along`. */
type Both<S extends Shape, A extends number, B extends number, Op extends string> = Along<
  S,
  A | B,
  Op
>["error"] extends true
  ? true
  : false;
