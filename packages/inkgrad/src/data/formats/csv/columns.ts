import { FormatError } from "../../../base/errors.js";

/**
 * What a column holds. Numbers, whole numbers and truth values (1 and 0) lie in a Float64Array, NaN
 * where one is missing; categories (texts that repeat) and other texts in an array, null where one
 * is missing.
 */
export type ColumnType = "number" | "integer" | "boolean" | "category" | "text";

export interface NumericColumn {
  readonly type: "number" | "integer" | "boolean";
  readonly values: Float64Array;
  /** How many values are missing. */
  readonly missing: number;
}

export interface TextColumn {
  readonly type: "category" | "text";
  readonly values: readonly (string | null)[];
  /** How many values are missing. */
  readonly missing: number;
}

export type Column = NumericColumn | TextColumn;

export const isNumeric = (column: Column): column is NumericColumn => isNumericType(column.type);

export const isNumericType = (type: ColumnType): type is NumericColumn["type"] =>
  type === "number" || type === "integer" || type === "boolean";

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const integer = /^[+-]?\d+$/;
const infinity = /^([+-]?)inf(?:inity)?$/i;
const boolean = /^(?:true|false)$/i;

/** Is it written as a number? Hexadecimal and the like are texts. */
export const isNumber = (cell: string): boolean => number.test(cell) || infinity.test(cell);

/** The number that is written; undefined if none is. */
function numberOf(cell: string): number | undefined {
  if (number.test(cell)) return Number(cell);
  const match = infinity.exec(cell);
  return match === null ? undefined : match[1] === "-" ? -Infinity : Infinity;
}

/** A category has at most so many values. */
const mostCategories = 1000;

/**
 * The narrowest type that all values have. Texts are categories if each comes twice on average. A
 * column without any value is one of numbers.
 */
export function inferType(cells: readonly string[], missing: ReadonlySet<string>): ColumnType {
  let [integers, numbers, booleans, count] = [true, true, true, 0];
  for (const cell of cells) {
    if (missing.has(cell)) continue;
    count++;
    if (integers && !integer.test(cell)) integers = false;
    if (numbers && !integers && !isNumber(cell)) numbers = false;
    if (booleans && !boolean.test(cell)) booleans = false;
    if (!numbers && !booleans) break;
  }
  if (count === 0) return "number";
  if (booleans) return "boolean";
  if (numbers) return integers ? "integer" : "number";
  const given = cells.filter((cell) => !missing.has(cell));
  const distinct = new Set(given).size;
  return distinct <= mostCategories && 2 * distinct <= given.length ? "category" : "text";
}

/** Where a column comes from, for messages and types. */
export interface ColumnSource {
  readonly name: string;
  readonly missing: ReadonlySet<string>;
  /** Number of the first row, from 1. */
  readonly firstRow: number;
  /** How the type came to be: given, or inferred from so many rows before. */
  readonly because: string;
}

/**
 * The values of a column.
 *
 * @throws FormatError  naming row and column, if a value is not of the type
 */
export function columnOf(cells: readonly string[], type: ColumnType, source: ColumnSource): Column {
  const isMissing = (cell: string): boolean => source.missing.has(cell);
  const missing = cells.reduce((n, cell) => n + Number(isMissing(cell)), 0);
  if (!isNumericType(type))
    return { type, values: cells.map((cell) => (isMissing(cell) ? null : cell)), missing };
  const values = new Float64Array(cells.length);
  cells.forEach((cell, i) => {
    if (isMissing(cell)) values[i] = NaN;
    else {
      const value = numericValue(cell, type);
      if (value === undefined) throw notOfType(cell, type, i, source);
      values[i] = value;
    }
  });
  return { type, values, missing };
}

/** A value that is there, as a column of this type holds it; undefined if it is not of the type. */
export function numericValue(cell: string, type: ColumnType): number | undefined {
  const value = type === "boolean" ? truthOf(cell) : numberOf(cell);
  return type === "integer" && !Number.isInteger(value) ? undefined : value;
}

const truthOf = (cell: string): number | undefined =>
  boolean.test(cell)
    ? Number(cell.toLowerCase() === "true")
    : cell === "1"
      ? 1
      : cell === "0"
        ? 0
        : undefined;

const nouns = { number: "a number", integer: "a whole number", boolean: "true or false" };

function notOfType(
  cell: string,
  type: NumericColumn["type"],
  i: number,
  { name, firstRow, because }: ColumnSource,
): FormatError {
  const shown = JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
  return new FormatError(
    `CSV: row ${firstRow + i}, column "${name}": ${shown} is not ${nouns[type]}, ` +
      `which the column holds ${because}; correct it, add it to missing, or give the type "text"`,
  );
}
