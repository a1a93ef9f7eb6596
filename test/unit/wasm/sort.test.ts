import { describe, it } from "vitest";
import { type DType, isFloat } from "@src/base/dtype.js";
import { builder as b } from "@src/graph/builder.js";
import { argument } from "../../support/evaluate-graph.js";
import { expectReference } from "../../support/on-threads.js";
import { seeded } from "../../support/random.js";

const cases: readonly [shape: number[], axis: number][] = [
  [[5000], 0],
  [[65], 0],
  [[64], 0],
  [[1003, 30], 1],
  [[50, 70], 0],
  [[300, 20], 0],
  [[9, 80, 21], 1],
  [[6, 1], 1],
  [[3, 2000], 1],
];

/** Some equal, some of every size and sign; floats that compare in ways of their own, too. */
function numbers(dtype: DType): number[] {
  const next = seeded(`sort ${dtype}`);
  const odd = [NaN, -0, 0, Infinity, -Infinity, 5e-324, -1e-40];
  return Array.from({ length: 5003 }, () => {
    if (dtype === "u8" || dtype === "bool") return Math.floor(next() * (dtype === "u8" ? 256 : 2));
    if (isFloat(dtype) && next() < 0.1) return odd[Math.floor(next() * odd.length)];
    const x =
      (next() - (dtype === "u32" ? 0 : 0.5)) * 2 ** (isFloat(dtype) ? next() * 200 - 100 : 32);
    if (next() < 0.5) return Math.floor(next() * 40);
    return isFloat(dtype) ? x : Math.floor(x);
  });
}

for (const op of ["sort", "argsort"] as const)
  for (const dtype of ["f32", "f64", "i32", "u32", "u8", "bool"] as const)
    describe(`${op} of ${dtype} is the reference's, equal elements in their order`, () => {
      for (const [shape, axis] of cases)
        for (const descending of [false, true])
          it(`along axis ${axis} of ${shape.join("×")}${descending ? ", descending" : ""}`, async () => {
            const x = argument(shape, dtype, numbers(dtype));
            await expectReference([b[op](x.node, { axis, descending })], [x]);
          });
    });
