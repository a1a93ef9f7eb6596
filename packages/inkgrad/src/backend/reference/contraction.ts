import { sizeOf } from "../../base/shape.js";
import { type Kernel, output } from "./kernel.js";

/** Rows times columns, in the order i, k, j, so that the inner loop walks along rows. */
export const matmul: Kernel = (node, [x, y]) => {
  const [m, n] = node.shape.slice(-2) as [number, number];
  const k = node.src[0].shape.at(-1)!;
  const rows = sizeOf(node.shape.slice(0, -1));
  const out = output(node);
  const addRow = node.dtype === "i32" || node.dtype === "u32" ? addWhole : addScaled;
  for (let i = 0; i < rows; i++)
    for (let p = 0, batch = Math.floor(i / m); p < k; p++)
      addRow(out, i * n, x[i * k + p], y, (batch * k + p) * n, n);
  return out;
};

/** Adds `factor` times n numbers of y, from `from` on, to those of `out` from `to` on. */
type AddRow = (
  out: Float64Array,
  to: number,
  factor: number,
  y: Float64Array,
  from: number,
  n: number,
) => void;

const addScaled: AddRow = (out, to, factor, y, from, n) => {
  for (let j = 0; j < n; j++) out[to + j] += factor * y[from + j];
};

/** The same for 32-bit integers, whose products do not fit a float64: imul keeps the low bits. */
const addWhole: AddRow = (out, to, factor, y, from, n) => {
  for (let j = 0; j < n; j++) out[to + j] += Math.imul(factor, y[from + j]);
};
