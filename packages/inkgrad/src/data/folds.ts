import { ShapeError, ValueError } from "../base/errors.js";
import { elementsOf } from "../tensor/operand.js";
import { foldIn } from "../tensor/random/key.js";
import type { Key } from "../tensor/random/types.js";
import { isTensor } from "../tensor/tensor.js";
import { orderOf } from "./order.js";
import { type FoldOptions, kFold, type Labels, type SplitRows } from "./split.js";

/** Folds besides `kFold`: by group, repeated, of single rows. */

export interface GroupFoldOptions {
  /** How many folds (default 5), at least 2 and at most as many as there are groups. */
  readonly folds?: number;
  /** Where groups of the same size go. Without a key: in the order of their first rows. */
  readonly key?: Key;
}

/**
 * Row numbers for cross-validation in which all rows of a group (a patient, a writer) lie on the same side:
 * every group is in `test` of exactly one fold. The largest group first, each goes where there are fewest rows.
 *
 * @param groups  one for each row
 * @throws ValueError  if there are fewer groups than folds, or fewer than 2 folds
 * @source scikit-learn `GroupKFold`
 */
export function groupKFold(groups: Labels, { folds = 5, key }: GroupFoldOptions = {}): SplitRows[] {
  const op = "groupKFold";
  const { numbers, sizes } = numbered(listOf(groups, op));
  requireFolds(folds, sizes.length, "groups", op);
  const order = [...orderOf(key, sizes.length)].sort((a, b) => sizes[b] - sizes[a]);
  const filled = new Float64Array(folds);
  const foldOf = new Int32Array(sizes.length);
  for (const group of order) {
    const lightest = filled.indexOf(Math.min(...filled));
    filled[lightest] += sizes[group];
    foldOf[group] = lightest;
  }
  return foldsBy(numbers.length, folds, (row) => foldOf[numbers[row]]);
}

/**
 * As `groupKFold`, with the shares of the classes as even as whole groups let them be: groups of the most
 * uneven classes first, each goes where the shares then differ least between folds, or into the smaller fold.
 *
 * @param labels  one for each row
 * @param groups  one for each row
 * @source scikit-learn `StratifiedGroupKFold`
 */
export function stratifiedGroupKFold(
  labels: Labels,
  groups: Labels,
  { folds = 5, key }: GroupFoldOptions = {},
): SplitRows[] {
  const op = "stratifiedGroupKFold";
  const [ofClass, ofGroup] = [numbered(listOf(labels, op)), numbered(listOf(groups, op))];
  const rows = ofGroup.numbers.length;
  if (ofClass.numbers.length !== rows)
    throw new ShapeError(`${op}: ${ofClass.numbers.length} labels, and ${rows} rows with groups`);
  requireFolds(folds, ofGroup.sizes.length, "groups", op);
  const classes = ofClass.sizes.length;
  const counts = ofGroup.sizes.map(() => new Float64Array(classes));
  for (let row = 0; row < rows; row++) counts[ofGroup.numbers[row]][ofClass.numbers[row]]++;
  const spreads = counts.map(deviation);
  const order = [...orderOf(key, counts.length)].sort((a, b) => spreads[b] - spreads[a]);
  const inFold = Array.from({ length: folds }, () => new Float64Array(classes));
  const foldOf = new Int32Array(counts.length);
  for (const group of order) {
    let [best, least, fewest] = [0, Infinity, Infinity];
    for (let fold = 0; fold < folds; fold++) {
      const uneven = unevenness(inFold, fold, counts[group], ofClass.sizes);
      const size = inFold[fold].reduce((sum, count) => sum + count, 0);
      const alike = Math.abs(uneven - least) <= 1e-8 + 1e-5 * Math.abs(least);
      if (uneven < least || (alike && size < fewest)) [best, least, fewest] = [fold, uneven, size];
    }
    counts[group].forEach((count, c) => (inFold[best][c] += count));
    foldOf[group] = best;
  }
  return foldsBy(rows, folds, (row) => foldOf[ofGroup.numbers[row]]);
}

