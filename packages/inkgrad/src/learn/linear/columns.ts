import type { Dense } from "../input/matrix.js";
import type { SparseRows } from "../input/sparse-rows.js";

/** Columns that hold one value throughout. With an intercept, nothing can be learned from them. */
export function constantColumns(x: Dense | SparseRows): number[] {
  if (x.rows === 0) return [];
  if (x.format === "csr") {
    const { columns, rows, indices, values } = x;
    const [counts, least, most] = [
      new Int32Array(columns),
      new Float64Array(columns).fill(Infinity),
      new Float64Array(columns).fill(-Infinity),
    ];
    for (let i = 0; i < values.length; i++) {
      const j = indices[i];
      counts[j]++;
      least[j] = Math.min(least[j], values[i]);
      most[j] = Math.max(most[j], values[i]);
    }
    const isConstant = (j: number): boolean =>
      counts[j] === 0 ||
      (least[j] === most[j] && (counts[j] === rows || least[j] === 0)) ||
      (least[j] === 0 && most[j] === 0);
    return [...counts.keys()].filter(isConstant);
  }
  const { rows, columns, values } = x;
  let left = Array.from({ length: columns }, (_, j) => j);
  // Most columns are out after a few rows, so this hardly costs a pass.
  for (let row = 1; row < rows && left.length > 0; row++) {
    const from = row * columns;
    let same = true;
    for (const j of left) same &&= values[from + j] === values[j];
    if (!same) left = left.filter((j) => values[from + j] === values[j]);
  }
  return left;
}
