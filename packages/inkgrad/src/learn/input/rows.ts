import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import type { Table } from "../../data/formats/csv.js";
import { rowsOf } from "../../data/rows.js";
import { elementsOf } from "../../tensor/operand.js";
import { isTensor } from "../../tensor/tensor.js";
import type { Features, Label, Labels, Targets } from "../types.js";
import { isTable } from "./matrix.js";
import { isNamed, named } from "./names.js";
import { isSparse, type SparseRows } from "./sparse-rows.js";

/** Rows of whatever a user gives as X and y: for folds, resampling, held-out parts. */

/** How many rows there are. @throws ShapeError  if it has none to count */
export function rowCount(x: Features, op: string): number {
  if (isTensor(x)) {
    if (x.rank === 2) return x.shape[0];
    throw new ShapeError(`${op}: X must be [rows, columns], got ${show(x.shape)}`);
  }
  if (isNamed(x)) return rowCount(x.matrix, op);
  if (isSparse(x) || isTable(x)) return x.rows;
  if (Array.isArray(x)) return x.length;
  throw new ShapeError(
    `${op}: X must be a tensor, rows, sparse rows or a table, got ${describe(x)}`,
  );
}

/** The rows at the given places, which are known to be there; one may come several times. */
export function takeRows<X extends Features>(x: X, rows: ArrayLike<number>): X;
export function takeRows(x: Features, rows: ArrayLike<number>): Features {
  if (isTensor(x)) return rowsOf(x, rows);
  if (isNamed(x)) return named(takeRows(x.matrix, rows), x.names);
  if (isSparse(x)) return sparseTaken(x, rows);
  if (isTable(x)) return tableTaken(x, rows);
  return Array.from(rows, (row) => x[row]) as Features;
}

/** The labels or numbers at the given places. */
export const takeLabels = <L extends Label>(y: readonly L[], rows: ArrayLike<number>): L[] =>
  Array.from(rows, (row) => y[row]);

export const takeNumbers = (y: Float64Array, rows: ArrayLike<number>): Float64Array =>
  Float64Array.from(rows, (row) => y[row]);

/**
 * Labels or numbers as a plain list, one for each row; of a tensor of truth values: true and false.
 *
 * @throws ShapeError  if they are not one for each row
 */
export function listOf(y: Labels | Targets, rows: number, op: string, what = "y"): Label[] {
  const isList = typeof y === "object" && y !== null && "length" in y;
  if (isTensor(y) ? y.rank !== 1 : !isList)
    throw new ShapeError(
      `${op}: ${what} must be one for each row, [${rows}], got ${isTensor(y) ? show(y.shape) : describe(y)}`,
    );
  const list = isTensor(y)
    ? Array.from(elementsOf(y.node), (value) => (y.dtype === "bool" ? value !== 0 : value))
    : Array.from(y as ArrayLike<Label>);
  if (list.length !== rows)
    throw new ShapeError(`${op}: X has ${rows} rows and ${what} has ${list.length}`);
  return list;
}

function sparseTaken(x: SparseRows, rows: ArrayLike<number>): SparseRows {
  const starts = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++)
    starts[i + 1] = starts[i] + x.starts[rows[i] + 1] - x.starts[rows[i]];
  const indices = new Int32Array(starts[rows.length]);
  const values = new Float64Array(starts[rows.length]);
  for (let i = 0; i < rows.length; i++) {
    const [from, to] = [x.starts[rows[i]], x.starts[rows[i] + 1]];
    indices.set(x.indices.subarray(from, to), starts[i]);
    values.set(x.values.subarray(from, to), starts[i]);
  }
  return { format: "csr", rows: rows.length, columns: x.columns, starts, indices, values };
}

function tableTaken(table: Table, rows: ArrayLike<number>): Table {
  const columns = Object.create(null) as Record<string, Table["columns"][string]>;
  for (const name of table.names) {
    const column = table.columns[name];
    if (column.values instanceof Float64Array) {
      const values = takeNumbers(column.values, rows);
      const missing = values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
      columns[name] = { ...column, values, missing } as typeof column;
    } else {
      const texts = column.values;
      const values = Array.from(rows, (row) => texts[row]);
      const missing = values.reduce((sum, value) => sum + Number(value === null), 0);
      columns[name] = { ...column, values, missing } as typeof column;
    }
  }
  return { rows: rows.length, names: table.names, columns, warnings: [] };
}
