import { ValueError } from "../../base/errors.js";
import { type Cell, cellsOf, placed } from "../input/cells.js";
import { denseOf } from "../input/matrix.js";
import { columnName } from "../input/names.js";
import { type SparseRows, sparseBuilder } from "../input/sparse-rows.js";
import type { State } from "../saving/state.js";
import type { Features, FittedTransformer, Matrix, Transformer } from "../types.js";
import {
  learnCategories,
  type MissingCategory,
  missingCell,
  requireLists,
  shown,
  unseen,
} from "./categories.js";
import { infrequentOf, requireFrequencies } from "./infrequent.js";
import { likeOf, requireRoom, requireSome, type Tensor64, tensor64 } from "./matrices.js";

export interface OneHotEncoderOptions {
  /** The categories of each column, in order (default: those that occur, sorted). */
  readonly categories?: readonly (readonly Cell[])[];
  /**
   * A category that was not there when fitting: an error (the default), zeros in all columns, or counted
   * among the infrequent ones (zeros where there are none).
   */
  readonly unknown?: "error" | "ignore" | "infrequent";
  /** Leave out the column of the first category: always, or where there are two. Default: never. */
  readonly drop?: "first" | "ifBinary";
  /** Categories that occur less often share a column: a count from 1, or a share of the rows below 1. */
  readonly minFrequency?: number;
  /** At most so many columns for each column; the least frequent categories share one. */
  readonly maxCategories?: number;
  /** Give sparse rows? Default false. */
  readonly sparse?: boolean;
  /** Missing values: refused (the default), or a category of their own. */
  readonly missing?: MissingCategory;
}

export interface FittedOneHotEncoder extends FittedTransformer {
  /** The categories of each column, in order; null is missing. */
  readonly categories: readonly (readonly Cell[])[];
  /** The values that share the column of infrequent ones, of each column. */
  readonly infrequent: readonly (readonly Cell[])[];
  transform(x: Features): Tensor64 | SparseRows;
  /** "infrequent" for what shares a column, null for what was not known. */
  inverseTransform(x: Matrix): Cell[][];
}

interface OneHotEncoderState extends State {
  readonly kind: "oneHotEncoder";
  readonly names: readonly string[] | null;
  readonly categories: readonly (readonly Cell[])[];
  /** Numbers of the categories that are infrequent. */
  readonly infrequent: readonly (readonly number[])[];
  readonly drop: "first" | "ifBinary" | null;
  readonly unknown: "error" | "ignore" | "infrequent";
  readonly sparse: boolean;
}

/**
 * A column of 0 and 1 for each category, named `column_category`.
 *
 * @source scikit-learn `OneHotEncoder`
 */
export const oneHotEncoder = (
  options: OneHotEncoderOptions = {},
): Transformer<FittedOneHotEncoder> => ({
  kind: "oneHotEncoder",
  options: { ...options },
  async fit(x: Features) {
    const op = "oneHotEncoder.fit";
    const { unknown = "error", drop = null, sparse = false, missing = "error" } = options;
    if (!["error", "ignore", "infrequent"].includes(unknown))
      throw new ValueError(
        `${op}: unknown must be "error", "ignore" or "infrequent", got ${unknown}`,
      );
    if (![null, "first", "ifBinary"].includes(drop))
      throw new ValueError(`${op}: drop must be "first" or "ifBinary", got ${String(drop)}`);
    requireFrequencies(options, op);
    const cells = cellsOf(x, op);
    requireSome(cells, op);
    requireLists(options.categories, cells.columns, op);
    const columns = Array.from({ length: cells.columns }, (_, k) => {
      // Categories given say what is known; what is not is then a matter of `unknown`.
      const { categories, counts } = learnCategories(
        cells,
        k,
        unknown === "error" ? options.categories?.[k] : undefined,
        missing,
        op,
      );
      const known = options.categories?.[k] ?? categories;
      const countOf = new Map(categories.map((cell, i) => [cell, counts[i]]));
      const all = known.map((cell) => countOf.get(cell) ?? 0);
      return { categories: known, infrequent: infrequentOf(all, cells.rows, options) };
    });
    return restoreOneHotEncoder({
      kind: "oneHotEncoder",
      names: cells.names,
      categories: columns.map(({ categories }) => categories),
      infrequent: columns.map(({ infrequent }) => infrequent),
      drop,
      unknown,
      sparse,
    });
  },
});

