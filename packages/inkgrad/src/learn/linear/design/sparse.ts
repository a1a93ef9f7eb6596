import type { SparseRows } from "../../input/sparse-rows.js";
import type { Design, Weights } from "./design.js";

/** Rows of mostly zeros: X·W and Xᵀ·v pass over what is there, and nothing is filled in. */
export function sparseDesign(x: SparseRows): Design {
  const { rows, columns, starts, indices, values } = x;

  const marginsOfRow = (row: number, { W, b }: Weights, out: Float64Array, at: number): void => {
    const outputs = b.length;
    for (let k = 0; k < outputs; k++) out[at + k] = b[k];
    for (let i = starts[row]; i < starts[row + 1]; i++)
      for (let k = 0, w = indices[i] * outputs; k < outputs; k++, w++)
        out[at + k] += values[i] * W[w];
  };
  const addRow = (
    row: number,
    r: Float64Array,
    at: number,
    factor: number,
    W: Float64Array,
  ): void => {
    const outputs = W.length / columns;
    for (let i = starts[row]; i < starts[row + 1]; i++)
      for (let k = 0, w = indices[i] * outputs; k < outputs; k++, w++)
        W[w] += factor * values[i] * r[at + k];
  };

  return {
    rows,
    columns,
    dtype: "f64",
    unit: 2 ** -52,
    marginsOfRow,
    addRow,
    lossOf: ({ loss, outputs, targets, weights }) => {
      const z = new Float64Array(outputs);
      return (w) => {
        const sums: Weights = { W: new Float64Array(w.W.length), b: new Float64Array(outputs) };
        let value = 0;
        for (let row = 0; row < rows; row++) {
          const weight = weights === null ? 1 : weights[row];
          marginsOfRow(row, w, z, 0);
          value += weight * loss.row(z, 0, outputs, targets[row]);
          addRow(row, z, 0, weight, sums.W);
          for (let k = 0; k < outputs; k++) sums.b[k] += weight * z[k];
        }
        return { value, ...sums };
      };
    },
    margins(w) {
      const out = new Float64Array(rows * w.b.length);
      for (let row = 0; row < rows; row++) marginsOfRow(row, w, out, row * w.b.length);
      return out;
    },
    gram(d) {
      const size = columns + 1;
      const all = new Float64Array(size * size);
      for (let row = 0; row < rows; row++) {
        for (let i = starts[row]; i < starts[row + 1]; i++) {
          const weighted = d[row] * values[i];
          const line = indices[i] * size;
          for (let j = starts[row]; j < starts[row + 1]; j++)
            all[line + indices[j]] += weighted * values[j];
          all[line + columns] += weighted;
          all[columns * size + indices[i]] += weighted;
        }
        all[all.length - 1] += d[row];
      }
      return all;
    },
    deviations() {
      const [means, squares] = [new Float64Array(columns), new Float64Array(columns)];
      const counts = new Float64Array(columns);
      for (let i = 0; i < values.length; i++) means[indices[i]] += values[i] / rows;
      for (let i = 0; i < values.length; i++) {
        counts[indices[i]]++;
        squares[indices[i]] += (values[i] - means[indices[i]]) ** 2;
      }
      return squares.map((sum, j) => Math.sqrt((sum + (rows - counts[j]) * means[j] ** 2) / rows));
    },
    every(stride) {
      const chosen = Array.from({ length: Math.ceil(rows / stride) }, (_, i) => i * stride);
      const parts = chosen.map((row) => [starts[row], starts[row + 1]] as const);
      const ends = new Int32Array(chosen.length + 1);
      parts.forEach(([from, to], i) => {
        ends[i + 1] = ends[i] + to - from;
      });
      const some = {
        indices: new Int32Array(ends[chosen.length]),
        values: new Float64Array(ends[chosen.length]),
      };
      parts.forEach(([from, to], i) => {
        some.indices.set(indices.subarray(from, to), ends[i]);
        some.values.set(values.subarray(from, to), ends[i]);
      });
      return sparseDesign({ ...x, rows: chosen.length, starts: ends, ...some });
    },
    squaredLength(row) {
      let sum = 0;
      for (let i = starts[row]; i < starts[row + 1]; i++) sum += values[i] * values[i];
      return sum;
    },
  };
}
