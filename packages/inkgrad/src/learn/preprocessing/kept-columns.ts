import { ValueError } from "../../base/errors.js";
import { type Dense, matrixOf } from "../input/matrix.js";
import { columnName } from "../input/names.js";
import { type SparseRows, sparseColumns } from "../input/sparse-rows.js";
import type { State } from "../saving/state.js";
import type { FittedTransformer, Matrix } from "../types.js";
import { type KeepsFormat, type Like, likeOf, type Tensor64, tensor64 } from "./matrices.js";

/** What all that leave columns out have learned. */
export interface KeptState extends State {
  readonly names: readonly string[] | null;
  readonly features: number;
  /** The columns that stay, ascending. */
  readonly kept: Int32Array;
}

export interface FittedSelection extends FittedTransformer {
  /** The columns that stay, ascending. */
  readonly kept: Int32Array;
  readonly transform: KeepsFormat;
  /** Zeros where columns were left out. */
  readonly inverseTransform: KeepsFormat;
}

export function keptWhere(scores: ArrayLike<number>, keep: (k: number) => boolean): Int32Array {
  const kept: number[] = [];
  for (let k = 0; k < scores.length; k++) if (keep(k)) kept.push(k);
  return Int32Array.from(kept);
}

/** @throws ValueError  if nothing is left */
export function requireKept(kept: Int32Array, op: string, advice: string): void {
  if (kept.length === 0) throw new ValueError(`${op}: no column is left; ${advice}`);
}

export function restoreSelection<S extends KeptState>(
  state: S,
  { missing = false }: { missing?: boolean } = {},
): FittedSelection & { readonly state: S } {
  const { names, features, kept } = state;
  const like = likeOf(features, names);
  const outputNames = Array.from(kept, (k) => columnName(names, k));
  const out: Like = { features: kept.length, featureNames: null };
  const transform = (x: Matrix): Tensor64 | SparseRows => {
    const matrix = matrixOf(x, `${state.kind}.transform`, { missing, like });
    if (matrix.format === "csr") return sparseColumns(matrix, kept);
    return tensor64(picked(matrix, kept), matrix.rows, kept.length);
  };
  const inverseTransform = (x: Matrix): Tensor64 | SparseRows => {
    const matrix = matrixOf(x, `${state.kind}.inverseTransform`, { missing, like: out });
    if (matrix.format === "csr")
      return { ...matrix, columns: features, indices: matrix.indices.map((k) => kept[k]) };
    const values = new Float64Array(matrix.rows * features);
    for (let row = 0; row < matrix.rows; row++)
      kept.forEach((k, i) => {
        values[row * features + k] = matrix.values[row * kept.length + i];
      });
    return tensor64(values, matrix.rows, features);
  };
  return {
    state,
    ...like,
    kept,
    outputNames,
    transform: transform as KeepsFormat,
    inverseTransform: inverseTransform as KeepsFormat,
  };
}

export function picked({ rows, columns, values }: Dense, kept: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows * kept.length);
  for (let row = 0, at = 0; row < rows; row++)
    for (let i = 0; i < kept.length; i++) out[at++] = values[row * columns + kept[i]];
  return out;
}
