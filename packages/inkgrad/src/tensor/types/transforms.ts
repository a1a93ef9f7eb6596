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

/** A gradient is shaped and typed as the parameter it belongs to. */
export type GradientOf<F extends AnyFunction, N extends ArgNums> = N extends readonly number[]
  ? { -readonly [K in keyof N]: Argument<F, N[K]> }
  : Argument<F, N>;

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
  ): (
    ...args: Parameters<F>
  ) => Aux extends true ? [gradient: GradientOf<F, N>, aux: AuxOf<F>] : GradientOf<F, N>;
}

export interface ValueAndGrad {
  <F extends AnyFunction, const N extends ArgNums = 0, Aux extends boolean = false>(
    f: Differentiable<F, N, Aux, "valueAndGrad">,
    argNums?: N,
    options?: GradOptions<Aux>,
  ): (...args: Parameters<F>) => [value: ReturnType<F>, gradient: GradientOf<F, N>];
}

/** The value, and the function that takes the value's cotangent to those of the arguments. */
export interface Vjp {
  <F extends AnyFunction>(
    f: F,
    ...args: Parameters<F>
  ): [value: ReturnType<F>, pullBack: (cotangent: ReturnType<F>) => Gradients<Parameters<F>>];
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
  ): (...args: Parameters<F>) => JacobianOf<ReturnType<F>, Argument<F, N>>;
}

/** Second derivatives of a scalar: [...in, ...in] for a tensor, a tree of trees for a tree. */
export interface Hessian {
  <F extends AnyFunction, N extends number = 0>(
    f: Differentiable<F, N, false, "hessian">,
    argNum?: N,
  ): (...args: Parameters<F>) => JacobianOf<Argument<F, N>, Argument<F, N>>;
}

/** The Hessian of a scalar function of one argument, times a vector, without the matrix. */
export interface Hvp {
  <F extends AnyFunction>(
    f: Differentiable<F, 0, false, "hvp">,
    x: Argument<F, 0>,
    vector: Argument<F, 0>,
  ): Argument<F, 0>;
}
