import type { TypedArray } from "../../../base/dtype.js";
import { tensorOf } from "../../../data/tensor-of.js";
import { elementsOf } from "../../../tensor/operand.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { compile } from "../../../tensor/transforms/compile.js";
import type { Dense } from "../../input/matrix.js";
import type { Loss } from "../losses/loss.js";
import { binomial } from "../losses/binomial.js";
import { multinomial } from "../losses/multinomial.js";
import { squared } from "../losses/squared.js";
import type { Design, Seen, Sums, Weights } from "./design.js";

/** Rows of a block at most; a block's elements stay below what the backend keeps in its memory. */
const mostElements = 2 ** 26;

interface Block {
  readonly from: number;
  readonly rows: number;
  readonly x: Tensor;
}

/**
 * Rows that are all there. The heavy parts are programs over blocks of rows; X is handed to them as
 * the same arrays again and again, which the backend then keeps in its memory.
 */
export function denseDesign({ rows, columns, values }: Dense): Design {
  const dtype = values instanceof Float32Array ? "f32" : "f64";
  const height = Math.max(1, Math.min(rows, Math.floor(mostElements / Math.max(1, columns))));
  const blocks: Block[] = [];
  for (let from = 0; from < rows; from += height) {
    const count = Math.min(height, rows - from);
    // The user's own array where one block is enough: the next fit finds it in the memory already.
    const part =
      count === rows ? values : values.subarray(from * columns, (from + count) * columns);
    blocks.push({ from, rows: count, x: tensorOf(part as TypedArray, [count, columns], dtype) });
  }
  const typed = (list: Float64Array, shape: readonly number[]): Tensor =>
    tensorOf(dtype === "f32" ? Float32Array.from(list) : list.slice(), shape, dtype);

  return {
    rows,
    columns,
    dtype,
    unit: dtype === "f32" ? 2 ** -23 : 2 ** -52,
    lossOf({ loss, outputs, targets, weights }: Seen) {
      const program = programs[loss.name];
      const parts = blocks.map(({ x, from, rows }) => ({
        x,
        y: typed(targets.subarray(from, from + rows), [rows]),
        weights: weights === null ? null : typed(weights.subarray(from, from + rows), [rows]),
      }));
      return ({ W, b }) => {
        const [w, c] = [typed(W, [columns, outputs]), typed(b, [outputs])];
        let value = 0;
        const sums: Weights = { W: new Float64Array(W.length), b: new Float64Array(b.length) };
        for (const { x, y, weights } of parts) {
          const found = program(x, y, weights, w, c);
          value += elementsOf(found.value.node)[0] as number;
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
        out.set(elementsOf(marginsProgram(x, w, c).node) as Float64Array, from * b.length);
      return out;
    },
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

/** Value and gradient of a loss over some rows, as one program. */
const programOf = ({ name, forward }: Loss) =>
  compile(
    (x: Tensor, y: Tensor, weights: Tensor | null, w: Tensor, b: Tensor) => {
      const { loss, residual } = forward(x.matmul(w as never).add(b as never), y);
      const [losses, r] =
        weights === null
          ? [loss, residual]
          : [
              loss.mul(weights as never),
              residual.mul(weights.reshape([weights.shape[0], 1]) as never),
            ];
      return {
        value: losses.cast("f64").sum(),
        W: x
          .transpose()
          .matmul(r as never)
          .cast("f64"),
        b: r.sum(0).cast("f64"),
      };
    },
    { name: `${name} loss of a linear model` },
  );

const programs = {
  binomial: programOf(binomial),
  multinomial: programOf(multinomial),
  squared: programOf(squared),
};

const marginsProgram = compile(
  (x: Tensor, w: Tensor, b: Tensor) =>
    x
      .matmul(w as never)
      .add(b as never)
      .cast("f64"),
  { name: "margins of a linear model" },
);

const gramProgram = compile(
  (x: Tensor, d: Tensor) => {
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
    const off = x.sub(origin as never);
    return [off.cast("f64").sum(0), off.cast("f64").square().sum(0)];
  },
  { name: "moments of columns" },
);

function add(to: Float64Array, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += from[i];
}
