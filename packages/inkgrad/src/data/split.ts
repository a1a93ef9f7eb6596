import { ShapeError, ValueError } from "../base/errors.js";
import { describe } from "../base/tree.js";
import { elementsOf } from "../tensor/operand.js";
import type { Key } from "../tensor/random/types.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";
import { type Dataset, lengthOf, requireDataset, subset } from "./dataset.js";
import { orderOf } from "./order.js";
import { rowsOf } from "./rows.js";

/** One label for each row: class numbers, names, … */
export type Labels = Tensor | ArrayLike<number | string | boolean>;

/** What can be split beside each other: the first axis counts the rows. */
export type Rows = Tensor | readonly unknown[] | ArrayBufferView;

export interface SplitOptions {
  /** The share of the rows that goes into `test`, between 0 and 1 (default 0.2), rounded. */
  readonly fraction?: number;
  /** How many rows go into `test`, instead of a share. */
  readonly size?: number;
  /**
   * Does every class keep its share, within one example? True: by the classes of the data set's y;
   * labels: by these.
   */
  readonly stratified?: boolean | Labels;
  /** Which rows go where. Without a key the last ones go into `test`. */
  readonly key?: Key;
}

export interface SplitRows {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Two data sets, or two lists of arrays, and which rows they are of what was split. */
export interface Split<T> {
  readonly train: T;
  readonly test: T;
  readonly rows: SplitRows;
}

/**
 * A data set, or several arrays of as many rows, in two parts. With a key the rows of both come in
 * random order; the same key gives the same split.
 *
 * @throws ValueError  for a fraction outside 0 … 1 or a size beyond the rows
 * @throws ShapeError  if the arrays have different numbers of rows
 */
export function trainTestSplit(data: Dataset, options?: SplitOptions): Split<Dataset>;
export function trainTestSplit<const T extends readonly Rows[]>(
  data: T,
  options?: SplitOptions,
): Split<T>;
export function trainTestSplit(
  data: Dataset | readonly Rows[],
  options: SplitOptions = {},
): Split<unknown> {
  if (!Array.isArray(data)) {
    const set = data as Dataset;
    requireDataset(set, "trainTestSplit");
    const rows = splitRows(lengthOf(set), options, set.y);
    return { train: subset(set, rows.train), test: subset(set, rows.test), rows };
  }
  const arrays = data as readonly Rows[];
  const n = commonLength(arrays, "trainTestSplit");
  const rows = splitRows(n, options);
  return {
    train: arrays.map((x) => pickRows(x, rows.train)),
    test: arrays.map((x) => pickRows(x, rows.test)),
    rows,
  };
}

function splitRows(n: number, options: SplitOptions, y?: Tensor): SplitRows {
  const { fraction = 0.2, size, stratified = false, key } = options;
  if (size === undefined && !(fraction >= 0 && fraction <= 1))
    throw new ValueError(
      `trainTestSplit: the fraction must lie between 0 and 1, got ${fraction}; for a number of rows use size`,
    );
  const count = size ?? Math.round(fraction * n);
  if (!Number.isInteger(count) || count < 0 || count > n)
    throw new ValueError(
      `trainTestSplit: the size must be a whole number from 0 to the ${n} rows, got ${count}`,
    );
  const order = orderOf(key, n);
  if (stratified === false)
    return { train: order.slice(0, n - count), test: order.slice(n - count) };
  const labels = stratified === true ? y : stratified;
  if (labels === undefined)
    throw new ValueError(
      "trainTestSplit: stratified: true needs a data set; for arrays give the labels, as stratified: y",
    );
  const classes = classRows(labels, order, "trainTestSplit");
  const shares = quotas(
    classes.map((rows) => rows.length),
    count,
  );
  const inTest = new Uint8Array(n);
  classes.forEach((rows, c) => {
    for (const row of rows.slice(rows.length - shares[c])) inTest[row] = 1;
  });
  return {
    train: order.filter((row) => inTest[row] === 0),
    test: order.filter((row) => inTest[row] === 1),
  };
}

/**
 * How many of each class, by its size or share, are taken so that `count` are taken in all: the exact
 * number rounded down, and one more where the largest remainders are.
 */
export function quotas(sizes: readonly number[], count: number): number[] {
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (n === 0 ? 0 : (size * count) / n));
  const taken = exact.map(Math.floor);
  const left = count - taken.reduce((sum, size) => sum + size, 0);
  const byRemainder = [...sizes.keys()].sort(
    (a, b) => exact[b] - taken[b] - (exact[a] - taken[a]) || a - b,
  );
  for (const c of byRemainder.slice(0, left)) taken[c]++;
  return taken;
}

