import type { TypedArray } from "../../../base/dtype.js";
import { tensorOf } from "../../../data/tensor-of.js";
import { sparseMatmul } from "../../../tensor/functions/sparse.js";
import { elementsOf } from "../../../tensor/operand.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { compile } from "../../../tensor/transforms/compile.js";
import type { Loss } from "../losses/loss.js";
import { binomial } from "../losses/binomial.js";
import { multinomial } from "../losses/multinomial.js";
import { squared } from "../losses/squared.js";
import { type Compressed, rowsBetween, transposedParts } from "./compressed.js";
import { add, type Design, type Sums, type Weights } from "./design.js";

/** Values that one program goes over: its arrays must find room in the memory beside each other. */
const blockValues = 2 ** 24;
/** Rows whose residuals stay in the cache while their part of Xᵀ·r is computed. */
const fewestRows = 1024;
/** Values in a column of a part: with fewer of them, the sums of the parts would cost more than the products. */
const valuesInColumn = 16;

interface Block {
  readonly from: number;
  readonly rows: number;
  readonly x: CompressedTensors;
  /** [parts · columns, rows] */
  transposed(): CompressedTensors;
}

type CompressedTensors = readonly [starts: Tensor, indices: Tensor, values: Tensor];

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
  const typed = (list: Float64Array, shape: readonly number[]): Tensor =>
    tensorOf(dtype === "f32" ? new Float32Array(list) : list.slice(), shape, dtype);
  const blocks = blocksOf(x);

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
    lossOf({ loss, outputs, targets, weights }) {
      const program = programs[loss.name];
      const parts = blocks.map((block) => ({
        x: block.x,
        transposed: block.transposed(),
        y: typed(targets.subarray(block.from, block.from + block.rows), [block.rows]),
        weights:
          weights === null
            ? null
            : typed(weights.subarray(block.from, block.from + block.rows), [block.rows]),
      }));
      return ({ W, b }) => {
        const [w, c] = [typed(W, [columns, outputs]), typed(b, [outputs])];
        let value = 0;
        const sums: Weights = { W: new Float64Array(W.length), b: new Float64Array(b.length) };
        for (const { x, transposed, y, weights } of parts) {
          const found = program(x, transposed, y, weights, w, c);
          value += elementsOf(found.value.node)[0];
          add(sums.W, elementsOf(found.W.node) as Float64Array);
          add(sums.b, elementsOf(found.b.node) as Float64Array);
        }
        return { value, ...sums } satisfies Sums;
      };
    },
    margins({ W, b }) {
      const out = new Float64Array(rows * b.length);
      const [w, c] = [typed(W, [columns, b.length]), typed(b, [b.length])];
      for (const { x, from } of blocks)
        out.set(elementsOf(marginsProgram(x, w, c).node), from * b.length);
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
function blocksOf(x: Compressed): Block[] {
  const { rows, columns, starts } = x;
  const blocks: Block[] = [];
  for (let from = 0; from < rows || blocks.length === 0;) {
    let to = Math.min(rows, from + 1);
    while (to < rows && starts[to + 1] - starts[from] <= blockValues) to++;
    const part = rowsBetween(x, from, to);
    const share = part.values.length / (part.rows * columns);
    const height = Math.max(fewestRows, Math.ceil(valuesInColumn / share));
    const parts = Math.max(1, Math.floor(part.rows / height));
    let transposed: CompressedTensors | null = null;
    blocks.push({
      from,
      rows: part.rows,
      x: tensorsOf(part),
      transposed: () =>
        (transposed ??= tensorsOf(transposedParts(part, Math.ceil(part.rows / parts)))),
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

/** Value and gradient of a loss over some rows, as one program. */
const programOf = (loss: Loss) =>
  compile(
    (
      x: CompressedTensors,
      transposed: CompressedTensors,
      y: Tensor,
      weights: Tensor | null,
      w: Tensor,
      b: Tensor,
    ) => {
      const z = product(x, w).add(b as never) as Tensor;
      const { loss: plain, residual } = loss.forward(z, y);
      const losses = weights === null ? plain : plain.mul(weights as never);
      const r = weights === null ? residual : residual.mul(weights.reshape([-1, 1]) as never);
      const [columns, outputs] = w.shape;
      const sums = product(transposed, r).cast("f64");
      const parts = columns === 0 ? 1 : sums.shape[0] / columns;
      return {
        value: losses.cast("f64").sum(),
        W: sums.reshape([parts, columns, outputs]).sum(0),
        b: r.sum(0).cast("f64"),
      };
    },
    { name: `${loss.name} loss of a linear model with sparse rows` },
  );

const programs = {
  binomial: programOf(binomial),
  multinomial: programOf(multinomial),
  squared: programOf(squared),
};

const marginsProgram = compile(
  (x: CompressedTensors, w: Tensor, b: Tensor) =>
    product(x, w)
      .add(b as never)
      .cast("f64"),
  { name: "margins of a linear model with sparse rows" },
);
