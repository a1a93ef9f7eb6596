import { expect, it } from "vitest";
import { backend } from "@src/backend/registry.js";
import { positions } from "@src/base/shape.js";
import { makeNode } from "@src/graph/builder.js";
import { constant } from "../../support/elements.js";
import { run, runReference } from "../../support/run.js";

/** Whole numbers: their sums are exact. */
async function check(
  shape: readonly number[],
  axes: readonly number[],
  size: readonly number[],
  strides: readonly number[],
  dilation: readonly number[],
): Promise<void> {
  const spatial = axes.map((axis) => shape[axis]);
  const counts = spatial.map((n, i) => positions(n, size[i], strides[i], dilation[i]));
  if (counts.some((count) => count < 1)) return;
  const wide = [...shape, ...size];
  axes.forEach((axis, i) => (wide[axis] = counts[i]));
  const values = Array.from(
    { length: wide.reduce((a, b) => a * b, 1) },
    (_, i) => ((i * 7) % 13) - 6,
  );
  const nodes = (["f32", "i32"] as const).map((dtype) =>
    makeNode("fold", [constant(values, wide, dtype)], { axes, strides, dilation, spatial }),
  );
  const what = JSON.stringify({ shape, axes, size, strides, dilation });
  const positive = (x: number): number => x + 0;
  const [found, expected] = [await run(backend(), nodes), runReference(nodes)];
  expect(
    found.map((list) => list.map(positive)),
    what,
  ).toEqual(expected.map((list) => list.map(positive)));
}

it("fold is right for every stride and dilation along one axis", async () => {
  for (const n of [1, 2, 3, 5, 8, 13])
    for (const size of [1, 2, 3, 5])
      for (const stride of [1, 2, 3, 6])
        for (const dilation of [1, 2, 3]) {
          await check([n, 3], [0], [size], [stride], [dilation]);
          await check([2, n], [1], [size], [stride], [dilation]);
        }
});

it("fold is right along two axes, in any order", async () => {
  for (const size of [1, 2, 3])
    for (const stride of [1, 2, 3])
      for (const channels of [1, 4, 7]) {
        await check([2, 7, 8, channels], [1, 2], [size, 2], [stride, 2], [1, 1]);
        await check([2, 7, 8, channels], [2, 1], [2, size], [1, stride], [1, 2]);
      }
});

it("folds of many different parts are the host's", async () => {
  await check([60, 2], [0], [40], [7], [1]);
  await check([500], [0], [200], [50], [1]);
});
