import { polygamma } from "../../base/special.js";
import type { Encoded } from "../input/labels.js";
import type { Dense } from "../input/matrix.js";
import { type SparseRows, transposed } from "../input/sparse-rows.js";
import { momentsOf } from "./moments.js";
import type { Scores } from "./univariate.js";

export interface MutualInformationOptions {
  /** Columns of which each value is a category: all, none, or these (default: those of sparse rows). */
  readonly discrete?: boolean | readonly number[];
  /** Neighbours that are looked at in continuous columns (default 3). */
  readonly neighbors?: number;
}

/**
 * How much knowing a column tells about the class, in nats: by counting where values are categories, else
 * from the distances of neighbours. scikit-learn adds a little noise to continuous columns; here nothing
 * is random, so that values that occur several times may be judged a little differently.
 *
 * @source scikit-learn `mutual_info_classif`; Ross, "Mutual information between discrete and continuous
 *         data sets", PLoS ONE 9(2), 2014
 */
export function mutualInformation(
  matrix: Dense | SparseRows,
  y: Encoded,
  { discrete = matrix.format === "csr", neighbors = 3 }: MutualInformationOptions,
): Scores {
  const listed = typeof discrete === "boolean" ? null : new Set(discrete);
  const isDiscrete = (k: number) => listed?.has(k) ?? (discrete as boolean);
  const { variances } = momentsOf(matrix, null);
  const byColumn = matrix.format === "csr" ? transposed(matrix) : null;
  const scores = new Float64Array(matrix.columns);
  for (let k = 0; k < matrix.columns; k++) {
    const [rows, values] =
      byColumn === null
        ? [null, columnOf(matrix as Dense, k)]
        : [
            byColumn.indices.subarray(byColumn.starts[k], byColumn.starts[k + 1]),
            byColumn.values.subarray(byColumn.starts[k], byColumn.starts[k + 1]),
          ];
    if (isDiscrete(k)) scores[k] = ofCategories(rows, values, y);
    else {
      const all = rows === null ? values : spread(rows, values, matrix.rows);
      const scale = Math.sqrt(variances[k]);
      scores[k] = ofNeighbors(scale > 0 ? all.map((value) => value / scale) : all, y, neighbors);
    }
  }
  return { scores, pValues: null };
}

function columnOf({ rows, columns, values }: Dense, k: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => values[row * columns + k]);
}

function spread(rows: Int32Array, values: Float64Array, count: number): Float64Array {
  const all = new Float64Array(count);
  rows.forEach((row, i) => (all[row] = values[i]));
  return all;
}

/** Σ p(x, y) log(p(x, y) / p(x) p(y)). */
function ofCategories(
  rows: Int32Array | null,
  values: Float64Array,
  { classes, numbers }: Encoded,
): number {
  const n = numbers.length;
  const sizes = new Float64Array(classes.length);
  for (const number of numbers) sizes[number]++;
  const zeros = sizes.slice();
  const counts = new Map<number, Float64Array>([[0, zeros]]);
  values.forEach((value, i) => {
    const number = numbers[rows === null ? i : rows[i]];
    if (value === 0) return;
    zeros[number]--;
    const list = counts.get(value) ?? new Float64Array(classes.length);
    list[number]++;
    counts.set(value, list);
  });
  let sum = 0;
  for (const list of counts.values()) {
    const total = list.reduce((a, b) => a + b, 0);
    list.forEach((count, c) => {
      if (count > 0) sum += (count / n) * Math.log((count * n) / (total * sizes[c]));
    });
  }
  return Math.max(0, sum);
}

function ofNeighbors(
  values: Float64Array,
  { classes, numbers }: Encoded,
  neighbors: number,
): number {
  const groups: number[][] = classes.map(() => []);
  numbers.forEach((number, row) => groups[number].push(values[row]));
  // A class of one row has no neighbours, and is left out.
  const used = groups.filter((group) => group.length > 1);
  const all = Float64Array.from(used.flat()).sort();
  if (all.length === 0) return 0;
  // The k-th neighbour is to be outside its own distance, whatever rounding makes of sums.
  const rounding = 8 * Number.EPSILON * Math.max(Math.abs(all[0]), Math.abs(all[all.length - 1]));
  let sum = 0;
  for (const group of used) {
    const sorted = Float64Array.from(group).sort();
    const k = Math.min(neighbors, sorted.length - 1);
    for (let i = 0; i < sorted.length; i++) {
      const radius = Math.max(0, distanceTo(sorted, i, k) - rounding);
      const within = rank(all, sorted[i] + radius, true) - rank(all, sorted[i] - radius, false);
      sum += polygamma(0, k) - polygamma(0, sorted.length) - polygamma(0, within);
    }
  }
  return Math.max(0, polygamma(0, all.length) + sum / all.length);
}

/** How far the k-th neighbour of element i is, in a sorted list. */
function distanceTo(sorted: Float64Array, i: number, k: number): number {
  let [low, high, distance] = [i, i, 0];
  for (let found = 0; found < k; found++) {
    const left = low > 0 ? sorted[i] - sorted[low - 1] : Infinity;
    const right = high + 1 < sorted.length ? sorted[high + 1] - sorted[i] : Infinity;
    distance = Math.min(left, right);
    if (left <= right) low--;
    else high++;
  }
  return distance;
}

/** How many elements are below x, or, inclusively, not above it. */
function rank(sorted: Float64Array, x: number, inclusive: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < x || (inclusive && sorted[middle] === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}
