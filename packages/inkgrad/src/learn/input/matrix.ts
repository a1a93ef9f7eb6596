import { isFloat } from "../../base/dtype.js";
import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { numbers, type Table } from "../../data/formats/csv.js";
import { elementsOf } from "../../tensor/operand.js";
import { isTensor } from "../../tensor/tensor.js";
import type { Features, Matrix } from "../types.js";
import { isNamed, type NamedMatrix } from "./names.js";
import { isSparse, type SparseRows } from "./sparse-rows.js";

/** Numbers row by row. Not to be written to: they may be the user's own. */
export interface Dense {
  readonly format: "dense";
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array | Float32Array;
}

export interface MatrixOptions {
  /** May values be missing (NaN)? Default false. */
  readonly missing?: boolean;
  /** The number of the first row, for messages (default 0): of a part of a stream, the rows before it. */
  readonly firstRow?: number;
  /** How many columns there must be, and what they are called. */
  readonly like?: { readonly features: number; readonly featureNames: readonly string[] | null };
}

export const isTable = (x: unknown): x is Table =>
  typeof x === "object" && x !== null && "names" in x && "columns" in x && "rows" in x;

/** The columns' names, where there are any. */
export const namesOf = (x: Features): readonly string[] | null =>
  isTable(x) || isNamed(x) ? x.names : null;

/**
 * What a user gives as X, checked: all numbers are finite, unless they may be missing.
 *
 * @throws ShapeError  if it is not [rows, columns], is ragged, or does not have the columns wanted
 * @throws ValueError  for NaN or infinity, naming row and column
 */
export function matrixOf(x: Matrix, op: string, options: MatrixOptions = {}): Dense | SparseRows {
  const { missing = false, firstRow = 0, like } = options;
  if (like !== undefined) requireColumns(x, like, op);
  const bare = isNamed(x) ? x.matrix : x;
  const matrix = isSparse(bare) ? bare : isTable(bare) ? fromTable(bare, op) : fromArrays(bare, op);
  if (like !== undefined && matrix.columns !== like.features)
    throw new ShapeError(
      `${op}: it was fitted on ${like.features} columns, and X has ${matrix.columns}`,
    );
  // What a tensor holds never changes: looking once is enough.
  const lasting = isTensor(x);
  if (lasting && finite.has(matrix.values)) return matrix;
  requireFinite(matrix, missing, firstRow, namesOf(x), op);
  if (lasting && !missing) finite.add(matrix.values);
  return matrix;
}

/** Elements of tensors that have been found finite. */
const finite = new WeakSet<object>();

/** As `matrixOf`, for what has no sparse form of its own: zeros are filled in. */
export function denseOf(x: Matrix, op: string, options: MatrixOptions = {}): Dense {
  const matrix = matrixOf(x, op, options);
  return matrix.format === "dense" ? matrix : filledIn(matrix);
}

export function filledIn({ rows, columns, starts, indices, values }: SparseRows): Dense {
  const all = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let i = starts[row]; i < starts[row + 1]; i++) all[row * columns + indices[i]] = values[i];
  return { format: "dense", rows, columns, values: all };
}

/** Columns are matched by name where both sides have names. */
export function requireColumns(
  x: Features,
  { featureNames }: { readonly featureNames: readonly string[] | null },
  op: string,
): void {
  const names = namesOf(x);
  if (names === null || featureNames === null) return;
  if (names.length === featureNames.length && names.every((name, i) => name === featureNames[i]))
    return;
  const [given, wanted] = [new Set(names), new Set(featureNames)];
  const lacking = featureNames.filter((name) => !given.has(name));
  const unknown = names.filter((name) => !wanted.has(name));
  if (lacking.length + unknown.length > 0)
    throw new ShapeError(
      `${op}: the columns are not those it was fitted on: ` +
        [
          lacking.length > 0 ? `${lacking.join(", ")} not there` : "",
          unknown.length > 0 ? `${unknown.join(", ")} not known` : "",
        ]
          .filter((text) => text !== "")
          .join("; "),
    );
  const moved = featureNames.findIndex((name, i) => name !== names[i]);
  if (moved >= 0)
    throw new ShapeError(
      `${op}: column ${moved} is "${names[moved]}" and was "${featureNames[moved]}" when fitting; ` +
        "bring the columns into that order",
    );
}

