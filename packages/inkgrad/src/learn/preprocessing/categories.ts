import { ValueError } from "../../base/errors.js";
import { type Label, labelEncoder } from "../../data/transforms/label-encoder.js";
import { type Cell, type Cells, placed } from "../input/cells.js";

/** What is done with a missing value: refuse it, or take it for a category of its own. */
export type MissingCategory = "error" | "category";

export interface Learned {
  /** In the order of `labelEncoder`; null, for missing, comes last. */
  readonly categories: readonly Cell[];
  /** How often each occurs. */
  readonly counts: readonly number[];
}

/** The categories that occur in a column, or those given. */
export function learnCategories(
  cells: Cells,
  column: number,
  given: readonly Cell[] | undefined,
  missing: MissingCategory,
  op: string,
): Learned {
  const counts = new Map<Cell, number>();
  for (let row = 0; row < cells.rows; row++) {
    const cell = cells.at(row, column);
    if (cell === null && missing === "error") throw missingCell(row, column, cells.names, op);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const categories = given ?? inOrder([...counts.keys()]);
  const known = new Set(categories);
  if (known.size !== categories.length)
    throw new ValueError(`${op}: the categories of column ${column} are not each there once`);
  for (let row = 0; given !== undefined && row < cells.rows; row++) {
    const cell = cells.at(row, column);
    if (!known.has(cell))
      throw new ValueError(
        `${op}: ${placed(row, column, cells.names)} is ${JSON.stringify(cell)}, which is not among ` +
          `the categories given, ${some(categories)}`,
      );
  }
  return { categories, counts: categories.map((cell) => counts.get(cell) ?? 0) };
}

/** As `labelEncoder` orders them; missing comes last. */
function inOrder(cells: readonly Cell[]): readonly Cell[] {
  const there = cells.filter((cell): cell is Label => cell !== null);
  const sorted: readonly Cell[] = there.length === 0 ? [] : labelEncoder(there).classes;
  return there.length < cells.length ? [...sorted, null] : sorted;
}

/** Lists of categories must be one for each column. */
export function requireLists(
  lists: readonly (readonly Cell[])[] | undefined,
  columns: number,
  op: string,
): void {
  if (lists !== undefined && lists.length !== columns)
    throw new ValueError(
      `${op}: there are ${lists.length} lists of categories for ${columns} columns; give one for each`,
    );
}

export const missingCell = (
  row: number,
  column: number,
  names: readonly string[] | null,
  op: string,
): ValueError =>
  new ValueError(
    `${op}: ${placed(row, column, names)} is missing; fill missing values in first (imputer), or say what ` +
      "becomes of them (the option missing)",
  );

export const unseen = (
  cell: Cell,
  where: string,
  categories: readonly Cell[],
  op: string,
): ValueError =>
  new ValueError(
    `${op}: ${where} is ${JSON.stringify(cell)}, which was not there when fitting; known are ` +
      `${some(categories)}; correct it, or say what becomes of such values (the option unknown)`,
  );

const some = (categories: readonly Cell[]): string =>
  categories
    .slice(0, 5)
    .map((cell) => JSON.stringify(cell))
    .join(", ") + (categories.length > 5 ? ", …" : "");

/** A category as part of a column's name. */
export const shown = (cell: Cell): string => (cell === null ? "missing" : String(cell));
