import { ShapeError, ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { isNumeric } from "../../data/formats/csv/columns.js";
import { isTable } from "../input/matrix.js";
import type { Features } from "../types.js";

/** How a text is cut into terms. Plain data: it is part of what is saved. */
export interface TermOptions {
  /** Small letters only? Default true. */
  readonly lowercase?: boolean;
  /** Leave out marks on letters (é becomes e)? Default false. */
  readonly stripAccents?: boolean;
  /** Words (the default), characters, or characters within words (with blanks at both ends). */
  readonly analyzer?: "word" | "char" | "charInWords";
  /** How many words or characters make a term, from least to most (default [1, 1]). */
  readonly ngrams?: readonly [number, number];
  /** Words that are left out. */
  readonly stopWords?: readonly string[];
  /** Source of a regular expression for a word, without flags (default: two or more letters, digits, _). */
  readonly tokenPattern?: string;
}

/** scikit-learn's `\b\w\w+\b`, for letters and digits of all scripts. */
export const defaultPattern = "[\\p{L}\\p{N}_]{2,}";

/** One text of each row. */
export interface Texts {
  readonly list: readonly string[];
  readonly names: readonly string[] | null;
}

/**
 * What a user gives as texts: a list, a table of one column, or rows of one text.
 *
 * @throws ValueError  for what is missing or no text, naming the row
 */
export function textsOf(x: Features, op: string): Texts {
  const [list, names] = isTable(x)
    ? [columnOf(x, op), x.names]
    : [Array.isArray(x) ? (x as readonly unknown[]).map((row) => unwrapped(row)) : null, null];
  if (list === null)
    throw new ValueError(`${op}: expected one text for each row, got ${describe(x)}`);
  const wrong = list.findIndex((text) => typeof text !== "string");
  if (wrong >= 0)
    throw new ValueError(
      `${op}: row ${wrong} is ${list[wrong] === null ? "missing" : describe(list[wrong])}; expected a text, ` +
        'such as "" for none',
    );
  return { list: list as readonly string[], names };
}

const unwrapped = (row: unknown): unknown =>
  Array.isArray(row) && row.length === 1 ? (row as readonly unknown[])[0] : row;

function columnOf(table: Extract<Features, { columns: Record<string, unknown> }>, op: string) {
  if (table.names.length !== 1)
    throw new ShapeError(
      `${op}: X has ${table.names.length} columns, and texts are one; choose it with columnTransformer`,
    );
  const column = table.columns[table.names[0]];
  if (isNumeric(column))
    throw new ValueError(`${op}: column "${table.names[0]}" holds numbers; expected texts`);
  return column.values;
}

/** What cuts a text into terms. @throws ValueError  for options that make no sense */
export function termsOf(options: TermOptions, op: string): (text: string) => string[] {
  const { lowercase = true, stripAccents = false, analyzer = "word", stopWords = [] } = options;
  const [least, most] = options.ngrams ?? [1, 1];
  if (!(Number.isInteger(least) && Number.isInteger(most) && 1 <= least && least <= most))
    throw new ValueError(
      `${op}: ngrams must be [least, most], 1 ≤ least ≤ most, got [${least}, ${most}]`,
    );
  if (!["word", "char", "charInWords"].includes(analyzer))
    throw new ValueError(
      `${op}: analyzer must be "word", "char" or "charInWords", got ${String(analyzer)}`,
    );
  const pattern = patternOf(options.tokenPattern ?? defaultPattern, op);
  const stop = new Set(stopWords);
  const prepared = (text: string): string => {
    const small = lowercase ? text.toLowerCase() : text;
    return stripAccents ? small.normalize("NFKD").replace(/\p{Mn}/gu, "") : small;
  };
  if (analyzer === "char")
    return (text) => runs(Array.from(prepared(text).replace(/\s\s+/g, " ")), least, most, "");
  if (analyzer === "charInWords")
    return (text) =>
      prepared(text)
        .split(/\s+/)
        .filter((word) => word !== "")
        .flatMap((word) => withinWord(Array.from(` ${word} `), least, most));
  return (text) => {
    const words = prepared(text).match(pattern) ?? [];
    return runs(
      words.filter((word) => !stop.has(word)),
      least,
      most,
      " ",
    );
  };
}

function patternOf(source: string, op: string): RegExp {
  try {
    return new RegExp(source, "gu");
  } catch (cause) {
    throw new ValueError(`${op}: tokenPattern is no regular expression: ${source}`, { cause });
  }
}

/** All runs of `least` to `most` parts, joined. */
function runs(parts: readonly string[], least: number, most: number, between: string): string[] {
  const out: string[] = [];
  for (let n = least; n <= Math.min(most, parts.length); n++)
    for (let i = 0; i + n <= parts.length; i++)
      out.push(n === 1 ? parts[i] : parts.slice(i, i + n).join(between));
  return out;
}

/** A word that is shorter than a run counts once as a whole. */
function withinWord(word: readonly string[], least: number, most: number): string[] {
  const out: string[] = [];
  for (let n = least; n <= most; n++) {
    if (n >= word.length) {
      out.push(word.join(""));
      break;
    }
    for (let i = 0; i + n <= word.length; i++) out.push(word.slice(i, i + n).join(""));
  }
  return out;
}
