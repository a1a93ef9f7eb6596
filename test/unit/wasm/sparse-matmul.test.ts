import { describe, expect, it } from "vitest";
import { IndexError } from "inkgrad";
import { builder as b } from "@src/graph/builder.js";
import type { Node } from "@src/ops/op.js";
import { type Argument, argument } from "../../support/evaluate-graph.js";
import { onThreads } from "../../support/on-threads.js";
import { seeded } from "../../support/random.js";

type Float = "f32" | "f64";

/** Rows of the given lengths over n columns, times an n×k matrix. */
function made(lengths: readonly number[], n: number, k: number, dtype: Float): Argument[] {
  const next = seeded(`sparse ${lengths.length} ${n} ${k}`);
  const starts = [0];
  for (const length of lengths) starts.push(starts.at(-1)! + length);
  const count = starts.at(-1)!;
  const list = (length: number): number[] => Array.from({ length }, () => next() - 0.5);
  return [
    argument([starts.length], "i32", starts),
    argument(
      [count],
      "i32",
      Array.from({ length: Math.max(count, 1) }, () => Math.floor(next() * n)),
    ),
    argument([count], dtype, list(Math.max(count, 1))),
    argument([n, k], dtype, list(n * k)),
  ];
}

const product = ([starts, indices, values, w]: readonly Argument[]): Node =>
  b.sparseMatmul(starts.node, indices.node, values.node, w.node);

const even = Array.from({ length: 300 }, (_, i) => i % 23);
/** Many rows without values, and one as long as several pieces. */
const uneven = [0, 0, 30_000, ...Array<number>(9000).fill(0), 5, 0, 1, 0, 0];

for (const dtype of ["f32", "f64"] as const)
  describe(`a product of sparse rows in ${dtype}`, () => {
    it.each([1, 2, 3, 4, 5, 6, 7, 10, 11, 31, 32, 34, 64, 67, 201])(
      "with %i columns gives the reference's elements, whatever the number of threads",
      async (k) => {
        await expectNear(made(even, 70, k, dtype), dtype, 30);
      },
    );

    it("has as many columns as memory allows", async () => {
      await expectNear(made([1, 0, 2], 2, 500_001, dtype), dtype, 10);
    });

    it("has rows of any length", async () => {
      await expectNear(made(uneven, 50, 3, dtype), dtype, 3000);
      await expectNear(made([7], 9, 10, dtype), dtype, 30);
      await expectNear(made(Array<number>(20_000).fill(0), 4, 2, dtype), dtype, 0);
    });
  });

/** Within so many ulp of 1, of sums whose terms are below 1/4. */
async function expectNear(args: readonly Argument[], dtype: Float, ulps: number): Promise<void> {
  const { found, expected } = await onThreads([product(args)], args);
  const unit = dtype === "f32" ? 2 ** -23 : 2 ** -52;
  let worst = 0;
  found[0].forEach((x, i) => {
    worst = Math.max(worst, Math.abs(Number(x) - Number(expected[0][i])));
  });
  expect(worst).toBeLessThanOrEqual(ulps * unit);
  if (ulps > 0) expect(found[0].some((x) => x !== 0)).toBe(true);
}

describe("what is wrong is found before anything is read by it", () => {
  const rows = Array.from({ length: 5000 }, (_, i) => i % 9);
  it.each([
    [0, -1],
    [10_000, 60],
    [19_989, 2_147_483_647],
    [12_345, -2_147_483_648],
  ])("index %i being %i", async (at, index) => {
    const args = made(rows, 60, 10, "f32");
    args[1].value[at] = index;
    await expect(onThreads([product(args)], args)).rejects.toThrow(
      new IndexError(
        `sparseMatmul: index ${index} is out of range for axis 0 of shape [60, 10], which has positions 0 to 59`,
      ),
    );
  });

  it.each([
    [0, 1, 0],
    [5000, 19_000, 5000],
    [2500, -4, 2499],
    [2500, 1_000_000_000, 2499],
    [4999, 3, 4998],
  ])("start %i being %i", async (at, start, row) => {
    const args = made(rows, 60, 10, "f32");
    args[0].value[at] = start;
    const run = onThreads([product(args)], args);
    await expect(run).rejects.toThrow(IndexError);
    await expect(run).rejects.toThrow(
      `starts must ascend from 0 to the number of values, ${args[1].value.length}, and do not at row ${row}`,
    );
  });

  it("and does no harm to what runs afterwards", async () => {
    const [good, bad] = [made(rows, 60, 10, "f32"), made(rows, 60, 10, "f32")];
    bad[1].value[17] = 1e9;
    for (let i = 0; i < 20; i++) {
      await expect(onThreads([product(bad)], bad)).rejects.toThrow("index 1000000000 is");
      await expectNear(good, "f32", 30);
    }
  });
});
