import { expect, it } from "vitest";
import { conv2d, setDeterministic, setWideVectors, type Tensor, tensor, vjp } from "inkgrad";
import { loadOptions } from "@src/backend/registry.js";

/** 256-bit vectors. */

const wave = (n: number): Tensor => tensor(Float32Array.from({ length: n }, (_, i) => Math.sin(i)));

const major = Number(process.versions.node.split(".")[0]);
/** V8 can make 256-bit instructions of pairs of vectors from Node 24 on, behind a flag. */
const missing = `not in Node ${process.versions.node}: see "npm run test:wide"`;

it("are off by default, and stay off where the engine has none", (ctx) => {
  expect(loadOptions().wide).toBe(false);
  if (major >= 24) ctx.skip("this engine may have them");
  expect(setWideVectors(true)).toBe(false);
  expect(loadOptions().wide).toBe(false);
});

it("are used when they are asked for, where the engine has them", (ctx) => {
  if (major < 24) ctx.skip(missing);
  expect(setWideVectors(true)).toBe(true);
  expect(loadOptions().wide).toBe(true);
  expect(setWideVectors(false)).toBe(false);
  expect(loadOptions().wide).toBe(false);
});

it("give the bits of narrow ones", (ctx) => {
  if (major < 24) ctx.skip(missing);
  const [x, y] = [wave(130 * 70).reshape([130, 70]), wave(70 * 90).reshape([70, 90])];
  const product = (): unknown => x.matmul(y).add(0).toArray();
  setDeterministic(true);
  const narrow = product();
  setWideVectors(true);
  const again = product();
  expect(setWideVectors(false)).toBe(false);
  setDeterministic(false);
  expect(again).toEqual(narrow);
});

type Pull = (f: unknown, ...args: Tensor[]) => readonly [Tensor, (g: Tensor) => Tensor[]];

it("give the bits of narrow ones in convolutions and their gradients", (ctx) => {
  if (major < 24) ctx.skip(missing);
  // Direct sums with whole and partial panels, groups, and 3×3 windows by minimal filtering.
  const cases = [
    { size: 9, channels: 3, features: 32, window: 3, groups: 1, stride: 1 },
    { size: 11, channels: 6, features: 42, window: 2, groups: 1, stride: 2 },
    { size: 8, channels: 8, features: 20, window: 3, groups: 2, stride: 1 },
    { size: 14, channels: 16, features: 48, window: 3, groups: 1, stride: 1 },
  ];
  const wave4 = (...shape: number[]): Tensor => wave(shape.reduce((a, b) => a * b)).reshape(shape);
  const all = (): unknown[] =>
    cases.map(({ size, channels, features, window, groups, stride }) => {
      const x = wave4(8, size, size, channels);
      const k = wave4(window, window, channels / groups, features);
      const f = (a: Tensor, b: Tensor): Tensor =>
        conv2d(a as never, b as never, { groups, stride });
      const y = f(x, k);
      const [, pull] = (vjp as unknown as Pull)(f, x, k);
      return [y, ...pull(wave4(...y.shape))].map((one) => one.add(0).toArray());
    });
  setDeterministic(true);
  const narrow = all();
  setWideVectors(true);
  const again = all();
  setWideVectors(false);
  setDeterministic(false);
  expect(again).toEqual(narrow);
});
