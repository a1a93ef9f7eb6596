import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { AnyFunction, ArgNums, Argument, Differentiable } from "./differentiable.js";
import type { AnyRank } from "./rule.js";

export type { AnyFunction, ArgNums };

/**
 * The types of grad, vjp, jacobian and their kin. A transform takes a function of trees of
 * tensors (a tensor, or arrays and plain objects of them) and gives a function of the same
 * parameters.
 */

/**
 * A gradient has the type of the argument it belongs to, as it was given: a function that takes
 * any `Tensor<[3]>` has an f32 gradient where it is given an f32 tensor. An argument that was left
 * out has the type of its parameter.
 */
export type GradientOf<
  F extends AnyFunction,
  N extends ArgNums,
  A extends readonly unknown[] = Parameters<F>,
> = N extends readonly number[] ? { -readonly [K in keyof N]: Given<F, N[K], A> } : Given<F, N, A>;

/** The type of argument N as it was given. */
type Given<F extends AnyFunction, N, A extends readonly unknown[]> = N extends number
  ? `${N}` extends keyof A
    ? A[`${N}`]
    : Argument<F, N>
  : never;

type AuxOf<F extends AnyFunction> = ReturnType<F> extends readonly [unknown, infer A] ? A : never;

export interface GradOptions<Aux extends boolean> {
  /** The function returns [value, anything]: differentiate the value, hand the rest through. */
  hasAux?: Aux;
}

// ---- reverse mode

export interface Grad {
  <F extends AnyFunction, const N extends ArgNums = 0, Aux extends boolean = false>(
    f: Differentiable<F, N, Aux, "grad">,
    argNums?: N,
    options?: GradOptions<Aux>,
  ): <A extends Parameters<F>>(
    ...args: A
  ) => Aux extends true ? [gradient: GradientOf<F, N, A>, aux: AuxOf<F>] : GradientOf<F, N, A>;
}

export interface ValueAndGrad {
  <F extends AnyFunction, const N extends ArgNums = 0, Aux extends boolean = false>(
    f: Differentiable<F, N, Aux, "valueAndGrad">,
    argNums?: N,
    options?: GradOptions<Aux>,
  ): <A extends Parameters<F>>(...args: A) => [value: ReturnType<F>, gradient: GradientOf<F, N, A>];
}

/** The value, and the function that takes the value's cotangent to those of the arguments. */
export interface Vjp {
  <F extends AnyFunction, A extends Parameters<F>>(
    f: F,
    ...args: A
  ): [value: ReturnType<F>, pullBack: (cotangent: ReturnType<F>) => Gradients<A>];
}
type Gradients<P extends readonly unknown[]> = { -readonly [K in keyof P]-?: P[K] };

// ---- forward mode

/** The value, and how it changes when the arguments change by the tangents. */
export interface Jvp {
  <F extends AnyFunction>(
    f: F,
    primals: Readonly<Parameters<F>>,
    tangents: Readonly<Parameters<F>>,
  ): [value: ReturnType<F>, tangent: ReturnType<F>];
}

// ---- second order and matrices

type Beside<A extends Shape, B extends Shape> =
  AnyRank<A> extends true ? number[] : AnyRank<B> extends true ? number[] : [...A, ...B];

/** For every leaf of the result and every leaf of the argument a tensor [...out, ...in]. */
export type JacobianOf<Out, In> =
  Out extends Tensor<infer S, infer D>
    ? JacobianOfLeaf<S, D, In>
    : { -readonly [K in keyof Out]: JacobianOf<Out[K], In> };
type JacobianOfLeaf<S extends Shape, D extends DType, In> =
  In extends Tensor<infer T>
    ? Tensor<Beside<S, T>, D>
    : { -readonly [K in keyof In]: JacobianOfLeaf<S, D, In[K]> };

export interface JacobianOptions {
  /**
   * "reverse": one backward pass for each element of the result; "forward": one forward pass for
   * each element of the argument; "auto" (default): whichever are fewer.
   */
  readonly mode?: "auto" | "forward" | "reverse";
}

export interface Jacobian {
  <F extends AnyFunction, N extends number = 0>(
    f: F,
    argNum?: N,
    options?: JacobianOptions,
  ): <A extends Parameters<F>>(...args: A) => JacobianOf<ReturnType<F>, Given<F, N, A>>;
}

/** Second derivatives of a scalar: [...in, ...in] for a tensor, a tree of trees for a tree. */
export interface Hessian {
  <F extends AnyFunction, N extends number = 0>(
    f: Differentiable<F, N, false, "hessian">,
    argNum?: N,
  ): <A extends Parameters<F>>(...args: A) => JacobianOf<Given<F, N, A>, Given<F, N, A>>;
}

/** The Hessian of a scalar function of one argument, times a vector, without the matrix. */
export interface Hvp {
  <F extends AnyFunction, X extends Argument<F, 0>>(
    f: Differentiable<F, 0, false, "hvp">,
    x: X,
    vector: Argument<F, 0>,
  ): X;
}
