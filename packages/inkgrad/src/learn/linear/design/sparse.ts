import type { TypedArray } from "../../../base/dtype.js";
import { tensorOf } from "../../../data/tensor-of.js";
import { sparseMatmul } from "../../../tensor/functions/sparse.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { type Compressed, rowsBetween, transposedParts } from "./compressed.js";
import type { Design, Weights } from "./design.js";
import { type Block, overBlocks, programsOf } from "./over-blocks.js";

/** Values that one program goes over: its arrays must find room in the memory beside each other. */
const blockValues = 2 ** 24;
/** Rows whose residuals stay in the cache while their part of Xᵀ·r is computed. */
const fewestRows = 1024;
/** Values in a column of a part: with fewer of them, the sums of the parts would cost more than the products. */
const valuesInColumn = 16;

type CompressedTensors = readonly [starts: Tensor, indices: Tensor, values: Tensor];

interface Both {
  readonly rows: CompressedTensors;
  /** [parts · columns, rows]; null where X·W is all that is asked for. */
  readonly transposed: CompressedTensors | null;
}

/**
 * Rows of mostly zeros: X·W and Xᵀ·v pass over what is there, and nothing is filled in. Both are products of
 * sparse rows with a matrix, Xᵀ·v with those of the transpose, in parts that are then added up in f64. The
 * arrays are handed to the programs as the same ones again and again, which the backend then keeps.
 *
 * @param own  what is better done in another way, where the rows are to be had in another form, too
 */
export function sparseDesign(x: Compressed, own: Partial<Pick<Design, "gram">> = {}): Design {
  const { rows, columns, starts, indices, values } = x;
  const dtype = values instanceof Float32Array ? "f32" : "f64";

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
    dtype,
    unit: dtype === "f32" ? 2 ** -23 : 2 ** -52,
    marginsOfRow,
    addRow,
    ...overBlocks({ rows, columns, dtype }, blocksOf(x), programs),
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
        values: new (dtype === "f32" ? Float32Array : Float64Array)(ends[chosen.length]),
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
    ...own,
  };
}

/** The rows in blocks of so many values, or one row. */
function blocksOf(x: Compressed): Block<Both>[] {
  const { rows, columns, starts } = x;
  const blocks: Block<Both>[] = [];
  for (let from = 0; from < rows || blocks.length === 0;) {
    let to = Math.min(rows, from + 1);
    while (to < rows && starts[to + 1] - starts[from] <= blockValues) to++;
    const part = rowsBetween(x, from, to);
    const share = part.values.length / (part.rows * columns);
    const height = Math.max(fewestRows, Math.ceil(valuesInColumn / share));
    const parts = Math.max(1, Math.floor(part.rows / height));
    let transposed: CompressedTensors | null = null;
    const own = tensorsOf(part);
    blocks.push({
      from,
      rows: part.rows,
      x: { rows: own, transposed },
      whole() {
        transposed ??= tensorsOf(transposedParts(part, Math.ceil(part.rows / parts)));
        return { rows: own, transposed };
      },
    });
    from = to;
  }
  return blocks;
}

const tensorsOf = ({ starts, indices, values }: Compressed): CompressedTensors => [
  tensorOf(starts as TypedArray, [starts.length], "i32"),
  tensorOf(indices as TypedArray, [indices.length], "i32"),
  tensorOf(values as TypedArray, [values.length], values instanceof Float32Array ? "f32" : "f64"),
];

const product = ([starts, indices, values]: CompressedTensors, w: Tensor): Tensor =>
  sparseMatmul({ starts, indices, values }, w);

const programs = programsOf<Both>({
  about: " with sparse rows",
  forward: ({ rows }, w) => product(rows, w),
  backward({ transposed }, r, columns) {
    const sums = product(transposed!, r).cast("f64");
    const parts = columns === 0 ? 1 : sums.shape[0] / columns;
    return sums.reshape([parts, columns, r.shape[1]]).sum(0);
  },
});
