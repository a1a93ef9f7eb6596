import type { TypedArray } from "../../../base/dtype.js";
import { sizeOf } from "../../../base/shape.js";
import { tensorOf } from "../../../data/tensor-of.js";
import { elementsOf } from "../../../tensor/operand.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { compile } from "../../../tensor/transforms/compile.js";
import type { Dense } from "../../input/matrix.js";
import type { Design } from "./design.js";
import { add, type Block, overBlocks, programsOf, typedAs } from "./over-blocks.js";

/** What a thread works on at a time: it stays in its cache from X·W to Xᵀ·r. */
const partBytes = 3 * 2 ** 18;
/** Parts below this number would leave threads without work; then the rows are one part. */
const fewestParts = 8;
/** X in one piece of memory. */
const blockBytes = 2 ** 28;

/**
 * Rows that are all there. The heavy parts are programs over blocks of rows; X is handed to them as
 * the same arrays again and again, which the backend then keeps in its memory.
 */
export function denseDesign({ rows, columns, values }: Dense): Design {
  const dtype = values instanceof Float32Array ? "f32" : "f64";
  const blocks = blocksOf(rows, columns * values.BYTES_PER_ELEMENT).map(
    ({ from, shape }): Block<Tensor> => {
      const count = sizeOf(shape);
      // The user's own array where one block is enough: the next fit finds it in the memory already.
      const part =
        count === rows ? values : values.subarray(from * columns, (from + count) * columns);
      const x = tensorOf(part as TypedArray, [...shape, columns], dtype);
      return { from, rows: count, x, whole: () => x };
    },
  );
  const typed = typedAs(dtype);

  return {
    rows,
    columns,
    dtype,
    unit: dtype === "f32" ? 2 ** -23 : 2 ** -52,
    ...overBlocks({ rows, columns, dtype }, blocks, programs),
    gram(d) {
      const all = new Float64Array((columns + 1) ** 2);
      for (const { x, from, rows } of blocks) {
        const found = gramProgram(x, typed(d.subarray(from, from + rows), [rows]));
        const [xx, x1, one] = found.map(({ node }) => elementsOf(node) as Float64Array);
        for (let i = 0; i < columns; i++) {
          for (let j = 0; j < columns; j++) all[i * (columns + 1) + j] += xx[i * columns + j];
          all[i * (columns + 1) + columns] += x1[i];
          all[columns * (columns + 1) + i] += x1[i];
        }
        all[all.length - 1] += one[0];
      }
      return all;
    },
    deviations() {
      // About the first row, which is near enough to the mean to lose no digits.
      const origin = typed(Float64Array.from(values.subarray(0, columns)), [columns]);
      const [first, second] = [new Float64Array(columns), new Float64Array(columns)];
      for (const { x } of blocks) {
        const [sums, squares] = momentsProgram(x, origin);
        add(first, elementsOf(sums.node) as Float64Array);
        add(second, elementsOf(squares.node) as Float64Array);
      }
      return second.map((square, j) =>
        Math.sqrt(Math.max(0, square / rows - (first[j] / rows) ** 2)),
      );
    },
    every(stride) {
      const count = Math.ceil(rows / stride);
      const some = new (dtype === "f32" ? Float32Array : Float64Array)(count * columns);
      for (let i = 0; i < count; i++) {
        const from = i * stride * columns;
        some.set(values.subarray(from, from + columns), i * columns);
      }
      return denseDesign({ format: "dense", rows: count, columns, values: some });
    },
    marginsOfRow(row, { W, b }, out, at) {
      const outputs = b.length;
      const from = row * columns;
      if (outputs === 1) {
        let z = b[0];
        for (let j = 0; j < columns; j++) z += values[from + j] * W[j];
        out[at] = z;
        return;
      }
      for (let k = 0; k < outputs; k++) out[at + k] = b[k];
      for (let j = 0, w = 0; j < columns; j++) {
        const value = values[from + j];
        for (let k = 0; k < outputs; k++, w++) out[at + k] += value * W[w];
      }
    },
    addRow(row, r, at, factor, W) {
      const from = row * columns;
      const outputs = W.length / columns;
      for (let j = 0, w = 0; j < columns; j++) {
        const value = factor * values[from + j];
        for (let k = 0; k < outputs; k++, w++) W[w] += value * r[at + k];
      }
    },
    squaredLength(row) {
      let sum = 0;
      for (let i = row * columns; i < (row + 1) * columns; i++) sum += values[i] * values[i];
      return sum;
    },
  };
}

/** The rows in blocks, and the shape of each block's rows. */
function blocksOf(rows: number, rowBytes: number): { from: number; shape: readonly number[] }[] {
  // Rows may have no columns at all, where all were constant.
  const most = Math.max(1, Math.min(rows, Math.floor(partBytes / Math.max(1, rowBytes))));
  const height = evenHeight(rows, most);
  const atOnce = Math.max(fewestParts, Math.floor(blockBytes / Math.max(1, rowBytes) / height));
  const blocks: { from: number; shape: readonly number[] }[] = [];
  let from = 0;
  for (;;) {
    const parts = Math.min(atOnce, Math.floor((rows - from) / height));
    if (parts < fewestParts) break;
    blocks.push({ from, shape: [parts, height] });
    from += parts * height;
  }
  // What is left over is a program of its own.
  if (from < rows) blocks.push({ from, shape: [rows - from] });
  return blocks;
}

/** A height of parts, of at most so many rows and not much less, that leaves no rows over if there is one. */
function evenHeight(rows: number, most: number): number {
  for (let height = most; height > most / 2; height--) if (rows % height === 0) return height;
  return most;
}

/** rᵀ·X [outputs, columns], parts of the rows by themselves and then added up in f64. */
function weighted(x: Tensor, r: Tensor): Tensor {
  const outputs = r.shape[1];
  // A product with one row would be as slow as with a whole tile of them.
  const product = (r: Tensor, x: Tensor): Tensor =>
    outputs === 1
      ? x.mul(r as never).sum(-2, { keepDims: true })
      : r.transpose().matmul(x as never);
  if (x.rank === 2) return product(r, x).cast("f64");
  const [parts, height] = x.shape;
  return product(r.reshape([parts, height, outputs]), x)
    .cast("f64")
    .sum(0);
}

/** X·W. A product with one column would be as slow as with a whole vector of them. */
function product(x: Tensor, w: Tensor): Tensor {
  const [columns, outputs] = w.shape;
  return outputs === 1
    ? x.mul(w.reshape([1, columns]) as never).sum(1, { keepDims: true })
    : x.matmul(w as never);
}

const asRows = (block: Tensor): Tensor =>
  block.rank === 2 ? block : block.reshape([sizeOf(block.shape.slice(0, 2)), block.shape[2]]);

const programs = programsOf<Tensor>({
  about: "",
  forward: (x, w) => product(asRows(x), w),
  backward: (x, r) => weighted(x, r).transpose(),
});

const gramProgram = compile(
  (block: Tensor, d: Tensor) => {
    const x = asRows(block);
    const weighted = x.mul(d.reshape([d.shape[0], 1]) as never);
    return [
      weighted
        .transpose()
        .matmul(x as never)
        .cast("f64"),
      weighted.sum(0).cast("f64"),
      d.sum().cast("f64"),
    ];
  },
  { name: "curvature of a linear model" },
);

const momentsProgram = compile(
  (x: Tensor, origin: Tensor) => {
    const off = asRows(x).sub(origin as never);
    return [off.cast("f64").sum(0), off.cast("f64").square().sum(0)];
  },
  { name: "moments of columns" },
);
