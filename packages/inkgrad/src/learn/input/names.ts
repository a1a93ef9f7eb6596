import { ShapeError } from "../../base/errors.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import { isSparse, type SparseRows } from "./sparse-rows.js";

/** What columns are called in messages, reports and what comes out: their names, or x0, x1, … */

export const columnName = (names: readonly string[] | null, column: number): string =>
  names?.[column] ?? `x${column}`;

export const columnNames = (names: readonly string[] | null, count: number): readonly string[] =>
  names ?? Array.from({ length: count }, (_, column) => columnName(null, column));

/** Numbers [rows, columns] whose columns have names. */
export interface NamedMatrix {
  readonly format: "named";
  readonly matrix: Tensor | SparseRows;
  readonly names: readonly string[];
}

/**
 * Names for the columns of numbers: what is fitted on them knows, and reports, its columns by name.
 *
 * @throws ShapeError  if there is not one name for each column
 */
export function named(matrix: Tensor | SparseRows, names: readonly string[]): NamedMatrix {
  const columns = isTensor(matrix) ? (matrix.rank === 2 ? matrix.shape[1] : null) : matrix.columns;
  if (columns !== names.length)
    throw new ShapeError(
      `named: there are ${names.length} names for ` +
        (columns === null ? "what is not [rows, columns]" : `${columns} columns`),
    );
  return { format: "named", matrix, names };
}

export const isNamed = (x: unknown): x is NamedMatrix =>
  typeof x === "object" && x !== null && (x as { format?: unknown }).format === "named";

/** Are they sparse rows, with names or without? */
export const holdsSparse = (x: unknown): x is SparseRows | NamedMatrix =>
  isSparse(isNamed(x) ? x.matrix : x);
