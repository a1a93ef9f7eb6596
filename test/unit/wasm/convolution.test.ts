import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setThreads } from "inkgrad";
import type { Backend } from "@src/backend/backend.js";
import { backend } from "@src/backend/registry.js";
import { positions } from "@src/base/shape.js";
import { makeNode } from "@src/graph/builder.js";
import type { Node } from "@src/ops/op.js";
import { largest, requireClose } from "../../support/compare.js";
import { constant } from "../../support/elements.js";
import { seeded } from "../../support/random.js";
import { run, runReference } from "../../support/run.js";
import { minimalFiltering, toleranceOf } from "../../support/tolerances.js";

const wasm = backend();
/** Without fused multiply-add: tiles are other ones. */
const unfused: Backend = {
  ...wasm,
  name: "wasm, unfused",
  load: (program, options) => wasm.load(program, { ...options, deterministic: true }),
};
const threads = wasm.threads!;
const usual = threads.threshold;
beforeAll(async () => {
  threads.threshold = 0;
  setThreads(2);
  expect(await threads.ready()).toBe(2);
});
afterAll(() => {
  threads.threshold = usual;
});

/** A convolution: x [n, ...spatial, c], window, features; what is not said is plain. */
interface Case {
  readonly x: readonly number[];
  readonly window: readonly number[];
  readonly features: number;
  readonly strides?: readonly number[];
  readonly padding?: readonly (readonly [number, number])[];
  readonly dilation?: readonly number[];
  readonly groups?: number;
}

type Type = "f32" | "f64";
const operations = ["conv", "convInput", "convKernel"] as const;

/** Numbers of a kind: whole ones, whose sums are exact in any order, or any. */
type Kind = "whole" | "any" | "magnitudes";
const kinds: { readonly [K in Kind]: (uniform: number) => number } = {
  whole: (uniform) => Math.floor(9 * uniform) - 4,
  any: (uniform) => Math.fround(2 * uniform - 1),
  magnitudes: (uniform) => Math.abs(Math.fround(2 * uniform - 1)),
};

/** The three operations of a case. */
function nodesOf(given: Case, dtype: Type, kind: Kind): Node[] {
  const { x, window, features, groups = 1 } = given;
  const spatial = x.slice(1, -1);
  const attrs = {
    strides: given.strides ?? spatial.map(() => 1),
    padding: given.padding ?? spatial.map(() => [0, 0] as const),
    dilation: given.dilation ?? spatial.map(() => 1),
    groups,
  };
  const out = spatial.map((size, i) =>
    positions(size, window[i], attrs.strides[i], attrs.dilation[i], attrs.padding[i]),
  );
  const next = seeded(JSON.stringify(given));
  const random = (...shape: readonly number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return constant(
      Array.from({ length: size }, () => kinds[kind](next())),
      shape,
      dtype,
    );
  };
  const image = random(...x);
  const kernel = random(...window, x.at(-1)! / groups, features);
  const cotangent = random(x[0], ...out, features);
  return [
    makeNode("conv", [image, kernel], attrs),
    makeNode("convInput", [cotangent, kernel], { ...attrs, spatial }),
    makeNode("convKernel", [image, cotangent], { ...attrs, window }),
  ];
}

const both = ["f32", "f64"] as const;

/** All three operations, exactly. */
async function check(given: Case, types: readonly Type[] = both): Promise<void> {
  const expected = runReference(nodesOf(given, "f64", "whole"));
  for (const dtype of types) {
    const got = await run(dtype === "f32" ? wasm : unfused, nodesOf(given, dtype, "whole"));
    operations.forEach((name, i) => {
      const what = `${name} ${dtype} ${JSON.stringify(given)}`;
      requireClose(expected[i], got[i], { dtype, ulps: 0, signedZeros: false }, what);
    });
  }
}

/** All three operations on any numbers, within the tolerance of sums. */
async function checkRounding(given: Case): Promise<void> {
  const expected = runReference(nodesOf(given, "f64", "any"));
  const scales = runReference(nodesOf(given, "f64", "magnitudes"));
  for (const dtype of both) {
    const got = await run(unfused, nodesOf(given, dtype, "any"));
    operations.forEach((name, i) => {
      const closeness = { dtype, ulps: toleranceOf(name)[dtype], scale: scales[i] };
      requireClose(expected[i], got[i], closeness, `${name} ${dtype} ${JSON.stringify(given)}`);
    });
  }
}

