import { quantileBy } from "../../base/quantile.js";
import type { Dense } from "../input/matrix.js";
import { type SparseRows, transposed } from "../input/sparse-rows.js";

/** The values of a column in ascending order, without those that are missing. */
export interface SortedColumn {
  readonly count: number;
  readonly missing: number;
  /** Ranks of zeros that are not written out, from the first to behind the last. */
  readonly zeros: readonly [from: number, to: number];
  readonly at: (rank: number) => number;
}

/** Columns in order; the zeros of sparse rows are counted, not written out. */
export function sortedColumns(matrix: Dense | SparseRows): (column: number) => SortedColumn {
  if (matrix.format === "dense") {
    const { rows, columns, values } = matrix;
    return (column) => {
      const all = new Float64Array(rows);
      for (let row = 0; row < rows; row++) all[row] = values[row * columns + column];
      return sorted(all, 0);
    };
  }
  const { starts, values } = transposed(matrix);
  return (column) => {
    const stored = values.slice(starts[column], starts[column + 1]);
    return sorted(stored, matrix.rows - stored.length);
  };
}

/** Sorts `values` in place. */
export function sorted(values: Float64Array, zeros: number): SortedColumn {
  // NaN comes last.
  values.sort();
  let given = values.length;
  while (given > 0 && Number.isNaN(values[given - 1])) given--;
  let negative = 0;
  if (zeros > 0) while (negative < given && values[negative] < 0) negative++;
  return {
    count: given + zeros,
    missing: values.length - given,
    zeros: [negative, negative + zeros],
    at: (rank) =>
      rank < negative ? values[rank] : rank < negative + zeros ? 0 : values[rank - zeros],
  };
}

/** The value below which a share of the column lies, linear between neighbours; NaN if all is missing. */
export const quantile = ({ count, at }: SortedColumn, share: number): number =>
  quantileBy(count, at, share);

export const median = (column: SortedColumn): number => quantile(column, 0.5);

/** The value that occurs most often; of several the smallest. */
export function mostFrequent({ count, zeros: [from, to], at }: SortedColumn): number {
  let [best, most] = [NaN, 0];
  for (let i = 0; i < count;) {
    let end = i === from && to > from ? to : i + 1;
    while (end < count && at(end) === at(i)) end++;
    if (end - i > most) [best, most] = [at(i), end - i];
    i = end;
  }
  return best;
}
