import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { Float, Promote, Summed } from "./dtype.js";
import type { AnyRank, Bad, Because, Checked, Fits, Good, Loose, Show, Verdict } from "./rule.js";

/** The types of the functions of matrices, which lie in the last two axes: [..., m, n]. */

type LastTwo<S extends Shape> = S extends readonly [
  ...infer L extends Shape,
  infer M extends number,
  infer N extends number,
]
  ? { lead: L; m: M; n: N }
  : never;

/** Square matrices stay what they are. */
export type Square<S extends Shape, Op extends string> =
  AnyRank<S> extends true
    ? Loose
    : LastTwo<S> extends { m: infer M extends number; n: infer N extends number }
      ? Verdict<
          S,
          Fits<M, N> extends true
            ? true
            : Because<`${Op}: expected square matrices [..., n, n], not ${Show<S>}`>
        >
      : Bad<`${Op}: expected square matrices [..., n, n], not ${Show<S>}`>;

/** Any matrices. */
type Matrix<S extends Shape, Op extends string> =
  AnyRank<S> extends true
    ? Loose
    : S extends readonly [...Shape, number, number]
      ? Good<S>
      : Bad<`${Op}: expected matrices [..., m, n], not ${Show<S>}`>;

/** [...lead, ...Rest] where that is known. */
type Lead<S extends Shape, Rest extends Shape> =
  AnyRank<S> extends true
    ? number[]
    : LastTwo<S> extends { lead: infer L extends Shape }
      ? [...L, ...Rest]
      : number[];

type Rows<S extends Shape> = LastTwo<S> extends { m: infer M extends number } ? M : number;
type Columns<S extends Shape> = LastTwo<S> extends { n: infer N extends number } ? N : number;

export interface CholeskyFunction {
  <X extends Tensor>(
    a: Checked<Square<X["shape"], "cholesky">, X>,
  ): Tensor<X["shape"], Float<X["dtype"]>>;
}

export interface InverseFunction {
  <X extends Tensor>(
    a: Checked<Square<X["shape"], "inverse">, X>,
  ): Tensor<X["shape"], Float<X["dtype"]>>;
}

export interface DeterminantFunction {
  <X extends Tensor>(
    a: Checked<Square<X["shape"], "determinant">, X>,
  ): Tensor<Lead<X["shape"], []>, Float<X["dtype"]>>;
}

export interface LogDeterminantFunction {
  <X extends Tensor>(
    a: Checked<Square<X["shape"], "logDeterminant">, X>,
  ): [
    sign: Tensor<Lead<X["shape"], []>, Float<X["dtype"]>>,
    logAbs: Tensor<Lead<X["shape"], []>, Float<X["dtype"]>>,
  ];
}

export interface LuFunction {
  <X extends Tensor>(
    a: Checked<Square<X["shape"], "lu">, X>,
  ): [
    permutation: Tensor<Lead<X["shape"], [Columns<X["shape"]>]>, "i32">,
    lower: Tensor<X["shape"], Float<X["dtype"]>>,
    upper: Tensor<X["shape"], Float<X["dtype"]>>,
  ];
}

export interface QrFunction {
  <X extends Tensor>(
    a: Checked<Matrix<X["shape"], "qr">, X>,
  ): [
    q: Tensor<Lead<X["shape"], [Rows<X["shape"]>, number]>, Float<X["dtype"]>>,
    r: Tensor<Lead<X["shape"], [number, Columns<X["shape"]>]>, Float<X["dtype"]>>,
  ];
}

export interface EighFunction {
  <X extends Tensor>(
    a: Checked<Square<X["shape"], "eigh">, X>,
  ): [
    values: Tensor<Lead<X["shape"], [Columns<X["shape"]>]>, Float<X["dtype"]>>,
    vectors: Tensor<X["shape"], Float<X["dtype"]>>,
  ];
}

export interface SvdFunction {
  <X extends Tensor>(
    a: Checked<Matrix<X["shape"], "svd">, X>,
  ): [
    u: Tensor<Lead<X["shape"], [Rows<X["shape"]>, number]>, Float<X["dtype"]>>,
    s: Tensor<Lead<X["shape"], [number]>, Float<X["dtype"]>>,
    vt: Tensor<Lead<X["shape"], [number, Columns<X["shape"]>]>, Float<X["dtype"]>>,
  ];
}

/** One system solves for a right side like it; batches broadcast, and are left to the run time. */
type Solution<A extends Shape, B extends Shape> = A extends readonly [number, number]
  ? B
  : number[];

export interface SolveFunction<Op extends string, Options extends readonly unknown[] = []> {
  <A extends Tensor, B extends Tensor>(
    a: Checked<Square<A["shape"], Op>, A>,
    b: B,
    ...options: Options
  ): Tensor<Solution<A["shape"], B["shape"]>, Float<Promote<A["dtype"], B["dtype"]>>>;
}

type LeastSquares<A extends Shape, B extends Shape> = A extends readonly [
  number,
  infer N extends number,
]
  ? B extends readonly [number]
    ? [N]
    : B extends readonly [number, infer K extends number]
      ? [N, K]
      : number[]
  : number[];

export interface LstsqFunction {
  <A extends Tensor, B extends Tensor>(
    a: Checked<Matrix<A["shape"], "lstsq">, A>,
    b: B,
    options?: { readonly rcond?: number },
  ): Tensor<LeastSquares<A["shape"], B["shape"]>, Float<Promote<A["dtype"], B["dtype"]>>>;
}

export interface PinvFunction {
  <X extends Tensor>(
    a: Checked<Matrix<X["shape"], "pinv">, X>,
    options?: { readonly rcond?: number },
  ): Tensor<Lead<X["shape"], [Columns<X["shape"]>, Rows<X["shape"]>]>, Float<X["dtype"]>>;
}

export interface TraceFunction {
  <X extends Tensor>(
    a: Checked<Matrix<X["shape"], "trace">, X>,
  ): Tensor<Lead<X["shape"], []>, Summed<X["dtype"]>>;
}

/** One number for each matrix. */
export interface PerMatrixFunction<Op extends string, Options, D extends DType | "float"> {
  <X extends Tensor>(
    a: Checked<Matrix<X["shape"], Op>, X>,
    options?: Options,
  ): Tensor<Lead<X["shape"], []>, D extends "float" ? Float<X["dtype"]> : D & DType>;
}
