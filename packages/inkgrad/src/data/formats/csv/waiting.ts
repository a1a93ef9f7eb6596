import {
  type Column,
  columnOf,
  type ColumnSource,
  type ColumnType,
  isNumericType,
} from "./columns.js";
import type { PlainRows } from "./plain.js";

/** Rows one after the other, by column: texts, or values that have been read already. */
export type Part = { readonly rows: number; readonly texts: readonly string[][] } | PlainRows;

/** Rows that wait for a table, in the order in which they came. */
export interface WaitingRows {
  readonly rows: number;
  readonly add: (record: readonly string[]) => void;
  readonly addPlain: (plain: PlainRows) => void;
  /** The first so many, which are there. */
  readonly take: (rows: number) => readonly Part[];
}

export function waitingRows(width: number): WaitingRows {
  let parts: { rows: number; from: number; texts: string[][] | null; plain: PlainRows | null }[] =
    [];
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    add(record) {
      if ((parts.at(-1)?.texts ?? null) === null) {
        const texts = Array.from({ length: width }, (): string[] => []);
        parts.push({ rows: 0, from: 0, texts, plain: null });
      }
      const last = parts.at(-1)!;
      for (let k = 0; k < width; k++) last.texts![k].push(record[k]);
      last.rows++;
      rows++;
    },
    addPlain(plain) {
      if (plain.rows > 0) parts.push({ rows: plain.rows, from: 0, texts: null, plain });
      rows += plain.rows;
    },
    take(count) {
      const out: Part[] = [];
      rows -= count;
      for (const part of parts) {
        if (count === 0) break;
        const some = Math.min(count, part.rows);
        const { from, texts, plain } = part;
        if (texts !== null)
          out.push({ rows: some, texts: texts.map((column) => column.splice(0, some)) });
        else {
          const of = (column: PlainRows["columns"][number]) =>
            column instanceof Float64Array
              ? column.subarray(from, from + some)
              : column.slice(from, from + some);
          out.push({ rows: some, columns: plain!.columns.map(of) });
          part.from += some;
        }
        part.rows -= some;
        count -= some;
      }
      parts = parts.filter((part) => part.rows > 0);
      return out;
    },
  };
}

/** Column k of some rows. @throws FormatError  as `columnOf` */
export function columnOfParts(
  parts: readonly Part[],
  k: number,
  type: ColumnType,
  source: ColumnSource,
): Column {
  if (parts.length === 0) return columnOf([], type, source);
  let row = 0;
  const columns = parts.map((part): Column => {
    const firstRow = source.firstRow + row;
    row += part.rows;
    return "texts" in part
      ? columnOf(part.texts[k], type, { ...source, firstRow })
      : ofPlain(part, k, type);
  });
  if (columns.length === 1 && "texts" in parts[0]) return columns[0];
  const missing = columns.reduce((sum, column) => sum + column.missing, 0);
  if (!isNumericType(type))
    return { type, values: columns.flatMap(({ values }) => values as (string | null)[]), missing };
  // A copy in any case: what was read at once lies within one large array.
  const values = new Float64Array(row);
  let at = 0;
  for (const column of columns) {
    values.set(column.values as Float64Array, at);
    at += column.values.length;
  }
  return { type, values, missing };
}

function ofPlain({ columns }: PlainRows, k: number, type: ColumnType): Column {
  const values = columns[k];
  let missing = 0;
  if (values instanceof Float64Array) {
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) missing++;
  } else for (const text of values) if (text === null) missing++;
  return { type, values, missing } as Column;
}
