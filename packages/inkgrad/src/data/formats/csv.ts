import { ValueError } from "../../base/errors.js";
import { assertPath, type Path, readPieces } from "../system.js";
import { writeFileSafely } from "../system-write.js";
import { asBytes, type Bytes, decodeFile, namingFile, assertWithin } from "./bytes.js";
import { type Columns, encode } from "./csv/encode.js";
import { type CsvOptions, settingsOf, type StreamOptions } from "./csv/options.js";
import { recordReader } from "./csv/records.js";
import { type Table, tableMaker } from "./csv/table.js";

/** CSV: tables as text. */

export { encode } from "./csv/encode.js";
export type { Columns } from "./csv/encode.js";
export type { Column, ColumnType, NumericColumn, TextColumn } from "./csv/columns.js";
export type { CsvOptions, StreamOptions } from "./csv/options.js";
export { numbers, texts, toTensor } from "./csv/table.js";
export type { Table } from "./csv/table.js";

/** The parser gets so much at a time. */
const pieceBytes = 2 ** 20;

/**
 * The table in a CSV text. Values may be quoted, lines end as they like, empty lines are passed over,
 * blanks around values are dropped (unless a blank is the delimiter). Types of columns are inferred
 * unless they are given.
 *
 * @param csv  a text, or its bytes
 * @throws FormatError  naming row and column: rows that are too long or too short, values that are not of
 *   the type given, quotes that are not closed; if there is nothing in it, or too much
 */
export function decode(csv: Bytes | string, options: CsvOptions = {}): Table {
  const settings = settingsOf(options, "csv.decode");
  const isText = typeof csv === "string";
  const bytes = isText ? new TextEncoder().encode(csv) : asBytes(csv, "csv.decode");
  assertWithin("CSV", bytes.length, settings.maxBytes);
  const records = recordReader(isText ? { ...settings, encoding: undefined } : settings);
  const table = tableMaker(settings);
  for (let at = 0; at < bytes.length; at += pieceBytes)
    table.add(records.push(bytes.subarray(at, at + pieceBytes)));
  table.add(records.end());
  return table.take(Infinity);
}

/**
 * Reads a CSV file: `await csv.read("churn.csv", { types: { Exited: "category" } })`.
 *
 * @throws FileError    if it cannot be read, or is empty
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: CsvOptions = {}): Promise<Table> =>
  decodeFile("csv.read", path, options, decode);

/**
 * Tables of some thousand rows each, one after the other, so that a file larger than the memory can be
 * read. Types that are not given are inferred from the first table and hold for the rest of the file.
 *
 * @param source              a path, or pieces of bytes such as `response.body` of fetch
 * @param options.batchRows   rows of each table but the last (default 8,192)
 * @param options.maxBytes    is not heeded: there may be any number of rows
 * @throws FileError | FormatError  as `read`; also if a later value does not have the type of its column
 */
export async function* stream(
  source: Path | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: StreamOptions = {},
): AsyncGenerator<Table, void, undefined> {
  const op = "csv.stream";
  const settings = settingsOf(options, op);
  const fromFile = typeof source === "string" || source instanceof URL;
  if (fromFile) assertPath(source, op);
  else if (!isPieces(source))
    throw new ValueError(`${op}: expected a path or an iterable of pieces of bytes`);
  const pieces = fromFile ? readPieces(source, { pieceBytes }) : source;
  const table = tableMaker(settings);
  const records = recordReader(settings, table.addPlain);
  let given = 0;
  const naming = <R>(run: () => R): R => {
    try {
      return run();
    } catch (error) {
      throw fromFile ? namingFile(source, error) : error;
    }
  };
  for await (const piece of pieces) {
    naming(() => table.add(records.push(asBytes(piece, op))));
    while (table.waiting >= settings.batchRows) {
      given++;
      yield naming(() => table.take(settings.batchRows));
    }
  }
  naming(() => table.add(records.end()));
  // A header alone is a table without rows.
  while (table.waiting > 0 || given === 0) {
    given++;
    yield naming(() => table.take(settings.batchRows));
  }
}

const isPieces = (source: unknown): boolean =>
  typeof source === "object" &&
  source !== null &&
  !ArrayBuffer.isView(source) &&
  (Symbol.asyncIterator in source || Symbol.iterator in source);

/** Writes a CSV file, safely: there is never half of one. */
export async function write(
  path: Path,
  table: Table | Columns,
  options?: { delimiter?: string },
): Promise<void> {
  await writeFileSafely(path, new TextEncoder().encode(encode(table, options)));
}
