import { describe, expect, it } from "vitest";
import { IndexError } from "inkgrad";
import { type DType, dtypes } from "@src/base/dtype.js";
import { sizeOf } from "@src/base/shape.js";
import { builder as b } from "@src/graph/builder.js";
import { type Argument, argument } from "../../support/evaluate-graph.js";
import { expectReference, onThreads } from "../../support/on-threads.js";
import { seeded } from "../../support/random.js";

const cases: readonly [shape: number[], axis: number, index: number[]][] = [
  [[1280], 0, [128]],
  [[300, 65], 0, [40, 50]],
  [[101, 130], 0, [500]],
  [[100, 300], 0, [41]],
  [[30_000], 0, [20_000]],
  [[90, 100], 1, [70]],
  [[7, 50, 9], 1, [401]],
  [[3, 20, 201], 1, [30]],
  [[3, 4001], 0, []],
  [[50, 1, 3], 1, [30]],
  [[20_000], 0, [0]],
];

/** Positions with many that come twice, and whole numbers small enough that sums of them are exact. */
function args([shape, axis, indexShape]: (typeof cases)[number], dtype: DType): Argument[] {
  const next = seeded(`scatter ${shape.join()}`);
  const numbers = (): number[] => Array.from({ length: 5003 }, () => Math.floor(next() * 100));
  const updates = [...shape.slice(0, axis), ...indexShape, ...shape.slice(axis + 1)];
  const positions = Array.from({ length: sizeOf(indexShape) }, () =>
    Math.floor(next() * shape[axis]),
  );
  return [
    argument(shape, dtype, numbers()),
    argument(indexShape, "i32", positions),
    argument(updates, dtype, numbers()),
  ];
}

for (const mode of ["set", "add"] as const)
  for (const dtype of dtypes) {
    if (mode === "add" && ["bool", "f16", "bf16"].includes(dtype)) continue;
    describe(`scatter ${mode} of ${dtype} gives the reference's elements`, () => {
      for (const one of cases) {
        const [shape, axis, index] = one;
        it(`for ${index.join("×") || "one"} of axis ${axis} of ${shape.join("×")}`, async () => {
          const [x, at, updates] = args(one, dtype);
          const result = b.scatter(x.node, at.node, updates.node, { axis, mode });
          await expectReference([result], [x, at, updates]);
        });
      }
    });
  }

it("sums that round are near the reference's, which adds in f64", async () => {
  const next = seeded("updates");
  const random = (n: number): number[] => Array.from({ length: n }, () => next() - 0.5);
  const x = argument([50, 70], "f32", random(3500));
  const index = argument(
    [400],
    "i32",
    random(400).map((v) => Math.floor((v + 0.5) * 50)),
  );
  const updates = argument([400, 70], "f32", random(28_000));
  const result = b.scatter(x.node, index.node, updates.node, { axis: 0, mode: "add" });
  const { found, expected } = await onThreads([result], [x, index, updates]);
  found[0].forEach((v, i) => {
    expect(Math.abs(v - expected[0][i])).toBeLessThan(1e-5);
  });
});

it("an index outside the axis is an IndexError", async () => {
  const x = argument([9, 70], "f32", [1]);
  const index = argument([3], "i32", [0, 9, 1]);
  const updates = argument([3, 70], "f32", [2]);
  for (const mode of ["set", "add"] as const)
    await expect(
      onThreads(
        [b.scatter(x.node, index.node, updates.node, { axis: 0, mode })],
        [x, index, updates],
      ),
    ).rejects.toThrow(
      new IndexError(
        "scatter: index 9 is out of range for axis 0 of shape [9, 70], which has positions 0 to 8",
      ),
    );
});
