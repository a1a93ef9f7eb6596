import { ValueError } from "../../base/errors.js";
import { type Cell, cellsOf, placed } from "../input/cells.js";
import { denseOf } from "../input/matrix.js";
import type { State } from "../saving/state.js";
import type { Features, FittedTransformer, Matrix, Transformer } from "../types.js";
import { learnCategories, missingCell, requireLists, unseen } from "./categories.js";
import { likeOf, requireSome, sameNames, type Tensor64, tensor64 } from "./matrices.js";

export interface OrdinalEncoderOptions {
  /** The categories of each column, in order (default: those that occur, sorted). */
  readonly categories?: readonly (readonly Cell[])[];
  /** A category that was not there when fitting: an error (the default), or this number (or NaN). */
  readonly unknown?: "error" | number;
  /** A missing value: an error (the default), or this number (or NaN, which stays missing). */
  readonly missing?: "error" | number;
}

export interface FittedOrdinalEncoder extends FittedTransformer {
  readonly categories: readonly (readonly Cell[])[];
  transform(x: Features): Tensor64;
  /** null for what was missing or not known. */
  inverseTransform(x: Matrix): Cell[][];
}

interface OrdinalEncoderState extends State {
  readonly kind: "ordinalEncoder";
  readonly names: readonly string[] | null;
  readonly categories: readonly (readonly Cell[])[];
  readonly unknown: "error" | number;
  readonly missing: "error" | number;
}

/**
 * Categories as the numbers 0, 1, … of each column.
 *
 * @source scikit-learn `OrdinalEncoder`
 */
export const ordinalEncoder = (
  options: OrdinalEncoderOptions = {},
): Transformer<FittedOrdinalEncoder> => ({
  kind: "ordinalEncoder",
  options: { ...options },
  async fit(x: Features) {
    const op = "ordinalEncoder.fit";
    const { unknown = "error", missing = "error" } = options;
    for (const [name, value] of Object.entries({ unknown, missing }))
      if (value !== "error" && typeof value !== "number")
        throw new ValueError(`${op}: ${name} must be "error" or a number, got ${String(value)}`);
    const cells = cellsOf(x, op);
    requireSome(cells, op);
    requireLists(options.categories, cells.columns, op);
    const categories = Array.from({ length: cells.columns }, (_, k) => {
      const given = options.categories?.[k];
      const rule = missing === "error" ? "error" : "category";
      const learned = learnCategories(
        cells,
        k,
        unknown === "error" && given !== undefined
          ? [...given, ...(rule === "category" ? [null] : [])]
          : undefined,
        rule,
        op,
      );
      return (given ?? learned.categories).filter((cell) => cell !== null);
    });
    categories.forEach(({ length }, k) => {
      for (const value of [unknown, missing])
        if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < length)
          throw new ValueError(
            `${op}: ${value} stands for a category of column ${k} already; take −1, or NaN`,
          );
    });
    const state = { names: cells.names, categories, unknown, missing };
    return restoreOrdinalEncoder({ kind: "ordinalEncoder", ...state });
  },
});

export function restoreOrdinalEncoder(state: OrdinalEncoderState): FittedOrdinalEncoder {
  const { categories, names, unknown, missing } = state;
  const like = likeOf(categories.length, names);
  const numberOf = categories.map((list) => new Map(list.map((cell, i) => [cell, i])));
  const transform = (x: Features): Tensor64 => {
    const op = "ordinalEncoder.transform";
    const cells = cellsOf(x, op, { like });
    const out = new Float64Array(cells.rows * cells.columns);
    for (let row = 0, at = 0; row < cells.rows; row++)
      for (let k = 0; k < cells.columns; k++, at++) {
        const cell = cells.at(row, k);
        const found = numberOf[k].get(cell);
        if (found !== undefined) out[at] = found;
        else if (cell === null) {
          if (missing === "error") throw missingCell(row, k, names ?? cells.names, op);
          out[at] = missing;
        } else {
          if (unknown === "error")
            throw unseen(cell, placed(row, k, names ?? cells.names), categories[k], op);
          out[at] = unknown;
        }
      }
    return tensor64(out, cells.rows, cells.columns);
  };
  const inverseTransform = (x: Matrix): Cell[][] => {
    const op = "ordinalEncoder.inverseTransform";
    const { rows, columns, values } = denseOf(x, op, { missing: true, like });
    return Array.from({ length: rows }, (_, row) =>
      categories.map((list, k) => {
        const value = values[row * columns + k];
        if (Object.is(value, unknown) || Object.is(value, missing)) return null;
        if (!(value in list))
          throw new ValueError(
            `${op}: ${placed(row, k, names)} is ${value}; the categories are 0 to ${list.length - 1}`,
          );
        return list[value];
      }),
    );
  };
  return { state, ...like, categories, outputNames: sameNames(like), transform, inverseTransform };
}
