import { describe, expect, it } from "vitest";
import { type DType, isFloat } from "@src/base/dtype.js";
import { sizeOf } from "@src/base/shape.js";
import { builder as b } from "@src/graph/builder.js";
import { argument } from "../../support/evaluate-graph.js";
import { expectReference, onThreads } from "../../support/on-threads.js";
import { seeded } from "../../support/random.js";

const cases: readonly [shape: number[], axis: number][] = [
  [[30_001], 0],
  [[1003, 30], 1],
  [[50, 701], 0],
  [[9, 40, 21], 1],
  [[2, 61, 333], 1],
  [[40, 3, 7], 0],
  [[6, 1], 1],
];

/** Many equal elements; floats among them that compare in ways of their own. */
function numbers(dtype: DType, count: number, special: boolean): number[] {
  const next = seeded(`position ${dtype}`);
  const [low, high] = dtype === "bool" ? [0, 2] : dtype === "i32" ? [-30, 30] : [0, 60];
  const odd = [NaN, -0, Infinity, -Infinity];
  return Array.from({ length: count }, () => {
    if (special && next() < 0.01) return odd[Math.floor(next() * 4)];
    const x = Math.floor(low + (high - low) * next());
    return dtype === "u32" ? x * 2 ** 26 : x;
  });
}

for (const op of ["argmax", "argmin"] as const)
  for (const dtype of ["f32", "f64", "i32", "u32", "u8", "bool"] as const)
    describe(`${op} of ${dtype} is the reference's, the first of equals`, () => {
      for (const [shape, axis] of cases)
        for (const special of isFloat(dtype) ? [false, true] : [false])
          it(`along axis ${axis} of ${shape.join("×")}${special ? ", with NaN" : ""}`, async () => {
            const x = argument(shape, dtype, numbers(dtype, sizeOf(shape), special));
            await expectReference([b[op](x.node, { axis })], [x]);
          });
    });

it("the first NaN is before all else, wherever it stands", async () => {
  const rows = 37;
  const x = argument([rows, rows], "f32", [1]);
  for (let i = 0; i < rows; i++) {
    x.value[i * rows + i] = NaN;
    x.value[i * rows + rows - 1] = NaN;
  }
  const { found } = await onThreads([b.argmax(x.node, { axis: 1 })], [x]);
  expect([...found[0]]).toEqual(Array.from({ length: rows }, (_, i) => i));
});
