import { ShapeError, ValueError } from "../../base/errors.js";
import { isNumeric } from "../../data/formats/csv/columns.js";
import type { Table } from "../../data/formats/csv.js";
import { cellsOf, isRows } from "../input/cells.js";
import { type Dense, denseOf, isTable, matrixOf, namesOf } from "../input/matrix.js";
import { columnName, type NamedMatrix } from "../input/names.js";
import type { SparseRows } from "../input/sparse-rows.js";
import { holdsTexts, numberColumn, tableOf, tableOfCells, textColumn } from "../input/tables.js";
import type { State } from "../saving/state.js";
import type { Features, FittedTransformer, Matrix, Transformed, Transformer } from "../types.js";
import { fillDense, fillSparse, restoreMissing } from "./fill.js";
import { likeOf, mapKeeping, requireSome, type Tensor64 } from "./matrices.js";
import { momentsOf } from "./moments.js";
import { median, mostFrequent, sortedColumns } from "./sorted-columns.js";

export type ImputerStrategy = "mean" | "median" | "mostFrequent" | "constant";

export interface ImputerOptions {
  /** What is filled in (default "mean"); texts take "mostFrequent" and "constant". */
  readonly strategy?: ImputerStrategy;
  /** What "constant" fills in (default 0 into numbers, "missing" into texts). */
  readonly value?: number | string;
  /** Add a column of 0 and 1 for each column in which values were missing when fitting? Default false. */
  readonly indicator?: boolean;
  /** What stands for a missing value (default NaN, and null among texts). */
  readonly missing?: number | string;
  /** Columns of which nothing is there: left out (the default), or filled with 0 or "missing". */
  readonly empty?: "drop" | "keep";
}

export interface FittedImputer extends FittedTransformer {
  /** What is filled into each column; NaN or null: the column is left out. */
  readonly fill: readonly (number | string | null)[];
  transform(x: SparseRows): SparseRows;
  transform(x: Exclude<Matrix, SparseRows | NamedMatrix | Table>): Tensor64;
  transform(x: Features): Transformed;
  /** Missing again what the indicator says was missing, and columns left out. */
  inverseTransform(x: Matrix): Tensor64;
}

export interface ImputerState extends State {
  readonly kind: "imputer";
  readonly names: readonly string[] | null;
  /** [features] NaN for columns of texts and such as are left out. */
  readonly numbers: Float64Array;
  /** What is filled into columns of texts, null for others and such as are left out; null: none is of texts. */
  readonly texts: readonly (string | null)[] | null;
  /** Which columns hold texts. */
  readonly textual: Int32Array;
  /** Columns with an indicator. */
  readonly indicated: Int32Array;
  readonly missing: number | string | null;
}

/**
 * Fills missing values in. Columns of which nothing is there are left out, unless `empty` says otherwise
 * or a constant is filled in. Numbers come out as numbers, sparse rows as such; a table, or rows, with
 * columns of texts come out as a table.
 *
 * @source scikit-learn `SimpleImputer`
 */
export const imputer = (options: ImputerOptions = {}): Transformer<FittedImputer> => ({
  kind: "imputer",
  options: { ...options },
  async fit(x: Features) {
    const op = "imputer.fit";
    const { strategy = "mean", indicator = false, missing = null } = options;
    if (!["mean", "median", "mostFrequent", "constant"].includes(strategy))
      throw new ValueError(
        `${op}: strategy must be "mean", "median", "mostFrequent" or "constant", got ${String(strategy)}`,
      );
    const table = holdsTexts(x) ? asTable(x, missing, op) : null;
    requireSome(table === null ? cellsShape(x, op) : shapeOf(table), op);
    const learned = table === null ? fromNumbers(x, options, op) : fromTable(table, options, op);
    const { gaps, ...found } = learned;
    return restoreImputer({
      kind: "imputer",
      names: namesOf(x),
      ...found,
      indicated: Int32Array.from(indicator ? gaps : []),
      missing: typeof missing === "number" && Number.isNaN(missing) ? null : missing,
    });
  },
});

const shapeOf = ({ rows, names }: Table) => ({ rows, columns: names.length });
const cellsShape = (x: Features, op: string) => numericOf(x, null, op);

/** Numbers, NaN where one is missing; null is let through, and what stands for missing is made so. */
function numericOf(x: Features, missing: number | string | null, op: string): Dense | SparseRows {
  const rows = isRows(x) && x.some((row) => Array.isArray(row) && row.includes(null));
  const numbers = rows
    ? x.map((row) => row.map((cell) => (cell === null ? NaN : Number(cell))))
    : (x as Matrix);
  const matrix = matrixOf(numbers, op, { missing: missing === null || rows });
  if (typeof missing !== "number" || Number.isNaN(missing)) return matrix;
  if (matrix.format === "csr" && missing === 0)
    throw new ValueError(`${op}: zeros cannot stand for missing values in sparse rows`);
  const values = Float64Array.from(matrix.values, (value) => (value === missing ? NaN : value));
  return { ...matrix, values };
}

/** A table in which what stands for missing is missing. */
function asTable(x: Features, missing: number | string | null, op: string): Table {
  const table = isTable(x) ? x : tableOfCells(cellsOf(x, op));
  if (missing === null) return table;
  const columns = table.names.map((name) => {
    const column = table.columns[name];
    return isNumeric(column)
      ? numberColumn(column.values.map((value) => (value === missing ? NaN : value)))
      : textColumn(column.values.map((value) => (value === missing ? null : value)));
  });
  return tableOf(table.names, columns, table.rows);
}

interface Found {
  readonly numbers: Float64Array;
  readonly texts: readonly (string | null)[] | null;
  readonly textual: Int32Array;
  /** Columns in which something is missing. */
  readonly gaps: readonly number[];
}

