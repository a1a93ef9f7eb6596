import { describe, expect, it } from "vitest";
import { IndexError } from "inkgrad";
import { dtypes } from "@src/base/dtype.js";
import { sizeOf } from "@src/base/shape.js";
import { builder as b } from "@src/graph/builder.js";
import { argument } from "../../support/evaluate-graph.js";
import { expectReference, onThreads } from "../../support/on-threads.js";
import { seeded } from "../../support/random.js";

const cases: readonly [shape: number[], axis: number, index: number[]][] = [
  [[150, 784], 0, [128]],
  [[300, 65], 0, [40, 50]],
  [[1000], 0, [20_000]],
  [[90, 100], 1, [70]],
  [[7, 50, 9], 1, [401]],
  [[3, 40_000], 0, [2]],
  [[3, 40_001], 0, []],
  [[2, 3, 9001], 1, [2]],
  [[50, 1, 3], 1, [30]],
];

/** Whole numbers below `n`, both ends among them. */
function positions(count: number, n: number): number[] {
  const next = seeded(`gather ${count} ${n}`);
  return Array.from({ length: count }, (_, i) => (i === 1 ? n - 1 : Math.floor(next() * n)));
}

for (const dtype of dtypes)
  describe(`gather of ${dtype} gives the reference's elements`, () => {
    for (const [shape, axis, indexShape] of cases)
      it(`for ${indexShape.join("×") || "one"} of axis ${axis} of ${shape.join("×")}`, async () => {
        const next = seeded("x");
        const x = argument(
          shape,
          dtype,
          Array.from({ length: 5003 }, () => next() * 250),
        );
        const index = argument(indexShape, "i32", positions(sizeOf(indexShape), shape[axis]));
        await expectReference([b.gather(x.node, index.node, { axis })], [x, index]);
      });
  });

describe("an index outside the axis", () => {
  const cases: readonly [at: number, value: number, length: number][] = [
    [0, -1, 1],
    [5, 100, 9],
    [8, 100, 9],
    [3, -2147483648, 100_000],
    [99_999, 2147483647, 100_000],
  ];
  for (const [at, value, length] of cases)
    it(`is an IndexError: ${value} at ${at} of ${length}`, async () => {
      const x = argument([100, 2], "f32", [1, 2, 3]);
      const index = argument([length], "i32", positions(length, 100));
      index.value[at] = value;
      const run = onThreads([b.gather(x.node, index.node, { axis: 0 })], [x, index]);
      await expect(run).rejects.toThrow(
        new IndexError(
          `gather: index ${value} is out of range for axis 0 of shape [100, 2], which has positions 0 to 99`,
        ),
      );
    });

  it("is found in an empty axis, and does no harm to what runs afterwards", async () => {
    const [empty, full] = [argument([0, 3], "f32", [1]), argument([1, 3], "f32", [1, 2, 3])];
    const index = argument([2], "i32", [0]);
    const gather = (x: typeof empty): Parameters<typeof onThreads> => [
      [b.gather(x.node, index.node, { axis: 0 })],
      [x, index],
    ];
    // Often, for the other thread may be anywhere when this one fails.
    for (let i = 0; i < 100; i++) {
      await expect(onThreads(...gather(empty))).rejects.toThrow("which is empty");
      await expectReference(...gather(full));
    }
  });

  it("of several, the first one is named", async () => {
    const x = argument([4], "i32", [1, 2, 3, 4]);
    const index = argument([6], "i32", [0, 1, 4, -7, 2, 9]);
    const run = onThreads([b.gather(x.node, index.node, { axis: 0 })], [x, index]);
    await expect(run).rejects.toThrow("index 4 is");
  });
});
