import { expect } from "vitest";
import { tensor, type Tensor } from "inkgrad";

/** f64 numbers that differ from one another, in a fixed order for each seed. */
export function filled(shape: readonly number[], seed = 1): Tensor<number[], "f64"> {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Float64Array.from({ length: size }, (_, i) =>
    Math.sin(12.9898 * i + 78.233 * seed),
  );
  return tensor(values, { shape: [...shape] });
}

export const flat = (x: Tensor): number[] => x.reshape([-1]).toArray().map(Number);

/** Same shape, and the same elements but for rounding in f64. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance = 1e-11): void {
  expect(actual.shape).toEqual(expected.shape);
  const [a, e] = [flat(actual), flat(expected)];
  a.forEach((x, i) =>
    expect(Math.abs(x - e[i]), `element ${i}: ${x}, expected ${e[i]}`).toBeLessThanOrEqual(
      tolerance * (1 + Math.abs(e[i])),
    ),
  );
}

/** Σ x · y: what a linear map and its transpose must agree on. */
export const inner = (x: Tensor, y: Tensor): number => {
  expect(x.shape).toEqual(y.shape);
  const [a, c] = [flat(x), flat(y)];
  return a.reduce((total, v, i) => total + v * c[i], 0);
};
