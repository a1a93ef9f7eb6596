import type { Column } from "../../data/formats/csv.js";
import { kFold } from "../../data/split.js";
import { key } from "../../tensor/random/key.js";
import { rocAuc } from "../metrics/roc-auc.js";

/** Numbers are sorted into so many bins, each with as many rows. */
const bins = 32;

/**
 * How well a column alone tells the classes: the ROC area (over classes: the mean of one against the
 * rest) of the shares of the classes among rows with the same value, or a similar one, counted on other
 * rows than those it is judged on. What is missing is a value too. 0.5: not at all; 1: always.
 *
 * @param numbers  class numbers of the rows
 */
export function alone(column: Column, numbers: Int32Array, classes: number): number {
  const codes = codesOf(column);
  const most = codes.reduce((a, b) => Math.max(a, b), 0) + 1;
  const rows = numbers.length;
  const shares = new Float64Array(rows * classes);
  for (const { train, test } of kFold(rows, { folds: 5, key: key(0), stratified: numbers })) {
    const counts = new Float64Array(most * classes);
    const all = new Float64Array(classes);
    for (const row of train) {
      counts[codes[row] * classes + numbers[row]]++;
      all[numbers[row]]++;
    }
    for (const row of test) {
      const from = codes[row] * classes;
      let total = 0;
      for (let c = 0; c < classes; c++) total += counts[from + c];
      // As if each value had been seen once more, in classes as they are overall.
      for (let c = 0; c < classes; c++)
        shares[row * classes + c] = (counts[from + c] + all[c] / train.length) / (total + 1);
    }
  }
  let sum = 0;
  for (let c = 0; c < classes; c++)
    sum += rocAuc(
      numbers.map((number) => Number(number === c)),
      Float64Array.from({ length: rows }, (_, row) => shares[row * classes + c]),
    );
  return sum / classes;
}

/** A number for each value, or bin of values; 0 for missing ones. */
function codesOf({ type, values }: Column): Int32Array {
  const codes = new Int32Array(values.length);
  if (type === "category" || type === "text") {
    const known = new Map<string | null, number>([[null, 0]]);
    values.forEach((value, row) => {
      if (!known.has(value)) known.set(value, known.size);
      codes[row] = known.get(value)!;
    });
    return codes;
  }
  const numbers = values as Float64Array;
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort();
  const edges = new Set(
    Array.from(
      { length: bins - 1 },
      (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)],
    ),
  );
  const list = [...edges];
  numbers.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    codes[row] = 1 + list.filter((edge) => value >= edge).length;
  });
  return codes;
}
