import { ValueError } from "../../base/errors.js";
import { denseOf } from "../input/matrix.js";
import type { Matrix } from "../types.js";
import { choleskyInverse } from "./linear-algebra.js";

/**
 * Variance inflation factors: 1 / (1 − R²) of each column on all others. By so much the variance of its
 * coefficient is greater than if it had nothing to do with the others: 1 for none, above 5 or 10 a
 * coefficient is hard to tell from those of its companions. Infinity for columns that follow from others,
 * NaN for constant ones.
 *
 * @param x  [rows, columns]
 * @returns  [columns]
 * @throws ValueError  if there are fewer than 2 rows
 * @source Belsley, Kuh & Welsch, Regression Diagnostics, 1980; statsmodels `variance_inflation_factor` (of
 *   columns with a constant)
 */
export function varianceInflation(x: Matrix): Float64Array {
  const { rows, columns, values } = denseOf(x, "varianceInflation");
  if (rows < 2) throw new ValueError(`varianceInflation: at least 2 rows are needed, got ${rows}`);
  const scaled = standardised(values, rows, columns);
  const varying = Array.from({ length: columns }, (_, k) => k).filter((k) => scaled[k] !== null);
  const correlation = varying.map((a) => varying.map((b) => dot(scaled[a]!, scaled[b]!)));
  const out = new Float64Array(columns).fill(NaN);
  // Columns that follow from the others go one by one, the last first, until the rest can be inverted.
  const inverse = choleskyInverse(Float64Array.from(correlation.flat()), varying.length);
  if (inverse !== null) {
    varying.forEach((k, i) => (out[k] = inverse[i * varying.length + i]));
    return out;
  }
  varying.forEach((k, i) => {
    const others = varying.flatMap((_, j) => (j === i ? [] : [j]));
    const independent = independentOf(correlation, others);
    const part = [...independent, i];
    const own = choleskyInverse(
      Float64Array.from(part.flatMap((a) => part.map((b) => correlation[a][b]))),
      part.length,
    );
    out[k] = own === null ? Infinity : own[part.length ** 2 - 1];
  });
  return out;
}

/** A largest set of columns of which none follows from the others, in their order. */
function independentOf(correlation: readonly (readonly number[])[], among: readonly number[]) {
  const kept: number[] = [];
  for (const k of among) {
    const part = [...kept, k];
    const matrix = Float64Array.from(part.flatMap((a) => part.map((b) => correlation[a][b])));
    if (choleskyInverse(matrix, part.length) !== null) kept.push(k);
  }
  return kept;
}

/** Columns of mean 0 and length 1; null for constant ones. */
function standardised(
  values: Float64Array | Float32Array,
  rows: number,
  columns: number,
): (Float64Array | null)[] {
  return Array.from({ length: columns }, (_, k) => {
    const column = Float64Array.from({ length: rows }, (_, i) => values[i * columns + k]);
    const mean = column.reduce((sum, value) => sum + value, 0) / rows;
    const centred = column.map((value) => value - mean);
    const length = Math.sqrt(dot(centred, centred));
    return length <= rows * Number.EPSILON * Math.abs(mean) * Math.sqrt(rows)
      ? null
      : centred.map((value) => value / length);
  });
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);
