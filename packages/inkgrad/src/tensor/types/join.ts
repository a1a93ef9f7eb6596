import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { Add } from "./arithmetic.js";
import type { Axis, ExpandDims, OutOfRange } from "./axes.js";
import type { PromoteKeep } from "./dtype.js";
import type { AnyRank, Bad, EqualSize, Fine, Good, Loose, Same, Show } from "./rule.js";

/** Tensors joined along an axis they have (concat) or along a new one (stack). */

export type ShapesOf<T extends readonly Tensor[]> = {
  -readonly [K in keyof T]: T[K]["shape"];
};

/** The dtype of the joined tensor. */
export type JoinedDType<T extends readonly Tensor[]> =
  AnyRank<T> extends true
    ? T[number]["dtype"]
    : T extends readonly [infer H extends Tensor, ...infer R extends readonly Tensor[]]
      ? PromoteAll<R, H["dtype"]>
      : DType;
type PromoteAll<T extends readonly Tensor[], D extends DType> = T extends readonly [
  infer H extends Tensor,
  ...infer R extends readonly Tensor[],
]
  ? PromoteAll<R, PromoteKeep<D, H["dtype"]>>
  : D;

/** Sizes of A and B side by side: added along axis I, equal elsewhere, never where they differ. */
type Beside<A extends Shape, B extends Shape, I extends number> = {
  -readonly [K in keyof A]: K extends keyof B
    ? B[K] extends infer V extends number
      ? K extends `${I}`
        ? Add<A[K], V>
        : EqualSize<A[K], V>
      : never
    : never;
};

export type Concat<T extends readonly Shape[], A extends number> =
  AnyRank<T> extends true
    ? Loose
    : T extends readonly [infer H extends Shape, ...infer R extends readonly Shape[]]
      ? AnyRank<H> extends true
        ? Loose
        : number extends A
          ? Loose
          : [Axis<H, A>] extends [never]
            ? OutOfRange<H, A, "concat">
            : ConcatFrom<H, R, Axis<H, A>, A>
      : Bad<"concat: needs one tensor or more">;

type ConcatFrom<
  H extends Shape,
  T extends readonly Shape[],
  I extends number,
  A extends number,
> = T extends readonly [infer B extends Shape, ...infer R extends readonly Shape[]]
  ? AnyRank<B> extends true
    ? Loose
    : H["length"] extends B["length"]
      ? Fine<Beside<H, B, I>> extends never
        ? Bad<`concat: shapes ${Show<H>} and ${Show<B>} differ outside axis ${A}`>
        : ConcatFrom<Beside<H, B, I>, R, I, A>
      : Bad<`concat: shapes ${Show<H>} and ${Show<B>} differ in rank`>
  : Good<H>;

export type Stack<T extends readonly Shape[], A extends number> =
  AnyRank<T> extends true
    ? Loose
    : T extends readonly [infer H extends Shape, ...infer R extends readonly Shape[]]
      ? StackFrom<H, R, A, T["length"] & number>
      : Bad<"stack: needs one tensor or more">;

type StackFrom<
  H extends Shape,
  T extends readonly Shape[],
  A extends number,
  N extends number,
> = T extends readonly [infer B extends Shape, ...infer R extends readonly Shape[]]
  ? Same<H, B> extends true
    ? StackFrom<H, R, A, N>
    : AnyRank<H> extends true
      ? Loose
      : AnyRank<B> extends true
        ? Loose
        : H["length"] extends B["length"]
          ? Fine<Beside<H, B, never>> extends never
            ? Bad<`stack: shapes ${Show<H>} and ${Show<B>} differ`>
            : StackFrom<Beside<H, B, never>, R, A, N>
          : Bad<`stack: shapes ${Show<H>} and ${Show<B>} differ`>
  : ExpandDims<H, A, N, "stack">;
