import type { Shape } from "../../base/shape.js";
import type { Because, Rule } from "../../tensor/types/rule.js";
import type { Layer, LayerRule } from "../layer.js";

/** Layers one after another: the shape that goes through them, and where it does not fit. */

/** The rule of a layer for examples of shape S. */
export type Through<F extends LayerRule, S extends Shape> = (F & { input: S })["result"];

export type RuleOf<L> = L extends Layer<infer F> ? F : LayerRule;

interface Fits<S extends Shape> {
  shape: S;
  at: never;
  sentence: never;
}

/** What comes of examples of shape S; a layer's number is the count of those done before it. */
export type Chain<
  L extends readonly unknown[],
  S extends Shape,
  Done extends readonly unknown[] = [],
> = L extends readonly [infer H, ...infer R]
  ? Through<RuleOf<H>, S> extends infer V extends Rule
    ? V["error"] extends Because<infer Sentence>
      ? { shape: number[]; at: `${Done["length"]}`; sentence: Sentence }
      : Chain<R, V["shape"], [...Done, H]>
    : Fits<number[]>
  : Fits<number extends L["length"] ? number[] : S>;

/** The layers themselves; in the place of one that does not fit, the sentence that says why. */
export type CheckedLayers<L extends readonly Layer[], S extends Shape = number[]> = [
  Chain<L, S>["at"],
] extends [never]
  ? L
  : { readonly [K in keyof L]: K extends Chain<L, S>["at"] ? Chain<L, S>["sentence"] : L[K] };

/** What comes out of layers, for one example. */
export type OutputOf<L extends readonly Layer[], S extends Shape = number[]> = AsShape<
  Chain<L, S>["shape"]
>;
type AsShape<S> = S extends Shape ? S : number[];

/** What goes in: as `input(…)` at the front says, else anything. */
export type InputOf<L extends readonly unknown[]> = L extends readonly [
  Layer<infer F>,
  ...(readonly unknown[]),
]
  ? F extends { readonly given: infer S extends Shape }
    ? S
    : number[]
  : number[];
