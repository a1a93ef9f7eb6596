import { outsideAxis } from "../../ops/rules.js";
import { badStarts } from "../../ops/sparse.js";
import { type Kernel, output } from "./kernel.js";

/** Each row is a sum of rows of w, in the order in which they are named. */
export const sparseMatmul: Kernel = (node, [starts, indices, values, w]) => {
  const [m, k] = node.shape as [number, number];
  const { op, src } = node;
  const count = values.length;
  if (starts[0] !== 0) throw badStarts(op, 0, count);
  for (let row = 0; row < m; row++)
    if (!(starts[row] <= starts[row + 1] && starts[row + 1] <= count))
      throw badStarts(op, row, count);
  if (starts[m] !== count) throw badStarts(op, m, count);
  const n = src[3].shape[0];
  const outside = indices.find((index) => index < 0 || index >= n);
  if (outside !== undefined) throw outsideAxis(op, outside, 0, src[3].shape);
  const out = output(node);
  for (let row = 0; row < m; row++)
    for (let p = starts[row]; p < starts[row + 1]; p++)
      for (let j = 0; j < k; j++) out[row * k + j] += values[p] * w[indices[p] * k + j];
  return out;
};
