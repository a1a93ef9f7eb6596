/** GFLOP/s of matrix products, each of `task.products` being [name, m, k, n, transposed]. */
import { tensor } from "../../packages/inkgrad/dist/index.js";
import { callsPerSecond, report, task } from "../harness/child.mjs";
import { randomFloats } from "../harness/data.mjs";
import { compile, threads } from "./library.mjs";

/** Small products come several to a call, or the call would be measured. */
const flopsPerCall = 1e8;

const matrix = (rows, columns, transposed) =>
  tensor(randomFloats(rows * columns), { shape: transposed ? [columns, rows] : [rows, columns] });

const values = {};
for (const [name, m, k, n, transposed] of task.products) {
  const [left, right] = [transposed.includes("a"), transposed.includes("b")];
  const flops = 2 * m * k * n;
  const count = Math.max(1, Math.round(flopsPerCall / flops));
  const product = (a, b) => (left ? a.transpose() : a).matmul(right ? b.transpose() : b);
  // The products of the call before are given up to the next one, as what a training step carries is: they
  // are computed in full and stay in the backend's memory. Copying them out would be measured otherwise.
  const multiply = compile((_before, as, b) => as.map((a) => product(a, b)), { donate: 0 });
  const as = Array.from({ length: count }, () => matrix(m, k, left));
  const b = matrix(k, n, right);
  let products = as.map(() => matrix(m, n, false));
  const rate = await callsPerSecond(() => {
    products = multiply(products, as, b);
  });
  values[name] = (rate * count * flops) / 1e9;
}
report(values, { threads });
