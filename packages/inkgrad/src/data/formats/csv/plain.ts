import { type ColumnType, isNumber, isNumericType, numericValue } from "./columns.js";
import type { Settings } from "./options.js";

/** Rows whose values were read at once, column by column: numbers, or texts and null. */
export interface PlainRows {
  readonly rows: number;
  readonly columns: readonly (Float64Array | (string | null)[])[];
}

const [tab, lineFeed, carriageReturn, space, plus, point, minus, zero] = [
  9, 10, 13, 32, 43, 46, 45, 48,
];
/** Powers of ten that f64 holds exactly. */
const powers = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
/** Whole numbers of so many digits are exact too, so that a quotient by one of these powers is rounded once. */
const exactDigits = 15;

/**
 * Reads plain rows straight from their bytes into numbers, several times as fast as by way of texts. Plain
 * is what has no quotes, and in each row a value of its type for each column. Whatever else there is, the
 * answer is null, and the parser, which knows every case and what to say of it, has its turn.
 *
 * @param bytes  whole rows
 * @source Clinger, How to read floating point numbers accurately, 1990 (the exact case)
 */
export function plainRows(
  bytes: Uint8Array,
  delimiter: string,
  types: readonly ColumnType[],
  { quote, missing }: Pick<Settings, "quote" | "missing">,
): PlainRows | null {
  const hasQuotes = quote !== null && bytes.includes(quote.charCodeAt(0));
  // Runs of spaces are one delimiter: not plain.
  if (hasQuotes || delimiter === " ") return null;
  const width = types.length;
  const trim = delimiter !== "\t";
  const mark = delimiter.charCodeAt(0);
  const most = linesIn(bytes);
  const numeric = types.map(isNumericType);
  const values = new Float64Array(most * numeric.filter(Boolean).length);
  let place = 0;
  const columns = numeric.map((isNumbers): Float64Array | (string | null)[] =>
    isNumbers ? values.subarray(place, (place += most)) : [],
  );
  // A number that stands for a missing value must be seen as the text it is.
  const quick = types.map((type) => type === "number" && ![...missing].some(isNumber));
  const decoder = new TextDecoder("utf-8", { fatal: true });

  let row = 0;
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === lineFeed) {
      at++;
      continue;
    }
    if (bytes[at] === carriageReturn && bytes[at + 1] === lineFeed) {
      at += 2;
      continue;
    }
    for (let k = 0; k < width; k++) {
      const column = columns[k];
      let end = at;
      let done = false;
      if (quick[k]) {
        const first = bytes[at];
        if (first === minus || first === plus) end++;
        const from = end;
        let pointAt = -1;
        let mantissa = 0;
        for (; end < bytes.length; end++) {
          const digit = bytes[end] - zero;
          if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
          else if (bytes[end] === point && pointAt < 0) pointAt = end;
          else break;
        }
        const digits = end - from - (pointAt < 0 ? 0 : 1);
        const next = bytes[end];
        const ends =
          end === bytes.length || next === mark || next === lineFeed || next === carriageReturn;
        if (ends && digits > 0 && digits <= exactDigits) {
          const size = pointAt < 0 ? mantissa : mantissa / powers[end - pointAt - 1];
          (column as Float64Array)[row] = first === minus ? -size : size;
          done = true;
        }
      }
      if (!done) {
        while (end < bytes.length && bytes[end] !== mark && bytes[end] !== lineFeed) end++;
        if (end > at && bytes[end - 1] === carriageReturn && bytes[end] !== mark) end--;
        const text = textOf(bytes, at, end, trim, decoder);
        if (text === null) return null;
        if (numeric[k]) {
          const value = missing.has(text) ? NaN : numericValue(text, types[k]);
          if (value === undefined) return null;
          (column as Float64Array)[row] = value;
        } else {
          (column as (string | null)[])[row] = missing.has(text) ? null : text;
        }
      }
      at = end;
      if (k < width - 1) {
        if (bytes[at] !== mark) return null;
        at++;
      }
    }
    if (bytes[at] === carriageReturn) at++;
    if (at < bytes.length && bytes[at] !== lineFeed) return null;
    at++;
    row++;
  }
  return {
    rows: row,
    columns: columns.map((column) =>
      column instanceof Float64Array ? column.subarray(0, row) : column,
    ),
  };
}

/** How many rows there can be at most. */
function linesIn(bytes: Uint8Array): number {
  let lines = 1;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}

/** The text of a value, without the blanks around it; null: something is odd about it. */
function textOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  trim: boolean,
  decoder: InstanceType<typeof TextDecoder>,
): string | null {
  if (trim) {
    while (from < to && (bytes[from] === space || bytes[from] === tab)) from++;
    while (to > from && (bytes[to - 1] === space || bytes[to - 1] === tab)) to--;
  }
  let ascii = "";
  let isAscii = to - from <= 32;
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    // Lone carriage returns end rows, and other control characters may count as blanks.
    if (byte < space && byte !== tab) return null;
    if (byte >= 0x7f) isAscii = false;
    else if (isAscii) ascii += String.fromCharCode(byte);
  }
  if (isAscii) return ascii;
  try {
    const text = decoder.decode(bytes.subarray(from, to));
    return trim && text.trim() !== text ? null : text;
  } catch {
    return null;
  }
}
