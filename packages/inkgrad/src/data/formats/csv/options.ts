import { ValueError } from "../../../base/errors.js";
import { type DecodeOptions, maxBytesOf } from "../bytes.js";
import type { ColumnType } from "./columns.js";

export interface CsvOptions extends DecodeOptions {
  /**
   * What stands between values: one character, or "auto" (the default), which takes the one of
   * , ; tab | and space that divides the first lines evenly. Runs of spaces count as one.
   */
  readonly delimiter?: string;
  /** What values that contain delimiters stand in, doubled inside (default "); null: quotes are letters. */
  readonly quote?: string | null;
  /**
   * Does the first line name the columns? "auto" (the default): unless all of it are numbers. A list
   * gives the names of a file without header.
   */
  readonly header?: boolean | "auto" | readonly string[];
  /** Values that mean that there is none (default "", NA, N/A, NaN, nan, ?, null, NULL). */
  readonly missing?: readonly string[];
  /** Types of columns by name; those of the others are inferred. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** The text encoding, as TextDecoder names it (default utf-8; a byte order mark of UTF-16 is heeded). */
  readonly encoding?: string;
  /** Most columns that a file may have (default 65,536). */
  readonly maxColumns?: number;
  /** Most bytes that a row may have, so that a quote left open does not swallow the file (default 16 MiB). */
  readonly maxRowBytes?: number;
}

export interface StreamOptions extends CsvOptions {
  /** Rows of a table, except of the last (default 8,192). */
  readonly batchRows?: number;
}

export const defaultMissing: readonly string[] = [
  "",
  "NA",
  "N/A",
  "NaN",
  "nan",
  "?",
  "null",
  "NULL",
];

/** Options with every default in place. */
export interface Settings {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly header: boolean | "auto" | readonly string[];
  readonly missing: ReadonlySet<string>;
  readonly types: Readonly<Record<string, ColumnType>>;
  readonly encoding: string | undefined;
  readonly maxBytes: number;
  readonly maxColumns: number;
  readonly maxRowBytes: number;
  readonly batchRows: number;
}

const columnTypes: readonly ColumnType[] = ["number", "integer", "boolean", "category", "text"];

/** @throws ValueError  for options that make no sense */
export function settingsOf(options: StreamOptions, op: string): Settings {
  const {
    delimiter = "auto",
    quote = '"',
    header = "auto",
    missing = defaultMissing,
    types = {},
    maxColumns = 2 ** 16,
    maxRowBytes = 2 ** 24,
    batchRows = 8192,
  } = options;
  const isCharacter = (text: unknown): boolean =>
    typeof text === "string" &&
    text.length === 1 &&
    text > "\0" &&
    text < "\x7f" &&
    text !== "\n" &&
    text !== "\r";
  if (delimiter !== "auto" && !isCharacter(delimiter))
    throw new ValueError(
      `${op}: delimiter must be "auto" or one ASCII character, got ${JSON.stringify(delimiter)}`,
    );
  if (quote !== null && !isCharacter(quote))
    throw new ValueError(
      `${op}: quote must be null or one ASCII character, got ${JSON.stringify(quote)}`,
    );
  if (quote === delimiter)
    throw new ValueError(`${op}: delimiter and quote are both ${JSON.stringify(quote)}`);
  if (typeof header !== "boolean" && header !== "auto" && !Array.isArray(header))
    throw new ValueError(`${op}: header must be true, false, "auto" or a list of names`);
  for (const [name, type] of Object.entries(types))
    if (!columnTypes.includes(type))
      throw new ValueError(
        `${op}: the type of column "${name}" must be one of ${columnTypes.join(", ")}, got ${String(type)}`,
      );
  for (const [name, value] of Object.entries({ maxColumns, maxRowBytes, batchRows }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new ValueError(`${op}: ${name} must be a whole number ≥ 1, got ${String(value)}`);
  return {
    delimiter,
    quote,
    header,
    missing: new Set(missing),
    types,
    encoding: options.encoding,
    maxBytes: maxBytesOf(options, op),
    maxColumns,
    maxRowBytes,
    batchRows,
  };
}
