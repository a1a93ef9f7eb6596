import { ValueError } from "../../../base/errors.js";
import type { Table } from "./table.js";

type Cell = string | number | boolean | null | undefined;

/** Columns to write, of equal length. */
export type Columns = Readonly<Record<string, ArrayLike<number> | readonly Cell[]>>;

/**
 * A CSV text (RFC 4180, but lines end with "\n"): a header, then the rows. NaN and null are written as
 * nothing; numbers with every digit that is needed to read them back.
 *
 * @param table              a table, or columns by name
 * @param options.delimiter  default ","
 * @throws ValueError  if the columns differ in length
 */
export function encode(
  table: Table | Columns,
  { delimiter = "," }: { delimiter?: string } = {},
): string {
  if (typeof delimiter !== "string" || !/^[^"\r\n]$/.test(delimiter))
    throw new ValueError(`csv.encode: delimiter must be one character, got ${String(delimiter)}`);
  const columns: [string, ArrayLike<Cell>][] = isTable(table)
    ? table.names.map((name) => [name, columnValues(table, name)])
    : Object.entries(table);
  if (columns.length === 0) throw new ValueError("csv.encode: there are no columns");
  const rows = columns[0][1].length;
  for (const [name, values] of columns)
    if (values.length !== rows)
      throw new ValueError(
        `csv.encode: column "${name}" has ${values.length} values, "${columns[0][0]}" ${rows}`,
      );
  // With a single column, an empty value would be an empty line, which readers pass over.
  const alone = columns.length === 1;
  const line = (cells: readonly Cell[]): string =>
    cells.map((cell) => written(cell, delimiter, alone)).join(delimiter);
  const lines = [line(columns.map(([name]) => name))];
  for (let i = 0; i < rows; i++) lines.push(line(columns.map(([, values]) => values[i])));
  return `${lines.join("\n")}\n`;
}

const isTable = (table: Table | Columns): table is Table =>
  Array.isArray(table.names) && typeof table.rows === "number";

function columnValues({ columns }: Table, name: string): ArrayLike<Cell> {
  const { type, values } = columns[name];
  if (type !== "boolean") return values;
  return Array.from(values, (x) => (Number.isNaN(x) ? null : x === 1));
}

function written(cell: Cell, delimiter: string, alone: boolean): string {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return alone ? "NA" : "";
  const text = String(cell);
  const plain = !/["\r\n]/.test(text) && !text.includes(delimiter) && text.trim() === text;
  return plain && text !== "" ? text : `"${text.replaceAll('"', '""')}"`;
}
