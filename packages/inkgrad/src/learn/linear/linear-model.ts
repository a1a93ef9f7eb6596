import type { TypedArray } from "../../base/dtype.js";
import { tensorOf } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import { designOf } from "./design/make.js";
import { matrixOf, type MatrixOptions } from "../input/matrix.js";
import type { Matrix } from "../types.js";
import type { Weights } from "./design/design.js";

/** What all linear models have learned: one line of coefficients, and an intercept, for each output. */
export interface Lines {
  /** [outputs, features], line by line. */
  readonly coefficients: Float64Array;
  /** [outputs] */
  readonly intercepts: Float64Array;
}

export const linesOf = ({ W, b }: Weights): Lines => ({
  coefficients: transposed(W, b.length),
  intercepts: b.slice(),
});

export const weightsOf = ({ coefficients, intercepts }: Lines): Weights => ({
  W: transposed(coefficients, coefficients.length / intercepts.length),
  b: intercepts.slice(),
});

/** Margins [rows, outputs] of what a user gives as X. */
export function marginsOf(
  x: Matrix,
  lines: Lines,
  op: string,
  like: NonNullable<MatrixOptions["like"]>,
): { rows: number; z: Float64Array } {
  const design = designOf(matrixOf(x, op, { like }));
  return { rows: design.rows, z: design.margins(weightsOf(lines)) };
}

/** Of [lines, width] row by row; `width` columns become rows. */
function transposed(a: Float64Array, width: number): Float64Array {
  const lines = width === 0 ? 0 : a.length / width;
  const out = new Float64Array(a.length);
  for (let i = 0; i < lines; i++)
    for (let j = 0; j < width; j++) out[j * lines + i] = a[i * width + j];
  return out;
}

export const matrixTensor = (
  values: Float64Array,
  rows: number,
  columns: number,
): Tensor<[number, number], "f64"> =>
  tensorOf(values as TypedArray, [rows, columns], "f64") as Tensor<[number, number], "f64">;

export const vectorTensor = (values: Float64Array): Tensor<[number], "f64"> =>
  tensorOf(values as TypedArray, [values.length], "f64") as Tensor<[number], "f64">;
