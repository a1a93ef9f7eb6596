import { ShapeError, ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import type { Table } from "../../data/formats/csv.js";
import { isTensor } from "../../tensor/tensor.js";
import type { Features } from "../types.js";
import { denseOf, isTable, type MatrixOptions, namesOf, requireColumns } from "./matrix.js";
import { columnName, isNamed } from "./names.js";
import { isSparse } from "./sparse-rows.js";

/** What stands in a column of categories; null: missing. */
export type Cell = string | number | boolean | null;

/** Rows of texts, numbers and truth values. */
export interface Cells {
  readonly rows: number;
  readonly columns: number;
  readonly names: readonly string[] | null;
  at(row: number, column: number): Cell;
}

/**
 * What a user gives as X where texts may stand in it. NaN is missing, as null is.
 *
 * @param like  how many columns there must be, and what they are called
 * @throws ShapeError  if it is ragged, or does not have the columns wanted
 * @throws ValueError  for what is neither text, number nor truth value
 */
export function cellsOf(
  x: Features,
  op: string,
  { like }: Pick<MatrixOptions, "like"> = {},
): Cells {
  if (like !== undefined) requireColumns(x, like, op);
  const cells = isTable(x) ? ofTable(x) : isRows(x) ? ofRows(x, op) : ofNumbers(x, op);
  if (like !== undefined && cells.columns !== like.features)
    throw new ShapeError(
      `${op}: it was fitted on ${like.features} columns, and X has ${cells.columns}`,
    );
  return cells;
}

/** Where a cell stands, for messages. */
export const placed = (row: number, column: number, names: readonly string[] | null): string =>
  `row ${row}, column ${names === null ? column : `"${columnName(names, column)}"`}`;

export const isRows = (x: Features): x is readonly (readonly Cell[])[] =>
  Array.isArray(x) && !isTensor(x) && !isSparse(x) && !isNamed(x);

function ofTable(table: Table): Cells {
  const columns = table.names.map((name) => table.columns[name]);
  return {
    rows: table.rows,
    columns: columns.length,
    names: table.names,
    at: (row, k) => {
      const { type, values } = columns[k];
      const value = values[row];
      if (typeof value === "number" && Number.isNaN(value)) return null;
      return type === "boolean" ? value === 1 : value;
    },
  };
}

function ofRows(rows: readonly (readonly Cell[])[], op: string): Cells {
  const columns = rows.length === 0 ? 0 : widthOf(rows[0], op);
  rows.forEach((row, i) => {
    if (widthOf(row, op) !== columns)
      throw new ShapeError(
        `${op}: row ${i} has ${row.length} values, and row 0 has ${columns}; all must have as many`,
      );
    for (let k = 0; k < columns; k++)
      if (row[k] !== null && !["string", "number", "boolean"].includes(typeof row[k]))
        throw new ValueError(
          `${op}: ${placed(i, k, null)} is ${describe(row[k])}; X must hold texts, numbers or null`,
        );
  });
  const at = (row: number, k: number): Cell => (Number.isNaN(rows[row][k]) ? null : rows[row][k]);
  return { rows: rows.length, columns, names: null, at };
}

function widthOf(row: unknown, op: string): number {
  if (Array.isArray(row) || ArrayBuffer.isView(row)) return (row as unknown as Cell[]).length;
  throw new ShapeError(
    `${op}: X must be rows, [[…], […]], got ${describe(row)} for a row; for one column write [[a], [b]]`,
  );
}

function ofNumbers(x: Features, op: string): Cells {
  const { rows, columns, values } = denseOf(x as never, op, { missing: true });
  const at = (row: number, k: number): Cell => {
    const value = values[row * columns + k];
    return Number.isNaN(value) ? null : value;
  };
  return { rows, columns, names: namesOf(x), at };
}