const upTo67 = Array.from({ length: 67 }, (_, i) => i + 1);

describe("each dimension from 1 to 67", () => {
  it("images", async () => {
    for (const n of upTo67) await check({ x: [n, 2, 3, 2], window: [2, 2], features: 3 });
  });
  it("lines", async () => {
    for (const h of upTo67)
      await check({ x: [2, h, 4, 2], window: [1 + (h > 1 ? 1 : 0), 3], features: 3 });
  });
  it("columns", async () => {
    for (const w of upTo67)
      await check({ x: [1, 3, w, 3], window: [2, Math.min(w, 2)], features: 9 });
    for (const w of upTo67) await check({ x: [1, 2, w, 1], window: [1, 1], features: 4 });
  });
  it("channels", async () => {
    for (const c of upTo67)
      for (const features of [1, 7, 64])
        await check(
          { x: [1, 3, 4, c], window: [2, 2], features },
          features === 64 ? ["f32"] : undefined,
        );
  });
  it("features", async () => {
    for (const features of upTo67)
      for (const c of [1, 7, 64])
        await check({ x: [1, 3, 4, c], window: [2, 2], features }, c === 64 ? ["f32"] : undefined);
  });
  it("window, along one axis and along two", async () => {
    for (const size of upTo67) {
      await check({ x: [2, 67, 2], window: [size], features: 3 });
      await check({ x: [1, 2, 68, 2], window: [1, size], features: 2 }, ["f32"]);
    }
    for (const size of [1, 2, 3, 5, 7])
      await check({ x: [1, 8, 9, 3], window: [size, size], features: 5 });
  });
  it("length along one axis", async () => {
    for (const size of upTo67)
      await check({ x: [1, size, 3], window: [3], features: 5, padding: [[1, 1]] });
  });
});

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
          await check({
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
    await check({
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
    await check(
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
  await check({
    x: [2, 20, 8],
    window: [11],
    features: 8,
    groups: 8,
    strides: [2],
    padding: [[5, 5]],
  });
});

it("regions of part of a line, many regions, deep and wide products", async () => {
  await check({ x: [1, 5000, 3], window: [5], features: 4, strides: [2], padding: [[2, 2]] });
  await check({
    x: [3, 41, 37, 5],
    window: [3, 3],
    features: 6,
    padding: [
      [1, 1],
      [1, 1],
    ],
  });
  await check({ x: [1, 3, 3, 700], window: [2, 2], features: 5 });
  await check({ x: [1, 4, 4, 130], window: [3, 3], features: 140 }, ["f32"]);
  await check({ x: [4, 12, 12, 16], window: [1, 1], features: 24, strides: [2, 2] });
  await check({ x: [1, 2, 2, 3], window: [1, 1], features: 3, strides: [5, 4] });
});

it("sums are rounded as little as sums may be", async () => {
  await checkRounding({ x: [2, 6, 5, 3], window: [3, 2], features: 4 });
  await checkRounding({ x: [1, 9, 4], window: [3], features: 4, groups: 4, strides: [2] });
  await checkRounding({ x: [1, 40, 8], window: [5], features: 2, padding: [[2, 2]] });
});

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
      const expected = runReference(nodesOf(given, "f64", "any"));
      for (const one of [wasm, unfused]) {
        const got = await run(one, nodesOf(given, "f32", "any"));
        operations.forEach((name, i) => {
          const scale = largest(expected[i]);
          const closeness = { dtype: "f32", ulps: minimalFiltering, scale } as const;
          requireClose(expected[i], got[i], closeness, `${name} ${JSON.stringify(given)}`);
        });
      }
    }
});

it("nothing to sum, and nothing to compute", async () => {
  for (const x of [
    [0, 4, 4, 2],
    [1, 0, 4, 2],
  ])
    await check({ x, window: [1, 1], features: 3 });
});

it("results have the same bits for 1 and 2 threads", async () => {
  const cases: Case[] = [
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
      for (const count of [1, 2]) {
        setThreads(count);
        await threads.ready();
        found.push(await run(wasm, nodesOf(given, dtype, "any")));
      }
      expect(found[1]).toEqual(found[0]);
    }
});
