import { ValueError } from "../../base/errors.js";
import type { ColumnType } from "../../data/formats/csv/columns.js";
import type { Features, Matrix } from "../types.js";
import { type Cells, cellsOf } from "./cells.js";
import { type Dense, isTable, matrixOf } from "./matrix.js";
import { columnName, columnNames, named, type NamedMatrix } from "./names.js";
import { sparseColumns } from "./sparse-rows.js";
import { holdsTexts, tableOf, tableOfCells } from "./tables.js";
import { tensorOf } from "../../data/tensor-of.js";

/** Which columns: their names, their numbers (negative ones from the end), or their types in a table. */
export type ColumnChoice =
  readonly string[] | readonly number[] | { readonly types: readonly ColumnType[] };

/** X, looked at once, of which columns are taken. */
export interface Source {
  readonly rows: number;
  readonly columns: number;
  readonly names: readonly string[] | null;
  /** The type of each column, of a table. */
  readonly types: readonly ColumnType[] | null;
  /** Some columns, by number; they have names, x3 where they have none. */
  take(columns: readonly number[]): Features;
}

/** What a user gives as X, from which columns are to be taken. */
export function sourceOf(x: Features, op: string): Source {
  if (isTable(x)) {
    const all = x.names.map((name) => x.columns[name]);
    return {
      rows: x.rows,
      columns: all.length,
      names: x.names,
      types: all.map(({ type }) => type),
      take: (columns) =>
        tableOf(
          columns.map((k) => x.names[k]),
          columns.map((k) => all[k]),
          x.rows,
        ),
    };
  }
  if (holdsTexts(x)) return ofCells(cellsOf(x, op));
  const matrix = matrixOf(x as Matrix, op, { missing: true });
  const names = "names" in x ? x.names : null;
  const take = (columns: readonly number[]): NamedMatrix =>
    named(
      matrix.format === "csr" ? sparseColumns(matrix, columns) : columnsOf(matrix, columns),
      columns.map((k) => columnName(names, k)),
    );
  return { rows: matrix.rows, columns: matrix.columns, names, types: null, take };
}

function ofCells(cells: Cells): Source {
  const table = tableOfCells(cells);
  const all = columnNames(cells.names, cells.columns).map((name) => table.columns[name]);
  const take = (columns: readonly number[]) =>
    tableOf(
      columns.map((k) => columnName(cells.names, k)),
      columns.map((k) => all[k]),
      cells.rows,
    );
  const { rows, columns, names } = cells;
  return { rows, columns, names, types: all.map(({ type }) => type), take };
}

function columnsOf({ rows, columns, values }: Dense, chosen: readonly number[]) {
  const out = new Float64Array(rows * chosen.length);
  for (let row = 0, at = 0; row < rows; row++)
    for (const k of chosen) out[at++] = values[row * columns + k];
  return tensorOf(out, [rows, chosen.length], "f64");
}

/** @throws ValueError  for columns that are not there, naming them */
export function chosenColumns(choice: ColumnChoice, source: Source, op: string): number[] {
  const { names, types, columns } = source;
  if (!Array.isArray(choice)) {
    const wanted = (choice as { types?: readonly ColumnType[] }).types;
    if (!Array.isArray(wanted))
      throw new ValueError(`${op}: columns must be names, numbers or { types: […] }`);
    if (types === null)
      throw new ValueError(`${op}: columns have types in a table only; give names or numbers`);
    return types.map((_, k) => k).filter((k) => wanted.includes(types[k]));
  }
  return (choice as readonly (string | number)[]).map((one) => {
    const at =
      typeof one === "string" ? (names?.indexOf(one) ?? -1) : one < 0 ? one + columns : one;
    if (!(Number.isInteger(at) && at >= 0 && at < columns))
      throw new ValueError(
        `${op}: there is no column ${JSON.stringify(one)}; ` +
          (names === null
            ? `there are ${columns}, without names`
            : `the columns are ${names.slice(0, 20).join(", ")}`),
      );
    return at;
  });
}
