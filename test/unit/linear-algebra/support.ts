import { readFileSync } from "node:fs";
import { type Tensor, tensor, vjp } from "inkgrad";
import { expect } from "vitest";

/** Golden values as tensors, and what the tests of this folder share. */

interface Written {
  readonly dtype: "f64" | "i32";
  readonly shape: number[];
  readonly data: (number | string)[];
}
export interface GoldenCase {
  readonly op?: string;
  readonly fn?: string;
  readonly attrs?: object;
  readonly src?: Written[];
  /** Tensors, then options if there are any. */
  readonly args?: (Written | object)[];
  readonly out: unknown;
  readonly cotangent: unknown;
  readonly gradients: (Written | null)[] | null;
}

export const isWritten = (value: object): value is Written => "shape" in value;

export const golden = (path: string): GoldenCase[] =>
  (
    JSON.parse(readFileSync(new URL(`../../golden/${path}`, import.meta.url), "utf8")) as {
      cases: GoldenCase[];
    }
  ).cases;

export const read = ({ dtype, shape, data }: Written): Tensor =>
  tensor(Float64Array.from(data, Number), { shape, dtype });

/** The tensors of an output that is one, a list, or an object of them. */
export const readAll = (written: unknown): Tensor[] =>
  written !== null && typeof written === "object" && "shape" in written
    ? [read(written as Written)]
    : Object.values(written as object).flatMap((part) => (part === null ? [] : readAll(part)));

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

/** The gradients of Σ cotangent · f(args) that one golden case expects. */
export function expectGradients(
  f: (...args: Tensor[]) => Tensor[],
  args: Tensor[],
  { cotangent, gradients }: GoldenCase,
): void {
  if (gradients === null) return;
  const weights = readAll(cotangent);
  const total = (...xs: Tensor[]): Tensor =>
    f(...xs)
      .filter((y) => y.dtype === "f64")
      .map((y, i) => y.mul(weights[i]).sum())
      .reduce((sum, part) => sum.add(part));
  const found = vjp(total, ...args)[1](tensor(1, { dtype: "f64" }));
  gradients.forEach((expected, i) => expected && expectClose(found[i], read(expected), 1e-9));
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