/** Where the categories of a column come to stand. */
interface Block {
  readonly start: number;
  /** What the columns stand for, the one that is left out among them. */
  readonly labels: readonly Cell[];
  /** 1 if the first label has no column. */
  readonly dropped: number;
  /** Column of each category, −1 for none. */
  readonly columnOf: ReadonlyMap<Cell, number>;
  /** Column of a category that is not known, −1: none. */
  readonly otherwise: number;
}

function blocksOf({ categories, infrequent, drop, unknown }: OneHotEncoderState): Block[] {
  let start = 0;
  return categories.map((known, k) => {
    const rare = new Set(infrequent[k]);
    const labels: Cell[] = known.filter((_, i) => !rare.has(i));
    if (rare.size > 0) labels.push("infrequent");
    const dropped = Number(drop === "first" || (drop === "ifBinary" && labels.length === 2));
    const at = (label: number): number => (label < dropped ? -1 : start + label - dropped);
    let next = 0;
    const columnOf = new Map(
      known.map((cell, i) => [cell, at(rare.has(i) ? labels.length - 1 : next++)]),
    );
    const otherwise = unknown === "infrequent" && rare.size > 0 ? at(labels.length - 1) : -1;
    const block = { start, labels, dropped, columnOf, otherwise };
    start += labels.length - dropped;
    return block;
  });
}

export function restoreOneHotEncoder(state: OneHotEncoderState): FittedOneHotEncoder {
  const { categories, names, unknown } = state;
  const like = likeOf(categories.length, names);
  const blocks = blocksOf(state);
  const width = blocks.reduce((sum, { labels, dropped }) => sum + labels.length - dropped, 0);
  const missingIsKnown = categories.map((list) => list.includes(null));

  const transform = (x: Features): Tensor64 | SparseRows => {
    const op = "oneHotEncoder.transform";
    const cells = cellsOf(x, op, { like });
    const columnFor = (row: number, k: number): number => {
      const cell = cells.at(row, k);
      const found = blocks[k].columnOf.get(cell);
      if (found !== undefined) return found;
      if (cell === null && !missingIsKnown[k] && unknown === "error")
        throw missingCell(row, k, names ?? cells.names, op);
      if (unknown === "error")
        throw unseen(cell, placed(row, k, names ?? cells.names), categories[k], op);
      return blocks[k].otherwise;
    };
    if (state.sparse) {
      const out = sparseBuilder(width);
      for (let row = 0; row < cells.rows; row++) {
        for (let k = 0; k < cells.columns; k++) {
          const column = columnFor(row, k);
          if (column >= 0) out.add(column, 1);
        }
        out.endRow();
      }
      return out.build();
    }
    requireRoom(cells.rows, width, op, "use sparse: true, or minFrequency");
    const values = new Float64Array(cells.rows * width);
    for (let row = 0; row < cells.rows; row++)
      for (let k = 0; k < cells.columns; k++) {
        const column = columnFor(row, k);
        if (column >= 0) values[row * width + column] = 1;
      }
    return tensor64(values, cells.rows, width);
  };

  const inverseTransform = (x: Matrix): Cell[][] => {
    const op = "oneHotEncoder.inverseTransform";
    const { rows, values } = denseOf(x, op, { like: { features: width, featureNames: null } });
    return Array.from({ length: rows }, (_, row) =>
      blocks.map(({ start, labels, dropped }, k) => {
        let [best, most] = [-1, 0];
        for (let i = dropped; i < labels.length; i++) {
          const value = values[row * width + start + i - dropped];
          if (value > most) [best, most] = [i, value];
        }
        if (best >= 0) return labels[best];
        if (dropped === 1) return labels[0];
        if (unknown === "infrequent" && state.infrequent[k].length > 0) return "infrequent";
        if (unknown !== "error") return null;
        throw new ValueError(
          `${op}: row ${row} has no 1 in the columns of "${columnName(names, k)}"; no category is meant`,
        );
      }),
    );
  };

  return {
    state,
    ...like,
    categories,
    infrequent: state.infrequent.map((list, k) => list.map((i) => categories[k][i])),
    outputNames: blocks.flatMap(({ labels, dropped }, k) =>
      labels.slice(dropped).map((label) => `${columnName(names, k)}_${shown(label)}`),
    ),
    transform,
    inverseTransform,
  };
}
