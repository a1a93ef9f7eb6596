import { type Column, isNumeric } from "../../data/formats/csv/columns.js";
import type { Table } from "../../data/formats/csv.js";
import type { Features } from "../types.js";
import { type Cell, type Cells, isRows } from "./cells.js";
import { isTable } from "./matrix.js";
import { columnNames } from "./names.js";

/** Tables that hold numbers and texts side by side. */

/** A table of columns, by name. */
export function tableOf(names: readonly string[], columns: readonly Column[], rows: number): Table {
  const byName = Object.create(null) as Record<string, Column>;
  names.forEach((name, k) => (byName[name] = columns[k]));
  return { rows, names, columns: byName, warnings: [] };
}

export const numberColumn = (values: Float64Array): Column => ({
  type: "number",
  values,
  missing: values.reduce((n, value) => n + Number(Number.isNaN(value)), 0),
});

export const textColumn = (values: readonly (string | null)[]): Column => ({
  type: "category",
  values,
  missing: values.reduce((n, value) => n + Number(value === null), 0),
});

/** Does any column hold texts, so that X is no matrix? */
export function holdsTexts(x: Features): boolean {
  if (isTable(x)) return x.names.some((name) => !isNumeric(x.columns[name]));
  return (
    isRows(x) &&
    x.some((row) => Array.isArray(row) && row.some((cell: Cell) => typeof cell === "string"))
  );
}

/** Cells as a table: a column is one of numbers if no text stands in it. */
export function tableOfCells(cells: Cells): Table {
  const rows = Array.from({ length: cells.rows }, (_, row) => row);
  const columns = Array.from({ length: cells.columns }, (_, k) => {
    const list = rows.map((row) => cells.at(row, k));
    return list.some((cell) => typeof cell === "string")
      ? textColumn(list.map((cell) => (cell === null ? null : String(cell))))
      : numberColumn(Float64Array.from(list, (cell) => (cell === null ? NaN : Number(cell))));
  });
  return tableOf(columnNames(cells.names, cells.columns), columns, cells.rows);
}
