import { describe, expect, it } from "vitest";
import type { DType } from "@src/base/dtype.js";
import { builder as b } from "@src/graph/builder.js";
import { argument } from "../../support/evaluate-graph.js";
import { expectReference, onThreads } from "../../support/on-threads.js";
import { seeded } from "../../support/random.js";

const cases: readonly [shape: number[], axis: number][] = [
  [[30_001], 0],
  [[1003, 30], 1],
  [[50, 700], 0],
  [[9, 40, 21], 1],
  [[2, 61, 333], 1],
  [[40, 3, 7], 0],
  [[1, 5, 1], 1],
  [[6, 1], 1],
];

/** Factors that neither vanish nor overflow soon; whole ones for integers. */
const numbers = (dtype: DType, product: boolean): number[] => {
  const next = seeded("cumulative");
  const float = dtype === "f32" || dtype === "f64";
  const [from, range] = float ? (product ? [0.9, 0.2] : [-10, 20]) : [0, 200];
  return Array.from({ length: 5003 }, () => {
    const x = from + range * next();
    return float ? x : Math.floor(x);
  });
};

for (const op of ["cumsum", "cumprod"] as const)
  for (const dtype of ["f32", "f64", "i32", "u32", "u8"] as const)
    describe(`${op} of ${dtype} gives the reference's bits`, () => {
      for (const [shape, axis] of cases)
        for (const reverse of [false, true])
          it(`for axis ${axis} of ${shape.join("×")}${reverse ? ", backwards" : ""}`, async () => {
            const x = argument(shape, dtype, numbers(dtype, op === "cumprod"));
            await expectReference([b[op](x.node, { axis, reverse })], [x]);
          });
    });

it("a running sum of ten million ones in f32 is right", async () => {
  const x = argument([10_000_000], "f32", [1]);
  const { found } = await onThreads([b.cumsum(x.node, { axis: 0, reverse: false })], [x]);
  expect(found[0].findIndex((v, i) => v !== i + 1)).toBe(-1);
});
