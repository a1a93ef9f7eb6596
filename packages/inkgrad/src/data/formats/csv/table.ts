import type { DType } from "../../../base/dtype.js";
import { FormatError, ValueError } from "../../../base/errors.js";
import { convert } from "../../../tensor/functions/create.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { tensorOf } from "../../tensor-of.js";
import { type Column, type ColumnType, inferType, isNumeric } from "./columns.js";
import { assertWidth, type Header, headerOf } from "./header.js";
import type { Settings } from "./options.js";
import { plainRows } from "./plain.js";
import { columnOfParts, waitingRows } from "./waiting.js";

/** Rows and columns, each column of one type. */
export interface Table {
  /** How many rows there are. */
  readonly rows: number;
  /** Names of the columns, from left to right. */
  readonly names: readonly string[];
  /** Columns by name. The object has no prototype: any name is a name. */
  readonly columns: Readonly<Record<string, Column>>;
  /** What was taken for granted or mended, in sentences. */
  readonly warnings: readonly string[];
}

/** Collects records, and makes tables of them. */
export interface TableMaker {
  readonly add: (records: readonly string[][]) => void;
  /** Once the types are settled: takes plain rows, and says how many there were; null: they are not plain. */
  readonly addPlain: (rows: Uint8Array, delimiter: string) => number | null;
  /** Rows that are waiting for a table. */
  readonly waiting: number;
  /** A table of the next rows. Types are settled by the first table. */
  readonly take: (rows: number) => Table;
}

export function tableMaker(settings: Settings): TableMaker {
  let header: Header | undefined;
  let types: readonly ColumnType[] | undefined;
  let inferredFrom = 0;
  let waiting = waitingRows(0);
  let taken = 0;
  const add = (records: readonly string[][]): void => {
    for (const record of records) {
      if (header === undefined) {
        header = headerOf(record, settings);
        waiting = waitingRows(header.names.length);
        if (header.inFile) continue;
      }
      assertWidth(record, taken + waiting.rows + 1, header);
      waiting.add(record);
    }
  };
  const addPlain = (bytes: Uint8Array, delimiter: string): number | null => {
    if (types === undefined) return null;
    const plain = plainRows(bytes, delimiter, types, settings);
    if (plain === null) return null;
    waiting.addPlain(plain);
    return plain.rows;
  };
  const take = (rows: number): Table => {
    if (header === undefined) throw new FormatError("CSV: there is nothing in it");
    const { names, warnings } = header;
    const count = Math.min(rows, waiting.rows);
    const parts = waiting.take(count);
    const first = types === undefined;
    const settled = (types ??= names.map((name, k) =>
      typeOf(
        name,
        parts.flatMap((part) => ("texts" in part ? part.texts[k] : [])),
        settings,
      ),
    ));
    if (first) {
      inferredFrom = count;
      // A column of whole numbers that goes on with fractions is still one of numbers.
      types = settled.map((type, k) =>
        type === "integer" && !Object.hasOwn(settings.types, names[k]) ? "number" : type,
      );
    }
    const columns = Object.create(null) as Record<string, Column>;
    names.forEach((name, k) => {
      const because = Object.hasOwn(settings.types, name)
        ? "as its type was given"
        : `judging by the first ${inferredFrom} rows`;
      const source = { name, missing: settings.missing, firstRow: taken + 1, because };
      columns[name] = columnOfParts(parts, k, settled[k], source);
    });
    taken += count;
    return { rows: count, names, columns, warnings: first ? warnings : [] };
  };
  return {
    add,
    addPlain,
    take,
    get waiting() {
      return waiting.rows;
    },
  };
}

const typeOf = (
  name: string,
  cells: readonly string[],
  { types, missing }: Settings,
): ColumnType => (Object.hasOwn(types, name) ? types[name] : inferType(cells, missing));

function columnNamed(table: Table, name: string, op: string): Column {
  const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
  if (column === undefined)
    throw new ValueError(
      `${op}: there is no column "${name}"; the columns are ${table.names.join(", ")}`,
    );
  return column;
}

function numbersOf(table: Table, name: string, op: string): Float64Array {
  const column = columnNamed(table, name, op);
  if (!isNumeric(column))
    throw new ValueError(
      `${op}: column "${name}" holds texts; encode them as numbers first, or leave it out`,
    );
  return column.values;
}

/**
 * The values of a column of numbers, NaN where one is missing.
 *
 * @throws ValueError  if the column is not there or holds texts
 */
export const numbers = (table: Table, name: string): Float64Array =>
  numbersOf(table, name, "csv.numbers");

/**
 * The values of a column of any type as texts, null where one is missing: labels, for example.
 *
 * @throws ValueError  if the column is not there
 */
export function texts(table: Table, name: string): (string | null)[] {
  const column = columnNamed(table, name, "csv.texts");
  if (!isNumeric(column)) return [...column.values];
  return Array.from(column.values, (x) =>
    Number.isNaN(x) ? null : column.type === "boolean" ? String(x === 1) : String(x),
  );
}

/**
 * Columns of a table side by side, NaN where a value is missing.
 *
 * @param options.columns  names, in the order wanted (default: all that hold numbers)
 * @param options.dtype    "f32" (the default), "f64", or an integer type if nothing is missing
 * @returns                [rows, columns]
 * @throws ValueError  if a column is not there or holds texts
 * @throws DTypeError  if the type cannot hold a value
 */
export function toTensor<D extends DType = "f32">(
  table: Table,
  options: { columns?: readonly string[]; dtype?: D } = {},
): Tensor<[number, number], D> {
  const { dtype = "f32" as D } = options;
  const names = options.columns ?? table.names.filter((name) => isNumeric(table.columns[name]));
  const columns = names.map((name) => numbersOf(table, name, "csv.toTensor"));
  const flat = new Float64Array(table.rows * columns.length);
  columns.forEach((values, k) => {
    for (let i = 0; i < table.rows; i++) flat[i * columns.length + k] = values[i];
  });
  const elements = dtype === "f64" ? flat : convert(flat, dtype, "csv.toTensor");
  return tensorOf(elements, [table.rows, columns.length], dtype) as Tensor<[number, number], D>;
}
