import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { ExpandDims } from "./axes.js";
import type { AnyRank, Bad, Checked, Good, Of } from "./rule.js";
import type { AnyFunction } from "./differentiable.js";

/**
 * The type of vmap: each tensor of the function gets a batch axis of size B more. B is found
 * from the arguments, so two of different batch sizes are an error.
 */

/** Where the batch axis lies, null for an argument that all share; one for each, or for all. */
export type InAxes = number | null | readonly (number | null)[];

type AxisOf<I, K> = I extends readonly unknown[] ? (K extends keyof I ? I[K] : 0) : I;

type WithAxis<S extends Shape, A extends number, B extends number> = A extends 0
  ? AnyRank<S> extends true
    ? number[]
    : [B, ...S]
  : Of<ExpandDims<S, A, B>>;

/** A tree with the batch axis in every leaf. */
export type Batched<T, A, B extends number> = A extends number
  ? T extends Tensor<infer S, infer D>
    ? Tensor<WithAxis<S, A, B>, D>
    : T extends readonly unknown[] | object
      ? { [K in keyof T]: Batched<T[K], A, B> }
      : T
  : T;

/** Arguments of different batch sizes make B a union of them. */
type OneSize<B extends number> =
  IsUnion<B> extends true ? Bad<"vmap: the batch sizes of the arguments differ"> : Good<[]>;
type IsUnion<B, All = B> = B extends B ? ([All] extends [B] ? false : true) : never;

type BatchedArguments<P extends readonly unknown[], I, B extends number> = {
  [K in keyof P]: Checked<OneSize<B>, Batched<P[K], AxisOf<I, K>, B>>;
};

export interface VmapOptions<I, O> {
  /** Default 0: every argument is a batch, its first axis. */
  inAxes?: I;
  /** Where the results' batch axis goes (default 0). */
  outAxes?: O;
}

export interface Vmap {
  <F extends AnyFunction, const I extends InAxes = 0, O extends number = 0>(
    f: F,
    options?: VmapOptions<I, O>,
  ): <B extends number = number>(
    ...args: BatchedArguments<Parameters<F>, I, B>
  ) => Batched<ReturnType<F>, O, B>;
}
