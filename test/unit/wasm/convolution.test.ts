import { expect, it } from "vitest";
import { setThreads } from "inkgrad";
import { backendNamed } from "@src/backend/registry.js";
import {
  checkConvolution,
  checkConvolutionRounding,
  type ConvolutionCase,
  convolutionNodes,
  convolutions,
  reportOf,
  upTo67,
} from "../../support/convolutions.js";
import { onTwoThreads } from "../../support/two-threads.js";
import { seeded } from "../../support/random.js";
import { run } from "../../support/run.js";

const wasm = backendNamed("wasm");
const threads = wasm.threads!;
onTwoThreads();

it("every stride, dilation, padding and grouping", async () => {
  for (const stride of [1, 2, 3])
    for (const dilation of [1, 2, 3])
      for (const padding of [
        [0, 0],
        [1, 1],
        [2, 0],
        [0, 3],
        [5, 5],
      ] as const)
        for (const [channels, features, groups] of [
          [4, 6, 1],
          [4, 6, 2],
          [10, 10, 10],
          [5, 10, 5],
        ])
          await checkConvolution({
            x: [2, 9, 8, channels],
            window: [3, 2],
            features,
            groups,
            strides: [stride, 1 + (stride % 3)],
            dilation: [dilation, 1 + (dilation % 3)],
            padding: [padding, [padding[1], padding[0]]],
          });
});

it("500 random geometries", async () => {
  const next = seeded("geometries of convolutions");
  const from1 = (most: number): number => 1 + Math.floor(next() * most);
  for (let i = 0; i < 500; i++) {
    const axes = Array.from({ length: from1(2) }, () => ({
      window: from1(3),
      stride: from1(2),
      gap: from1(2),
      low: from1(2) - 1,
      high: from1(2) - 1,
    }));
    const groups = from1(2);
    const spatial = axes.map(({ window, gap }) => (window - 1) * gap + from1(12));
    await checkConvolution({
      x: [from1(3), ...spatial, groups * from1(18)],
      window: axes.map(({ window }) => window),
      features: groups * from1(18),
      strides: axes.map(({ stride }) => stride),
      dilation: axes.map(({ gap }) => gap),
      padding: axes.map(({ low, high }) => [low, high] as const),
      groups,
    });
  }
}, 60_000);

it("channels by themselves, one feature each", async () => {
  for (const c of upTo67)
    await checkConvolution(
      {
        x: [1, 4, 5, c],
        window: [3, 3],
        features: c,
        groups: c,
        padding: [
          [1, 1],
          [1, 1],
        ],
      },
      [c % 2 ? "f32" : "f64"],
    );
  await checkConvolution({
    x: [2, 20, 8],
    window: [11],
    features: 8,
    groups: 8,
    strides: [2],
    padding: [[5, 5]],
  });
});

it("regions of part of a line, many regions, deep and wide products", async () => {
  await checkConvolution({
    x: [1, 5000, 3],
    window: [5],
    features: 4,
    strides: [2],
    padding: [[2, 2]],
  });
  await checkConvolution({
    x: [3, 41, 37, 5],
    window: [3, 3],
    features: 6,
    padding: [
      [1, 1],
      [1, 1],
    ],
  });
  await checkConvolution({ x: [1, 3, 3, 700], window: [2, 2], features: 5 });
  await checkConvolution({ x: [1, 4, 4, 130], window: [3, 3], features: 140 }, ["f32"]);
  await checkConvolution({ x: [4, 12, 12, 16], window: [1, 1], features: 24, strides: [2, 2] });
  await checkConvolution({ x: [1, 2, 2, 3], window: [1, 1], features: 3, strides: [5, 4] });
});

it("sums are rounded as little as sums may be", async () => {
  await checkConvolutionRounding({ x: [2, 6, 5, 3], window: [3, 2], features: 4 });
  await checkConvolutionRounding({
    x: [1, 9, 4],
    window: [3],
    features: 4,
    groups: 4,
    strides: [2],
  });
  await checkConvolutionRounding({ x: [1, 40, 8], window: [5], features: 2, padding: [[2, 2]] });
});

it("nothing to sum, and nothing to compute", async () => {
  for (const x of [
    [0, 4, 4, 2],
    [1, 0, 4, 2],
  ])
    await checkConvolution({ x, window: [1, 1], features: 3 });
});

it("results have the same bits for 1, 2 and 4 threads", async () => {
  const cases: ConvolutionCase[] = [
    {
      x: [5, 17, 19, 8],
      window: [3, 3],
      features: 20,
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
    { x: [7, 17, 19, 16], window: [3, 3], features: 24 },
    { x: [3, 300, 6], window: [5], features: 9, strides: [2], padding: [[2, 2]] },
    {
      x: [4, 12, 12, 24],
      window: [3, 3],
      features: 24,
      groups: 24,
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  ];
  for (const given of cases)
    for (const dtype of ["f32", "f64"] as const) {
      const found: number[][][] = [];
      for (const count of [1, 2, 4]) {
        setThreads(count);
        expect(await threads.ready()).toBe(count);
        found.push(await run(wasm, convolutionNodes(given, dtype, "any")));
      }
      expect(found[1]).toEqual(found[0]);
      expect(found[2]).toEqual(found[0]);
    }
});

it.each([3, 5])("never lays out all windows of a batch, %d places wide", (window) => {
  const given = { x: [64, 26, 26, 32], window: [window, window], features: 64 };
  const places = 26 - window + 1;
  const matrix = 4 * 64 * places ** 2 * window ** 2 * 32;
  const results = [64 * places ** 2 * 64, 64 * 26 ** 2 * 32, window ** 2 * 32 * 64];
  convolutionNodes(given, "f32", "zeros").forEach((node, i) => {
    const working = reportOf(node).arenaBytes - 4 * results[i];
    expect(working, convolutions[i]).toBeGreaterThanOrEqual(0);
    // Slices of sums for the kernel; for the others, less than what two images would take.
    expect(working, convolutions[i]).toBeLessThan(matrix / (i === 2 ? 10 : 40));
  });
});
