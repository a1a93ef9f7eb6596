import { ValueError } from "../../base/errors.js";
import { chiSquaredTail, fTail } from "../../base/incomplete.js";
import type { Encoded } from "../input/labels.js";
import { type Dense, namesOf } from "../input/matrix.js";
import { columnName } from "../input/names.js";
import type { SparseRows } from "../input/sparse-rows.js";
import type { Matrix } from "../types.js";
import { eachStored } from "./matrices.js";
import { momentsOf } from "./moments.js";

/** How much each column by itself says about y. */
export interface Scores {
  /** [columns] */
  readonly scores: Float64Array;
  /** [columns] how probable such a score is where there is nothing in it; null where none is known. */
  readonly pValues: Float64Array | null;
}

/** Rows of each class. */
function classSizes({ classes, numbers }: Encoded): Float64Array {
  const sizes = new Float64Array(classes.length);
  for (const number of numbers) sizes[number]++;
  return sizes;
}

/** Sums over rows of each class and column [columns, classes], and how many are stored. */
function classSums(
  matrix: Dense | SparseRows,
  { classes, numbers }: Encoded,
  of: (value: number, k: number) => number,
): { sums: Float64Array; counts: Float64Array } {
  const sums = new Float64Array(matrix.columns * classes.length);
  const counts = new Float64Array(sums.length);
  eachStored(matrix, (value, row, k) => {
    const at = k * classes.length + numbers[row];
    sums[at] += of(value, k);
    counts[at]++;
  });
  return { sums, counts };
}

/**
 * F of the analysis of variance: how far apart the means of the classes lie, by the spread within them.
 * NaN for a constant column.
 *
 * @source scikit-learn `f_classif`
 */
export function fOfClasses(matrix: Dense | SparseRows, y: Encoded): Scores {
  const { rows, columns } = matrix;
  const count = y.classes.length;
  const sizes = classSizes(y);
  const { means, variances } = momentsOf(matrix, null);
  // About the mean, so that no digits are lost where it is large.
  const { sums, counts } = classSums(matrix, y, (value, k) => value - means[k]);
  const scores = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    let between = 0;
    for (let c = 0; c < count; c++) {
      const at = k * count + c;
      const sum = sums[at] - (sizes[c] - counts[at]) * means[k];
      between += sum ** 2 / sizes[c];
    }
    const within = Math.max(0, variances[k] * rows - between);
    scores[k] = between / (count - 1) / (within / (rows - count));
  }
  return { scores, pValues: scores.map((f) => fTail(f, count - 1, rows - count)) };
}

/**
 * F of a straight line through each column. A constant column has F 0 and p 1, one on a line with y the
 * greatest number there is and p 0.
 *
 * @source scikit-learn `f_regression`
 */
export function fOfLine(matrix: Dense | SparseRows, y: Float64Array): Scores {
  const { rows, columns } = matrix;
  const { means, variances } = momentsOf(matrix, null);
  const mean = y.reduce((sum, value) => sum + value, 0) / rows;
  const spread = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const products = new Float64Array(columns);
  // Σ(y − ȳ) is 0: what is not stored adds nothing once the mean of x is taken as 0.
  const about = matrix.format === "dense" ? means : new Float64Array(columns);
  eachStored(matrix, (value, row, k) => {
    products[k] += (value - about[k]) * (y[row] - mean);
  });
  const scores = products.map((product, k) => {
    const square = product ** 2 / (variances[k] * rows * spread);
    if (Number.isNaN(square)) return 0;
    return square >= 1 ? Number.MAX_VALUE : (square / (1 - square)) * (rows - 2);
  });
  const pValues = scores.map((f, k) =>
    variances[k] * spread > 0 ? (f === Number.MAX_VALUE ? 0 : fTail(f, 1, rows - 2)) : 1,
  );
  return { scores, pValues };
}

/**
 * χ² of counts (or other amounts ≥ 0) in each class against what they would be were the class of no
 * influence. NaN for a column of zeros.
 *
 * @throws ValueError  for a negative value, naming row and column
 * @source scikit-learn `chi2`
 */
export function chiSquared(matrix: Dense | SparseRows, y: Encoded, x: Matrix, op: string): Scores {
  const { rows, columns } = matrix;
  const names = namesOf(x);
  eachStored(matrix, (value, row, k) => {
    if (value < 0)
      throw new ValueError(
        `${op}: row ${row}, column "${columnName(names, k)}" is ${value}; chi2 takes counts and amounts ≥ 0`,
      );
  });
  const sizes = classSizes(y);
  const { sums } = classSums(matrix, y, (value) => value);
  const count = sizes.length;
  const scores = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    let total = 0;
    for (let c = 0; c < count; c++) total += sums[k * count + c];
    for (let c = 0; c < count; c++) {
      const expected = (total * sizes[c]) / rows;
      scores[k] += (sums[k * count + c] - expected) ** 2 / expected;
    }
  }
  return { scores, pValues: scores.map((x) => chiSquaredTail(x, count - 1)) };
}
