import { parse } from "csv-parse/browser/esm/sync";
import { FormatError } from "../../../base/errors.js";
import { detectDelimiter } from "./delimiter.js";
import type { Settings } from "./options.js";
import { splitter } from "./splitter.js";
import { assertUtf8, recoder } from "./text.js";

/** Rows as texts. Pieces of bytes go in, the rows that are complete by then come out. */
export interface RecordReader {
  push(piece: Uint8Array): string[][];
  end(): string[][];
}

/**
 * @param takePlain  may take rows itself, and then says how many there were; null: they must be parsed
 */
export function recordReader(
  { delimiter, quote, encoding, maxRowBytes }: Settings,
  takePlain: (rows: Uint8Array, delimiter: string) => number | null = () => null,
): RecordReader {
  const recode = recoder(encoding);
  const split = splitter(quote, maxRowBytes);
  let found = delimiter === "auto" ? undefined : delimiter;
  /** Records so far, the header among them. */
  let before = 0;
  const parseRows = (rows: Uint8Array): string[][] => {
    if (rows.length === 0) return [];
    const taken = found === undefined ? null : takePlain(rows, found);
    if (taken !== null) {
      before += taken;
      return [];
    }
    assertUtf8(rows);
    found ??= detectDelimiter(rows, quote);
    const records = parseWith(rows, found, quote, before);
    before += records.length;
    return records;
  };
  return {
    push: (piece) => parseRows(split.push(recode.push(piece))),
    end() {
      const last = parseRows(split.push(recode.end()));
      return [...last, ...parseRows(split.end())];
    },
  };
}

function parseWith(
  rows: Uint8Array,
  delimiter: string,
  quote: string | null,
  before: number,
): string[][] {
  const trim = delimiter !== " " && delimiter !== "\t";
  let records: string[][];
  try {
    records = parse(rows, {
      delimiter,
      quote,
      escape: quote,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      ltrim: trim,
      rtrim: trim,
    });
  } catch (cause) {
    throw parseError(cause, before);
  }
  if (delimiter === " ") records = records.map((record) => record.filter((cell) => cell !== ""));
  // A line of blanks.
  return records.filter((record) => record.length > 1 || (record.length === 1 && record[0] !== ""));
}

const sayings: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE:
    "a value goes on after its closing quote; a quote within a value must be doubled",
  INVALID_OPENING_QUOTE:
    "a quote stands within a value that is not quoted; quote the whole value, " +
    "or pass { quote: null } if quotes are letters",
  CSV_QUOTE_NOT_CLOSED: "a quote is opened and never closed",
};

function parseError(cause: unknown, before: number): FormatError {
  const { code, records, column, message } = cause as {
    code?: string;
    records?: number;
    column?: number | string;
    message?: string;
  };
  // The header has not been told from the rows yet, so lines that hold something are counted.
  const line = before + (records ?? 0) + 1;
  const where = `line ${line}${typeof column === "number" ? `, value ${column + 1}` : ""}`;
  const said = sayings[code ?? ""] ?? message ?? String(cause);
  return new FormatError(`CSV: ${where} (empty lines not counted): ${said}`, { cause });
}
