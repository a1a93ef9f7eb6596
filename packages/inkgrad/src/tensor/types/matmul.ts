import type { Shape } from "../../base/shape.js";
import type { Mul } from "./arithmetic.js";
import type { BroadcastSizes } from "./broadcast.js";
import type {
  AnyRank,
  Bad,
  Because,
  Fine,
  Fits,
  Good,
  Loose,
  Show,
  ShowSize,
  Verdict,
} from "./rule.js";

/**
 * Matrix products by NumPy's rules: [..., m, k] times [..., k, n] with leading dimensions that
 * broadcast; a vector is a row on the left and a column on the right, and its axis goes away.
 */
export type MatMul<A extends Shape, B extends Shape, Op extends string = "matmul"> =
  AnyRank<A> extends true
    ? Loose
    : AnyRank<B> extends true
      ? Loose
      : A extends readonly []
        ? Bad<`${Op}: the left side is a scalar; use mul`>
        : B extends readonly []
          ? Bad<`${Op}: the right side is a scalar; use mul`>
          : A extends readonly [...infer AR extends Shape, infer K extends number]
            ? B extends readonly [
                ...infer BatchB extends Shape,
                infer L extends number,
                infer N extends number,
              ]
              ? AR extends readonly [...infer BatchA extends Shape, infer M extends number]
                ? Product<BatchA, BatchB, [M, N], K, L, A, B, Op>
                : Product<[], BatchB, [N], K, L, A, B, Op>
              : B extends readonly [infer L extends number]
                ? Product<[], [], AR, K, L, A, B, Op>
                : Loose
            : Loose;

type Product<
  BatchA extends Shape,
  BatchB extends Shape,
  Rest extends Shape,
  K extends number,
  L extends number,
  A extends Shape,
  B extends Shape,
  Op extends string,
> = Verdict<
  [...Batch<BatchA, BatchB>, ...Rest],
  Fits<K, L> extends true
    ? Fine<Batch<BatchA, BatchB>> extends never
      ? Because<`${Op}: batch dimensions ${Show<BatchA>} and ${Show<BatchB>} do not broadcast, ${Show<A>} times ${Show<B>}`>
      : true
    : Because<`${Op}: inner sizes ${ShowSize<K>} and ${ShowSize<L>} differ, ${Show<A>} times ${Show<B>}`>
>;

type Batch<A extends Shape, B extends Shape> = A extends readonly []
  ? B
  : B extends readonly []
    ? A
    : BroadcastSizes<A, B>;

/**
 * NumPy's `dot` for vectors and matrices, and for scalars a product. Beyond that it sums over odd
 * axes, so it is left out.
 */
export type Dot<A extends Shape, B extends Shape> =
  HasMany<A> extends true
    ? Bad<`dot: ${Show<A>} has more than two dimensions; use matmul`>
    : HasMany<B> extends true
      ? Bad<`dot: ${Show<B>} has more than two dimensions; use matmul`>
      : A extends readonly []
        ? Good<B>
        : B extends readonly []
          ? Good<A>
          : MatMul<A, B, "dot">;

type HasMany<S extends Shape> = S extends readonly [number, number, number, ...number[]]
  ? true
  : false;

/** Every element of one times every element of the other. */
export type Outer<A extends Shape, B extends Shape> = Good<[Size<A>, Size<B>]>;

/** How many elements a shape has. */
export type Size<S extends Shape> = AnyRank<S> extends true ? number : SizeFrom<S>;
type SizeFrom<S extends Shape, P extends number = 1> = S extends readonly [
  infer H extends number,
  ...infer R extends Shape,
]
  ? SizeFrom<R, Mul<P, H>>
  : P;
