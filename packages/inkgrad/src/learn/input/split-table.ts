import { ShapeError, ValueError } from "../../base/errors.js";
import type { Table } from "../../data/formats/csv.js";
import type { Label } from "../types.js";
import { isTable } from "./matrix.js";
import { tableOf } from "./tables.js";

/**
 * A table's target column as labels, and the other columns.
 *
 * @param firstRow  the number of its first row, for messages
 * @throws ShapeError  if it is no table, or the column is not there
 * @throws ValueError  for a row without a label
 */
export function splitTable(
  table: Table,
  target: string,
  firstRow: number,
  op: string,
): { readonly x: Table; readonly y: readonly Label[] } {
  if (!isTable(table))
    throw new ShapeError(`${op}: with a target the parts of a stream must be tables (csv.stream)`);
  if (!table.names.includes(target))
    throw new ShapeError(
      `${op}: there is no column "${target}"; the columns are ${table.names.slice(0, 20).join(", ")}`,
    );
  const { type, values } = table.columns[target];
  const y = Array.from(values as ArrayLike<number | string | null>, (value, i): Label => {
    if (value === null || Number.isNaN(value))
      throw new ValueError(`${op}: row ${firstRow + i} has no label: "${target}" is missing`);
    return type === "boolean" ? value === 1 : value;
  });
  const others = table.names.filter((name) => name !== target);
  const columns = others.map((name) => table.columns[name]);
  return { x: tableOf(others, columns, table.rows), y };
}