/** The mean over the classes of how much their shares differ between folds, were these rows put into one. */
function unevenness(
  inFold: readonly Float64Array[],
  into: number,
  added: Float64Array,
  totals: readonly number[],
): number {
  const differences = totals.map((total, c) =>
    deviation(
      Float64Array.from(inFold, (fold, i) => (fold[c] + (i === into ? added[c] : 0)) / total),
    ),
  );
  return differences.reduce((sum, difference) => sum + difference, 0) / totals.length;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}

export interface RepeatedFoldOptions extends Omit<FoldOptions, "key"> {
  /** How many times over (default 10). */
  readonly repeats?: number;
  /** Which rows go where, differently in every repeat. */
  readonly key: Key;
}

/**
 * The folds of `kFold`, stratified or not, several times with another shuffling: those of the first repeat come
 * first.
 *
 * @throws ValueError  unless repeats is a whole number ≥ 1
 * @source scikit-learn `RepeatedKFold`, `RepeatedStratifiedKFold`
 */
export function repeatedKFold(
  n: number,
  { repeats = 10, key, ...options }: RepeatedFoldOptions,
): SplitRows[] {
  if (!Number.isInteger(repeats) || repeats < 1)
    throw new ValueError(
      `repeatedKFold: repeats must be a whole number ≥ 1, got ${String(repeats)}`,
    );
  if (!isTensor(key))
    throw new ValueError("repeatedKFold: needs a key, or all repeats would be the same");
  return Array.from({ length: repeats }, (_, repeat) =>
    kFold(n, { ...options, key: foldIn(key, repeat) }),
  ).flat();
}

/** Each row once by itself in `test`. @throws ValueError  for fewer than 2 rows */
export const leaveOneOut = (n: number): SplitRows[] => {
  requireFolds(n, n, "rows", "leaveOneOut");
  return foldsBy(n, n, (row) => row);
};

/** Each group once by itself in `test`; groups in the order of their first rows. */
export function leaveOneGroupOut(groups: Labels): SplitRows[] {
  const op = "leaveOneGroupOut";
  const { numbers, sizes } = numbered(listOf(groups, op));
  requireFolds(sizes.length, sizes.length, "groups", op);
  return foldsBy(numbers.length, sizes.length, (row) => numbers[row]);
}

function listOf(x: Labels, op: string): ArrayLike<unknown> {
  if (isTensor(x) && x.rank !== 1)
    throw new ShapeError(`${op}: expected one for each row, got shape [${x.shape.join(", ")}]`);
  return isTensor(x) ? elementsOf(x.node) : x;
}

/** Numbers in the order in which things first come, and how often each comes. */
function numbered(list: ArrayLike<unknown>): { numbers: Int32Array; sizes: number[] } {
  const known = new Map<unknown, number>();
  const sizes: number[] = [];
  const numbers = Int32Array.from(list, (value) => {
    const number = known.get(value) ?? known.size;
    known.set(value, number);
    sizes[number] = (sizes[number] ?? 0) + 1;
    return number;
  });
  return { numbers, sizes };
}

function requireFolds(folds: number, most: number, what: string, op: string): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > most)
    throw new ValueError(
      `${op}: the number of folds must be a whole number from 2 to the ${most} ${what}, got ${folds}`,
    );
}

/** The rows of each fold, from the fold of each row. */
export function foldsBy(n: number, folds: number, foldOf: (row: number) => number): SplitRows[] {
  const test: number[][] = Array.from({ length: folds }, () => []);
  for (let row = 0; row < n; row++) test[foldOf(row)].push(row);
  const all = Int32Array.from({ length: n }, (_, row) => row);
  return test.map((rows, fold) => ({
    train: all.filter((row) => foldOf(row) !== fold),
    test: Int32Array.from(rows),
  }));
}
