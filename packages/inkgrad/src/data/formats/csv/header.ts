import { FormatError, ValueError } from "../../../base/errors.js";
import { isNumber } from "./columns.js";
import type { Settings } from "./options.js";

/** The columns of a file. */
export interface Header {
  readonly names: readonly string[];
  /** Does the first line hold the names, and no data? */
  readonly inFile: boolean;
  /** Empty names at the end of the header, which a delimiter too many makes. */
  readonly dropped: number;
  readonly warnings: readonly string[];
}

/** @throws FormatError  if there are too many columns, or more given names than columns */
export function headerOf(first: readonly string[], settings: Settings): Header {
  if (first.length > settings.maxColumns)
    throw new FormatError(
      `CSV: the first line has ${first.length} values, at most ${settings.maxColumns} columns are ` +
        "allowed; raise maxColumns if that is meant",
    );
  const found = namesOf(first, settings);
  for (const name of Object.keys(settings.types))
    if (!found.names.includes(name))
      throw new ValueError(
        `csv: types names the column "${name}", which is not there; the columns are ` +
          `${list(found.names)}`,
      );
  return found;
}

const list = (names: readonly string[]): string =>
  names.length > 20 ? `${names.slice(0, 20).join(", ")}, … (${names.length})` : names.join(", ");

function namesOf(first: readonly string[], { header, missing }: Settings): Header {
  if (typeof header === "object") {
    if (new Set(header).size !== header.length)
      throw new ValueError("csv: the names given as header are not all different");
    if (header.length !== first.length)
      throw new FormatError(
        `CSV: ${header.length} names were given as header, but the first row has ${first.length} values`,
      );
    return { names: header, inFile: false, dropped: 0, warnings: [] };
  }
  const allNumbers =
    first.some(isNumber) && first.every((cell) => isNumber(cell) || missing.has(cell));
  if (header === false || (header === "auto" && allNumbers)) {
    const warnings =
      header === "auto"
        ? [`the first line holds numbers only and was taken as data; columns are called column1 …`]
        : [];
    return {
      names: first.map((_, i) => `column${i + 1}`),
      inFile: false,
      dropped: 0,
      warnings,
    };
  }
  return inFile(first);
}

function inFile(first: readonly string[]): Header {
  let width = first.length;
  while (width > 0 && first[width - 1] === "") width--;
  if (width === 0) throw new FormatError("CSV: the header has no names; pass { header: false }");
  const dropped = first.length - width;
  const warnings: string[] = [];
  if (dropped > 0)
    warnings.push(
      `the header ends with ${dropped === 1 ? "an empty name" : `${dropped} empty names`}, ` +
        `which ${dropped === 1 ? "was" : "were"} dropped`,
    );
  const names: string[] = [];
  const taken = new Set(first);
  const used = new Set<string>();
  for (const [i, cell] of first.slice(0, width).entries()) {
    const wanted = cell === "" ? `column${i + 1}` : cell;
    let name = wanted;
    for (let k = 1; used.has(name) || (name !== cell && taken.has(name)); k++)
      name = `${wanted}.${k}`;
    if (name !== cell)
      warnings.push(
        cell === ""
          ? `column ${i + 1} has no name and is called "${name}"`
          : `the name "${cell}" comes twice; column ${i + 1} is called "${name}"`,
      );
    used.add(name);
    names.push(name);
  }
  return { names, inFile: true, dropped, warnings };
}

/**
 * Throws unless a row has a value for every column. Where the header had empty names at its end, rows
 * may have as many empty values there.
 */
export function assertWidth(
  record: readonly string[],
  row: number,
  { names, dropped }: Header,
): void {
  const width = names.length;
  if (record.length === width) return;
  if (record.length < width)
    throw new FormatError(
      `CSV: row ${row} ends after ${record.length} of ${width} values: column "${names[record.length]}" ` +
        "is the first that is missing",
    );
  const extra = record.slice(width);
  if (extra.length <= dropped && extra.every((cell) => cell === "")) return;
  const at = extra.length > dropped ? width : width + extra.findIndex((cell) => cell !== "");
  throw new FormatError(
    `CSV: row ${row} has ${record.length} values for ${width} columns: ${JSON.stringify(record[at])} ` +
      `stands in column ${at + 1}, after the last, "${names[width - 1]}"; ` +
      "is a value with a delimiter not quoted?",
  );
}