function fromTable(table: Table, op: string): Dense {
  const { rows, names } = table;
  const columns = names.map((name) => {
    if (!(table.columns[name].values instanceof Float64Array))
      throw new ValueError(
        `${op}: column "${name}" holds texts; encode it first (oneHotEncoder, columnTransformer), or leave it out`,
      );
    return numbers(table, name);
  });
  const values = new Float64Array(rows * names.length);
  columns.forEach((column, k) => {
    for (let i = 0; i < rows; i++) values[i * names.length + k] = column[i];
  });
  return { format: "dense", rows, columns: names.length, values };
}

function fromArrays(x: Exclude<Matrix, SparseRows | Table | NamedMatrix>, op: string): Dense {
  if (isTensor(x)) {
    if (x.rank !== 2)
      throw new ShapeError(
        `${op}: X must be [rows, columns], got ${show(x.shape)}` +
          (x.rank === 1 ? "; for one column reshape it to [n, 1]" : ""),
      );
    const isReal = isFloat(x.dtype) && x.dtype !== "f16" && x.dtype !== "bf16";
    const values = elementsOf((isReal ? x : x.cast("f64")).node) as Float32Array | Float64Array;
    return { format: "dense", rows: x.shape[0], columns: x.shape[1], values };
  }
  if (!Array.isArray(x))
    throw new ShapeError(
      `${op}: X must be a tensor [rows, columns], rows of numbers, sparse rows or a table, got ${describe(x)}`,
    );
  const rows = x as readonly (readonly number[])[];
  const columns = rows.length === 0 ? 0 : lengthOf(rows[0], op);
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (lengthOf(row, op) !== columns)
      throw new ShapeError(
        `${op}: row ${i} has ${row.length} values, and row 0 has ${columns}; all must have as many`,
      );
    for (let k = 0; k < columns; k++) {
      if (typeof row[k] !== "number")
        throw new ValueError(
          `${op}: row ${i}, column ${k} is ${describe(row[k])}; X must hold numbers`,
        );
      values[i * columns + k] = row[k];
    }
  });
  return { format: "dense", rows: rows.length, columns, values };
}

function lengthOf(row: unknown, op: string): number {
  if (Array.isArray(row) || ArrayBuffer.isView(row)) return (row as unknown as number[]).length;
  throw new ShapeError(
    `${op}: X must be rows of numbers, [[…], […]], got ${describe(row)} for a row`,
  );
}

function requireFinite(
  matrix: Dense | SparseRows,
  missing: boolean,
  firstRow: number,
  names: readonly string[] | null,
  op: string,
): void {
  const { values } = matrix;
  // A sum that is finite has no term that is not: most of the time one quick pass is enough.
  if (sumOfZeros(values) === 0) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value) || (missing && Number.isNaN(value))) continue;
    const [row, column] = placeOf(matrix, i);
    throw new ValueError(
      `${op}: row ${firstRow + row}, column ${names === null ? column : `"${names[column]}"`} is ${value}` +
        (Number.isNaN(value)
          ? "; fill missing values in first (imputer), or leave the row out"
          : "; X must be finite"),
    );
  }
}

/** Σ 0 · value, in four sums at a time, which do not wait for each other. */
function sumOfZeros(values: Float64Array | Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  // With its end in a variable the loop takes a third of the time.
  const { length } = values;
  const whole = length - (length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i] * 0;
    b += values[i + 1] * 0;
    c += values[i + 2] * 0;
    d += values[i + 3] * 0;
  }
  for (let i = whole; i < length; i++) a += values[i] * 0;
  return a + b + (c + d);
}

function placeOf(matrix: Dense | SparseRows, i: number): [row: number, column: number] {
  if (matrix.format === "dense") return [Math.floor(i / matrix.columns), i % matrix.columns];
  let row = 0;
  while (matrix.starts[row + 1] <= i) row++;
  return [row, matrix.indices[i]];
}