/** The rows of each class in the given order; classes in the order of their first row. */
function classRows(labels: Labels, order: Int32Array, op: string): number[][] {
  if (isTensor(labels) && labels.rank !== 1)
    throw new ShapeError(
      `${op}: labels to stratify by must be one for each row, got shape [${labels.shape.join(", ")}]`,
    );
  const list = isTensor(labels) ? elementsOf(labels.node) : labels;
  if (list.length !== order.length)
    throw new ShapeError(`${op}: ${list.length} labels to stratify by, and ${order.length} rows`);
  const classes = new Map<unknown, number[]>();
  for (let row = 0; row < list.length; row++) classes.set(list[row], []);
  for (const row of order) classes.get(list[row])!.push(row);
  return [...classes.values()];
}

export interface FoldOptions {
  /** How many folds (default 5), at least 2 and at most n. */
  readonly folds?: number;
  /** Which rows go where. Without a key they stay in order. */
  readonly key?: Key;
  /** Labels whose shares every fold keeps, within one example. */
  readonly stratified?: Labels;
}

/**
 * Row numbers for cross-validation: every row is in `test` of exactly one fold and in `train` of all
 * others. Folds differ by one row at most; rows are in ascending order.
 *
 * @param n  the number of rows
 * @throws ValueError  if there are fewer rows than folds, or fewer than 2 folds
 * @source scikit-learn `KFold`, `StratifiedKFold`
 */
export function kFold(n: number, { folds = 5, key, stratified }: FoldOptions = {}): SplitRows[] {
  if (!Number.isInteger(n) || n < 0)
    throw new ValueError(`kFold: the number of rows must be a whole number ≥ 0, got ${n}`);
  if (!Number.isInteger(folds) || folds < 2 || folds > n)
    throw new ValueError(
      `kFold: the number of folds must be a whole number from 2 to the ${n} rows, got ${folds}`,
    );
  const order = orderOf(key, n);
  const foldOf = new Int32Array(n);
  if (stratified === undefined)
    order.forEach((row, i) => (foldOf[row] = Math.floor((i * folds) / n)));
  else
    // Dealt like cards, one class after another: each fold gets every folds-th of a class.
    classRows(stratified, order, "kFold")
      .flat()
      .forEach((row, i) => (foldOf[row] = i % folds));
  const all = Int32Array.from({ length: n }, (_, row) => row);
  return Array.from({ length: folds }, (_, fold) => ({
    train: all.filter((row) => foldOf[row] !== fold),
    test: all.filter((row) => foldOf[row] === fold),
  }));
}

/** The number of rows of all arrays. @throws ShapeError  if they differ */
export function commonLength(arrays: readonly Rows[], op: string): number {
  if (arrays.length === 0)
    throw new ValueError(`${op}: there are no arrays, so there is nothing to split`);
  const lengths = arrays.map((x) => {
    if (isTensor(x) && x.rank > 0) return x.shape[0];
    const { length } = x as { length?: unknown };
    if (!isTensor(x) && typeof length === "number") return length;
    throw new ShapeError(
      `${op}: expected tensors with a first axis, or arrays, got ${describe(x)}`,
    );
  });
  if (lengths.some((length) => length !== lengths[0]))
    throw new ShapeError(
      `${op}: the arrays must have as many rows as each other, they have ${lengths.join(", ")}`,
    );
  return lengths[0];
}

/** The rows of an array at the given places, in that order. */
export function pickRows(x: Rows, rows: Int32Array): Rows {
  if (isTensor(x)) return rowsOf(x, rows);
  if (Array.isArray(x)) return Array.from(rows, (row) => (x as readonly unknown[])[row]);
  const from = x as unknown as Float64Array;
  const out = from.slice(0, rows.length);
  rows.forEach((row, i) => (out[i] = from[row]));
  return out;
}
