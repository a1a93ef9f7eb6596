import { ValueError } from "../../base/errors.js";
import { tensorOf } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Dense, filledIn, matrixOf, type MatrixOptions } from "../input/matrix.js";
import { columnNames, holdsSparse, type NamedMatrix } from "../input/names.js";
import type { SparseRows } from "../input/sparse-rows.js";
import type { Matrix } from "../types.js";

/** What the transformers of numbers share. */

export type Tensor64 = Tensor<[number, number], "f64">;

/** A transformer that leaves zeros as they are gives sparse rows for sparse rows. */
export interface KeepsFormat {
  (x: SparseRows): SparseRows;
  (x: Exclude<Matrix, SparseRows | NamedMatrix>): Tensor64;
  (x: Matrix): Tensor64 | SparseRows;
}

/** Columns as they were when fitting. */
export interface Like {
  readonly features: number;
  readonly featureNames: readonly string[] | null;
}

export const likeOf = (features: number, names: readonly string[] | null): Like => ({
  features,
  featureNames: names,
});

/** The columns that come out are those that went in. */
export const sameNames = ({ features, featureNames }: Like) => columnNames(featureNames, features);

export const tensor64 = (values: Float64Array, rows: number, columns: number): Tensor64 =>
  tensorOf(values as Float64Array<ArrayBuffer>, [rows, columns], "f64") as Tensor64;

/** There must be something to learn from. */
export function requireSome(
  { rows, columns }: { rows: number; columns: number },
  op: string,
): void {
  if (rows === 0) throw new ValueError(`${op}: there are no rows to learn from`);
  if (columns === 0) throw new ValueError(`${op}: X has no columns; there is nothing to learn`);
}

/** As `matrixOf`, for fitting: at least a row and a column. */
export function matrixToFit(x: Matrix, op: string, options?: MatrixOptions): Dense | SparseRows {
  const matrix = matrixOf(x, op, options);
  requireSome(matrix, op);
  return matrix;
}

/**
 * Where zeros do not stay zeros, sparse rows are refused: filled in they may not fit into memory.
 *
 * @param instead  what to do, for the message
 */
export function denseOnly(x: Matrix, op: string, instead: string, options?: MatrixOptions): Dense {
  if (holdsSparse(x))
    throw new ValueError(`${op}: X is sparse, and its zeros would not stay zeros; ${instead}`);
  return matrixOf(x, op, options) as Dense;
}

/** Each value by a function of it and its column. */
export function mapValues(
  { rows, columns, values }: Dense,
  f: (value: number, column: number) => number,
): Tensor64 {
  const out = new Float64Array(values.length);
  for (let i = 0, at = 0; i < rows; i++)
    for (let k = 0; k < columns; k++, at++) out[at] = f(values[at], k);
  return tensor64(out, rows, columns);
}

/** The same of what is not zero; f(0) must be 0. */
export const mapStored = (
  x: SparseRows,
  f: (value: number, column: number) => number,
): SparseRows => ({ ...x, values: x.values.map((value, i) => f(value, x.indices[i])) });

/** `mapValues` or `mapStored`. */
export const mapKeeping = (
  x: Dense | SparseRows,
  f: (value: number, column: number) => number,
): Tensor64 | SparseRows => (x.format === "dense" ? mapValues(x, f) : mapStored(x, f));

export const dense64 = (x: Dense | SparseRows): Tensor64 => {
  const { values, rows, columns } = x.format === "dense" ? x : filledIn(x);
  return tensor64(Float64Array.from(values), rows, columns);
};

/** The most elements that a result may have: 2³⁰, 8 GiB. */
const mostElements = 2 ** 30;

/** @throws ValueError  if so many elements are more than a result can have */
export function requireRoom(rows: number, columns: number, op: string, instead: string): void {
  if (rows * columns <= mostElements && columns <= 2 ** 31 - 1) return;
  throw new ValueError(
    `${op}: the result would be [${rows}, ${columns}], more than memory holds; ${instead}`,
  );
}

/** Calls `f` for each value of dense rows, and for those of sparse rows that are stored. */
export function eachStored(
  x: Dense | SparseRows,
  f: (value: number, row: number, column: number) => void,
): void {
  const { rows, columns, values } = x;
  for (let row = 0; row < rows; row++)
    if (x.format === "dense")
      for (let k = 0, at = row * columns; k < columns; k++, at++) f(values[at], row, k);
    else for (let i = x.starts[row]; i < x.starts[row + 1]; i++) f(values[i], row, x.indices[i]);
}
