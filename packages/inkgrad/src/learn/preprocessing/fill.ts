import type { Dense } from "../input/matrix.js";
import { type SparseRows, sparseBuilder } from "../input/sparse-rows.js";
import { type Tensor64, tensor64 } from "./matrices.js";

/**
 * Missing values filled in, of the columns that stay, and beside them 1 where a value was missing.
 *
 * @param fill       [columns] what is filled in
 * @param indicated  the columns that get one of 0 and 1
 */
export function fillDense(
  { rows, columns, values }: Dense,
  fill: Float64Array,
  kept: readonly number[],
  indicated: Int32Array,
): Tensor64 {
  const width = kept.length + indicated.length;
  const out = new Float64Array(rows * width);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const k of kept) {
      const value = values[row * columns + k];
      out[at++] = Number.isNaN(value) ? fill[k] : value;
    }
    for (const k of indicated) out[at++] = Number(Number.isNaN(values[row * columns + k]));
  }
  return tensor64(out, rows, width);
}

/** The same, of sparse rows. */
export function fillSparse(
  { rows, columns, starts, indices, values }: SparseRows,
  fill: Float64Array,
  kept: readonly number[],
  indicated: Int32Array,
): SparseRows {
  const [to, flagTo] = [new Int32Array(columns).fill(-1), new Int32Array(columns).fill(-1)];
  kept.forEach((k, i) => (to[k] = i));
  indicated.forEach((k, i) => (flagTo[k] = kept.length + i));
  const out = sparseBuilder(kept.length + indicated.length);
  for (let row = 0; row < rows; row++) {
    for (let i = starts[row]; i < starts[row + 1]; i++) {
      const k = indices[i];
      if (to[k] >= 0) out.add(to[k], Number.isNaN(values[i]) ? fill[k] : values[i]);
    }
    for (let i = starts[row]; i < starts[row + 1]; i++)
      if (Number.isNaN(values[i]) && flagTo[indices[i]] >= 0) out.add(flagTo[indices[i]], 1);
    out.endRow();
  }
  return out.build();
}

/** NaN again where the indicator is not 0, and in columns that were left out. */
export function restoreMissing(
  { rows, columns, values }: Dense,
  features: number,
  kept: readonly number[],
  indicated: Int32Array,
): Tensor64 {
  const out = new Float64Array(rows * features).fill(NaN);
  for (let row = 0; row < rows; row++) {
    kept.forEach((k, i) => (out[row * features + k] = values[row * columns + i]));
    indicated.forEach((k, i) => {
      if (values[row * columns + kept.length + i] !== 0) out[row * features + k] = NaN;
    });
  }
  return tensor64(out, rows, features);
}
