import { expect, it } from "vitest";
import { backendNamed } from "@src/backend/registry.js";
import {
  type ConvolutionCase,
  convolutionNodes,
  convolutions,
  reportOf,
  unfused,
} from "../../support/convolutions.js";
import { onTwoThreads } from "../../support/two-threads.js";
import { largest, requireClose } from "../../support/compare.js";
import type { Node } from "@src/ops/op.js";
import { run, runReference } from "../../support/run.js";
import { minimalFiltering } from "../../support/tolerances.js";

/** Convolutions of 3×3 windows by minimal filtering (Winograd's). */

const wasm = backendNamed("wasm");
onTwoThreads();

it("3×3 windows by minimal filtering, whatever is left of the last tiles", async () => {
  // The many images: so that the gradient to the kernel is filtered, too.
  for (const [images, high, wide, channels, features] of [
    [2, 8, 9, 16, 20],
    [2, 9, 8, 64, 64],
    [1, 11, 23, 28, 16],
    [1, 9, 190, 16, 16],
    [2, 12, 10, 64, 64],
    [33, 8, 9, 16, 20],
    [22, 9, 11, 20, 16],
  ])
    for (const pad of [0, 1, 2]) {
      const padding = [
        [pad, pad],
        [pad, 0],
      ] as const;
      const given = { x: [images, high, wide, channels], window: [3, 3], features, padding };
      const expected = runReference(convolutionNodes(given, "f64", "any"));
      for (const one of [wasm, unfused]) {
        const got = await run(one, convolutionNodes(given, "f32", "any"));
        convolutions.forEach((name, i) => {
          const scale = largest(expected[i]);
          const closeness = { dtype: "f32", ulps: minimalFiltering, scale } as const;
          requireClose(expected[i], got[i], closeness, `${name} ${JSON.stringify(given)}`);
        });
      }
      const filtered = convolutionNodes(given, "f32", "zeros").map(isFiltered);
      expect(filtered.slice(0, 2)).toEqual([true, true]);
      if (images > 20) expect(filtered[2]).toBe(true);
    }
});

/** Is this way taken? */
const isFiltered = (node: Node): boolean =>
  reportOf(node).kernels.some(({ name }) => /^(transform of|gradient of) kernel 3×3/.test(name));

it("other windows, strides, types and few or odd channels are summed directly", () => {
  const plain = { x: [33, 9, 9, 16], window: [3, 3], features: 16 };
  const others: ConvolutionCase[] = [
    { ...plain, x: [33, 9, 9, 12] },
    { ...plain, x: [33, 9, 9, 18] },
    { ...plain, features: 15 },
    { ...plain, x: [33, 7, 9, 16] },
    { ...plain, window: [2, 3] },
    { ...plain, strides: [1, 2] },
    { ...plain, dilation: [2, 1] },
    { ...plain, x: [33, 9, 9, 32], features: 32, groups: 2 },
  ];
  const taken = (given: ConvolutionCase, dtype: "f32" | "f64"): boolean[] =>
    convolutionNodes(given, dtype, "zeros").map(isFiltered);
  expect(taken(plain, "f32")).toEqual([true, true, true]);
  expect(taken(plain, "f64")).toEqual([false, false, false]);
  for (const other of others)
    expect(taken(other, "f32"), JSON.stringify(other)).toEqual([false, false, false]);
});

/** What docs/math-accuracy.md says: the largest errors found, relative to the largest result. */
it.each([
  { channels: 16, largest: 1.0e-6 },
  { channels: 64, largest: 1.3e-6 },
  { channels: 128, largest: 2.1e-6 },
])(
  "errs by no more than is recorded with $channels channels",
  async ({ channels, ...recorded }) => {
    const given = { x: [4, 16, 16, channels], window: [3, 3], features: channels };
    const [forward, toInput] = convolutionNodes(given, "f32", "any");
    const expected = runReference(convolutionNodes(given, "f64", "any").slice(0, 2));
    for (const on of [wasm, unfused]) {
      const got = await run(on, [forward, toInput]);
      expected.forEach((exact, i) => {
        const error = largest(got[i].map((x, j) => x - exact[j])) / largest(exact);
        expect(error, `${convolutions[i]} on ${on.name}`).toBeLessThan(1.1 * recorded.largest);
        // Far from it, other sizes should be recorded.
        expect(error).toBeGreaterThan(recorded.largest / 2);
      });
    }
  },
);
