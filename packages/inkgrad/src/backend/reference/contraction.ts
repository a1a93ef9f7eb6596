import { sizeOf } from "../../base/shape.js";
import { type Kernel, output } from "./kernel.js";

/** Rows times columns, in the order i, k, j, so that the inner loop walks along rows. */
export const matmul: Kernel = (node, [x, y]) => {
  const [m, n] = node.shape.slice(-2) as [number, number];
  const k = node.src[0].shape.at(-1)!;
  const batches = sizeOf(node.shape.slice(0, -2));
  const out = output(node);
  const multiply = node.dtype === "i32" || node.dtype === "u32" ? Math.imul : undefined;
  for (let batch = 0; batch < batches; batch++)
    for (let i = 0; i < m; i++)
      for (let p = 0; p < k; p++) {
        const left = x[(batch * m + i) * k + p];
        const [row, right] = [(batch * m + i) * n, (batch * k + p) * n];
        for (let j = 0; j < n; j++)
          out[row + j] += multiply ? multiply(left, y[right + j]) : left * y[right + j];
      }
  return out;
};