function fromNumbers(x: Features, options: ImputerOptions, op: string): Found {
  const matrix = numericOf(x, options.missing ?? null, op);
  const { strategy = "mean", value = 0, empty = "drop" } = options;
  if (typeof value !== "number")
    throw new ValueError(`${op}: the columns hold numbers, and value is "${value}"; give a number`);
  const columns = sortedColumns(matrix);
  const { means } = strategy === "mean" ? momentsOf(matrix, null) : { means: null };
  const gaps: number[] = [];
  const numbers = Float64Array.from({ length: matrix.columns }, (_, k) => {
    const column = columns(k);
    if (column.missing > 0) gaps.push(k);
    if (strategy === "constant") return value;
    if (column.count === 0) return empty === "keep" ? 0 : NaN;
    if (means !== null) return means[k];
    return strategy === "median" ? median(column) : mostFrequent(column);
  });
  return { numbers, texts: null, textual: new Int32Array(0), gaps };
}

function fromTable(table: Table, options: ImputerOptions, op: string): Found {
  const { strategy = "mean", value, empty = "drop" } = options;
  const gaps: number[] = [];
  const textual: number[] = [];
  const numbers = new Float64Array(table.names.length).fill(NaN);
  const texts = table.names.map((name, k): string | null => {
    const column = table.columns[name];
    if (column.missing > 0) gaps.push(k);
    if (isNumeric(column)) {
      const fitting = typeof value === "string" ? { ...options, value: undefined } : options;
      const one = tableOf([name], [column], table.rows);
      numbers[k] = fromNumbers(one, { ...fitting, missing: undefined }, op).numbers[0];
      return null;
    }
    textual.push(k);
    if (strategy === "constant") return String(value ?? "missing");
    if (strategy !== "mostFrequent")
      throw new ValueError(
        `${op}: column "${columnName(table.names, k)}" holds texts, which have no ${strategy}; use ` +
          '"mostFrequent" or "constant", or choose columns with columnTransformer',
      );
    return commonest(column.values) ?? (empty === "keep" ? "missing" : null);
  });
  return { numbers, texts, textual: Int32Array.from(textual), gaps };
}

/** The text that occurs most often, of several the first in order; null: there is none. */
function commonest(values: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: string | null = null;
  for (const [value, count] of counts) {
    const most = best === null ? 0 : counts.get(best)!;
    if (count > most || (count === most && value < best!)) best = value;
  }
  return best;
}

export function restoreImputer(state: ImputerState): FittedImputer {
  const { names, numbers, texts, indicated, missing } = state;
  const like = likeOf(numbers.length, names);
  const textual = new Set(state.textual);
  const kept = Array.from(numbers, (_, k) => k).filter((k) =>
    textual.has(k) ? texts![k] !== null : !Number.isNaN(numbers[k]),
  );
  const outputNames = [
    ...kept.map((k) => columnName(names, k)),
    ...Array.from(indicated, (k) => `missingindicator_${columnName(names, k)}`),
  ];

  const fillTable = (x: Features, op: string): Table => {
    // Columns are checked as cells are; a column of texts in which all is missing has none now.
    cellsOf(x, op, { like });
    const table = asTable(x, missing, op);
    const columns = kept.map((k) => {
      const column = table.columns[table.names[k]];
      if (isNumeric(column) && !textual.has(k))
        return {
          ...column,
          missing: 0,
          values: column.values.map((v) => (Number.isNaN(v) ? numbers[k] : v)),
        };
      if (isNumeric(column) && column.missing < table.rows)
        throw new ValueError(`${op}: column "${columnName(names, k)}" held texts when fitting`);
      if (!isNumeric(column) && !textual.has(k))
        throw new ValueError(`${op}: column "${columnName(names, k)}" held numbers when fitting`);
      const values = isNumeric(column) ? new Array<null>(table.rows).fill(null) : column.values;
      return { type: "category" as const, missing: 0, values: values.map((v) => v ?? texts![k]) };
    });
    const flags = Array.from(indicated, (k) => {
      const { values } = table.columns[table.names[k]];
      return numberColumn(
        Float64Array.from({ length: table.rows }, (_, row) =>
          Number(values[row] === null || Number.isNaN(values[row])),
        ),
      );
    });
    return tableOf(outputNames, [...columns, ...flags], table.rows);
  };

  const transform = (x: Features): Transformed => {
    const op = "imputer.transform";
    if (texts !== null) return fillTable(x, op);
    if (!isRows(x)) matrixOf(x as Matrix, op, { missing: true, like });
    const matrix = numericOf(x, missing, op);
    if (matrix.columns !== like.features)
      throw new ShapeError(
        `${op}: it was fitted on ${like.features} columns, and X has ${matrix.columns}`,
      );
    if (kept.length === numbers.length && indicated.length === 0)
      return mapKeeping(matrix, (value, k) => (Number.isNaN(value) ? numbers[k] : value));
    return matrix.format === "dense"
      ? fillDense(matrix, numbers, kept, indicated)
      : fillSparse(matrix, numbers, kept, indicated);
  };

  return {
    state,
    ...like,
    fill: Array.from(numbers, (value, k) => (textual.has(k) ? texts![k] : value)),
    outputNames,
    transform: transform as FittedImputer["transform"],
    inverseTransform: (x) => {
      const op = "imputer.inverseTransform";
      if (texts !== null)
        throw new ValueError(`${op}: columns of texts cannot be given back; it takes numbers only`);
      const out = { features: outputNames.length, featureNames: null };
      return restoreMissing(denseOf(x, op, { like: out }), like.features, kept, indicated);
    },
  };
}
