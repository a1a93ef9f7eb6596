import type { Shape } from "../../base/shape.js";
import type { Add } from "../../tensor/types/arithmetic.js";
import type {
  AnyRank,
  Bad,
  Because,
  EqualSize,
  Fine,
  Good,
  Loose,
  Rule,
  Show,
} from "../../tensor/types/rule.js";
import type { Layer, LayerRule } from "../layer.js";
import type { Chain, CheckedLayers, InputOf, RuleOf, Through } from "./chain.js";

/** The rules of layers that hold others. */

type In<S> = S extends Shape ? S : number[];

/** What a chain comes to, as one rule. */
type Outcome<C extends { shape: unknown; at: unknown; sentence: unknown }> = [C["at"]] extends [
  never,
]
  ? C["shape"] extends infer S extends Shape
    ? Good<S>
    : Loose
  : C["sentence"] extends string
    ? Bad<C["sentence"]>
    : Loose;

export interface ChainRule<L extends readonly unknown[]> extends LayerRule {
  readonly given: InputOf<L>;
  readonly result: Outcome<Chain<L, In<this["input"]>>>;
}

/** Two shapes that have to be the same: their sizes, or never. */
type SameSizes<A extends Shape, B extends Shape> =
  AnyRank<A> extends true
    ? B
    : AnyRank<B> extends true
      ? A
      : A["length"] extends B["length"]
        ? { -readonly [K in keyof A]: K extends keyof B ? EqualSize<A[K], B[K] & number> : never }
        : never;
type Fitting<S extends Shape> = [S] extends [never]
  ? false
  : AnyRank<S> extends true
    ? true
    : [Fine<S>] extends [never]
      ? false
      : true;

// ---- residual

interface WithShortcut {
  readonly shortcut: unknown;
}
/** The layers, without the options in front. */
type Parts<L extends readonly unknown[]> = L extends readonly [
  WithShortcut,
  ...infer R extends readonly unknown[],
]
  ? R
  : L;
type ShortcutOf<L extends readonly unknown[]> = L extends readonly [
  { readonly shortcut: infer P },
  ...(readonly unknown[]),
]
  ? P
  : "identity";

/** The parts themselves; in the place of one that never fits, the sentence that says why. */
export type CheckedParts<L extends readonly unknown[]> = L extends readonly [
  infer O extends WithShortcut,
  ...infer R extends readonly Layer[],
]
  ? CheckedLayers<R> extends infer C extends readonly unknown[]
    ? readonly [O, ...C]
    : L
  : L extends readonly Layer[]
    ? CheckedLayers<L>
    : L;

export interface ResidualRule<L extends readonly unknown[]> extends LayerRule {
  readonly result: Residual<In<this["input"]>, L>;
}
type Residual<S extends Shape, L extends readonly unknown[]> =
  Outcome<Chain<Parts<L>, S>> extends infer V extends Rule
    ? V["error"] extends Because<infer Sentence>
      ? Bad<Sentence>
      : Around<S, V["shape"], ShortcutOf<L>>
    : Loose;
type Around<S extends Shape, Made extends Shape, P> = P extends "identity"
  ? Sum<Made, S>
  : P extends "projection"
    ? AnyRank<Made> extends true
      ? Loose
      : AnyRank<S> extends true
        ? Good<Made>
        : S["length"] extends Made["length"]
          ? Good<Made>
          : Bad<`residual: no projection leads from ${Show<S>} to ${Show<Made>}; give a layer as shortcut`>
    : Through<RuleOf<P>, S> extends infer V extends Rule
      ? V["error"] extends Because<infer Sentence>
        ? Bad<Sentence>
        : Sum<Made, V["shape"]>
      : Loose;
type Sum<Made extends Shape, Base extends Shape> =
  SameSizes<Made, Base> extends infer R extends Shape
    ? Fitting<R> extends true
      ? Good<R>
      : Bad<`residual: the layers make ${Show<Made>}, to which ${Show<Base>} cannot be added; give { shortcut: 'projection' } first, or layers that keep the shape`>
    : Loose;

// ---- branches

/** The branches themselves; in the place of one that fits nothing, the sentence that says why. */
export type CheckedBranches<B extends readonly Layer[]> = {
  readonly [K in keyof B]: Through<RuleOf<B[K]>, number[]> extends {
    error: Because<infer Sentence>;
  }
    ? Sentence
    : B[K];
};

export interface ParallelRule<
  B extends readonly Layer[],
  M extends string,
  Op extends string,
> extends LayerRule {
  readonly result: Branches<B, In<this["input"]>, M, Op>;
}

type Branches<
  B extends readonly unknown[],
  S extends Shape,
  M extends string,
  Op extends string,
  Out extends Shape = never,
> = B extends readonly [infer H, ...infer R]
  ? Through<RuleOf<H>, S> extends infer V extends Rule
    ? V["error"] extends Because<infer Sentence>
      ? Bad<Sentence>
      : [Out] extends [never]
        ? Branches<R, S, M, Op, V["shape"]>
        : Merged<Out, V["shape"], M> extends infer Both extends Shape
          ? Fitting<Both> extends true
            ? Branches<R, S, M, Op, Both>
            : Bad<Unfit<Out, V["shape"], M, Op>>
          : Loose
    : Loose
  : [Out] extends [never]
    ? Loose
    : Good<Out>;

type Merged<A extends Shape, B extends Shape, M extends string> = M extends "concat"
  ? Beside<A, B>
  : SameSizes<A, B>;

/** Side by side along the last axis. */
type Beside<A extends Shape, B extends Shape> =
  AnyRank<A> extends true
    ? number[]
    : AnyRank<B> extends true
      ? number[]
      : A extends readonly [...infer AR extends Shape, infer AL extends number]
        ? B extends readonly [...infer BR extends Shape, infer BL extends number]
          ? SameSizes<AR, BR> extends infer R extends Shape
            ? Fitting<R> extends true
              ? [...R, Add<AL, BL>]
              : never
            : never
          : never
        : never;

type Unfit<
  A extends Shape,
  B extends Shape,
  M extends string,
  Op extends string,
> = M extends "concat"
  ? `${Op}: branches make ${Show<A>} and ${Show<B>}; side by side they need the same sizes before the last axis`
  : `${Op}: branches make ${Show<A>} and ${Show<B>}; to ${M} they need the same shape`;
