import { type Tensor, tensor } from "inkgrad";
import { expect } from "vitest";

/** What the tests of this folder share. */

export const values = (x: Tensor): number[] => (x.toArray() as unknown[]).flat(9) as number[];
const flat = (x: Tensor): number[] => (x.rank === 0 ? [x.item() as number] : values(x));

/** Equal shapes, and elements equal to within `tolerance` relative to the largest. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance = 1e-12): void {
  expect(actual.shape).toEqual(expected.shape);
  const [a, e] = [flat(actual), flat(expected)];
  const scale = e.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1);
  // Once for all elements: an expectation is slow beside a comparison.
  const wrong = e.findIndex((x, i) =>
    Number.isFinite(x) ? !(Math.abs(a[i] - x) <= tolerance * scale) : !Object.is(a[i], x),
  );
  if (wrong >= 0)
    expect.fail(`element ${wrong} is ${a[wrong]}, expected ${e[wrong]} to within ${tolerance}`);
}

/** Random numbers that are the same each time. */
export function randomly(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
}

export const randomTensor = (shape: readonly number[], seed: number): Tensor => {
  const next = randomly(seed);
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float64Array.from({ length: size }, () => next()),
    { shape },
  );
};

/** Different numbers for every element, to make a scalar of a tensor with. */
export const weightsLike = (x: Tensor): Tensor =>
  tensor(
    Float64Array.from({ length: x.size }, (_, i) => Math.sin(i + 1)),
    { shape: x.shape },
  );
