import type { Tensor } from "../tensor.js";
import type { AnyRank, Bad, Checked, Good, Show } from "./rule.js";

/** What grad, valueAndGrad, hessian and hvp ask of a function: a scalar result, float arguments. */

export type AnyFunction = (...args: any[]) => unknown;

/** Which parameters to differentiate with respect to: one, or several. */
export type ArgNums = number | readonly number[];

type Chosen<N extends ArgNums> = N extends readonly number[] ? N[number] : N;

/** The type of parameter N. */
export type Argument<F extends AnyFunction, N> =
  Parameters<F> extends infer P extends readonly unknown[]
    ? N extends number
      ? `${N}` extends keyof P
        ? P[`${N}`]
        : P[number]
      : never
    : never;

/** F with a scalar result and the arguments N, else a sentence. */
export type Differentiable<
  F extends AnyFunction,
  N extends ArgNums,
  Aux extends boolean,
  Op extends string,
> = Checked<ArgumentRule<F, Chosen<N>, ScalarRule<F, Aux, Op>, Op>, F>;

type Returned<F extends AnyFunction, Aux extends boolean> = Aux extends true
  ? ReturnType<F> extends readonly [infer V, unknown]
    ? V
    : "no pair"
  : ReturnType<F>;

type IsAny<R> = 0 extends 1 & R ? true : false;

/** The rule that the function gives a scalar (with `hasAux`: [scalar, anything]). */
export type ScalarRule<F extends AnyFunction, Aux extends boolean, Op extends string> =
  Returned<F, Aux> extends infer R
    ? IsAny<R> extends true
      ? Good<[]>
      : R extends Tensor
        ? AnyRank<R["shape"]> extends true
          ? Good<[]>
          : R["shape"] extends readonly []
            ? Good<[]>
            : Bad<`${Op}: the function must return a scalar, it returns ${Show<R["shape"]>}; sum it, or use jacobian`>
        : R extends "no pair"
          ? Bad<`${Op}: with hasAux the function must return [scalar, anything]`>
          : R extends PromiseLike<unknown>
            ? Bad<`${Op}: the function must return a scalar tensor, not a promise of one`>
            : unknown extends R
              ? Bad<`${Op}: give the function's parameters types, as in (x: Tensor) => x.sum()`>
              : Bad<`${Op}: the function must return a scalar tensor`>
    : never;

type ArgumentRule<
  F extends AnyFunction,
  N,
  Else extends Good<[]> | Bad<string>,
  Op extends string,
> = [Missing<Parameters<F>, N>] extends [never]
  ? [Discrete<F, N>] extends [never]
    ? Else
    : Bad<`${Op}: the argument is of type ${Discrete<F, N>}, which has no derivative; use x.cast("f32")`>
  : Bad<`${Op}: there is no argument ${Missing<Parameters<F>, N>}, the function takes ${Parameters<F>["length"]}`>;

/** Those of the argument numbers N that the function does not have. */
type Missing<P extends readonly unknown[], N> =
  AnyRank<P> extends true
    ? never
    : N extends number
      ? number extends N
        ? never
        : `${N}` extends keyof P
          ? never
          : N
      : never;

/** Element types of the arguments N that are certainly no floats. */
type Discrete<F extends AnyFunction, N> = N extends number
  ? number extends N
    ? never
    : Argument<F, N> extends Tensor<infer _, infer D>
      ? [D] extends ["i32" | "u32" | "u8" | "bool"]
        ? D
        : never
      : never
  : never;
