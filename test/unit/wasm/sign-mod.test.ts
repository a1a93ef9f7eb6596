import { describe, expect, it } from "vitest";
import { compile, grad, inspect, type Tensor, tensor } from "inkgrad";
import { roundTo } from "@src/base/rounding.js";
import { scalars } from "@src/ops/scalar.js";
import { seeded } from "../../support/random.js";

type Numeric = "f32" | "f64" | "i32" | "u32" | "u8";

const common = [0, 0.1, 0.5, 1, 2.5, 3, 7, 1e10, 1e30, Infinity, NaN];
/** Zeros, subnormals, the least and greatest numbers, and quotients that need many steps. */
const hard = {
  f32: [...common, 2 ** -149, 3e-45, 2 ** -126, 2 ** 127, 3.4028234663852886e38],
  f64: [...common, 2 ** -1074, 3e-323, 2 ** -1022, 1e-300, 2 ** 999, 1e300, Number.MAX_VALUE],
};

const vector = (values: readonly number[], dtype: Numeric): Tensor =>
  tensor([...values], { dtype: dtype as "f32" });

/** What a program gives, and what `ops/scalar.ts` says. */
function both(fn: "sign" | "mod", dtype: Numeric, ...args: number[][]): [number[], number[]] {
  const f = (x: Tensor, y?: Tensor): Tensor => (fn === "sign" ? x.sign() : x.mod(y as never));
  const inputs = args.map((values) => vector(values, dtype));
  const found = (compile(f as never) as unknown as typeof f)(inputs[0], inputs[1]);
  const stored = inputs.map((x) => x.toArray() as unknown as number[]);
  const exact = scalars[fn]({ input: dtype, output: dtype });
  const expected = stored[0].map((_, i) =>
    roundTo(dtype, exact(...stored.map((values) => values[i]))),
  );
  return [found.toArray() as never, expected];
}

/** Numbers of any exponent. */
function anyNumbers(count: number, dtype: "f32" | "f64", seed: string): number[] {
  const next = seeded(seed);
  const reach = dtype === "f32" ? 140 : 1050;
  return Array.from({ length: count }, () => {
    const size = 2 ** Math.round((next() - 0.5) * 2 * reach);
    return (next() - 0.5) * size;
  });
}

describe.each(["f32", "f64"] as const)("%s", (dtype) => {
  const values = hard[dtype].flatMap((x) => [x, -x]);

  it("has signs, of zeros and of NaN too", () => {
    const [found, expected] = both("sign", dtype, values);
    expect(found).toEqual(expected);
    expect(found.some((x) => Object.is(x, -0))).toBe(true);
  });

  it("has the exact remainders of hard numbers", () => {
    const pairs = values.flatMap((a) => values.map((b) => [a, b] as const));
    const [found, expected] = both("mod", dtype, ...[0, 1].map((i) => pairs.map((p) => p[i])));
    expect(found).toEqual(expected);
  });

  it("has the exact remainders of any numbers, and of near ones", () => {
    const [a, b] = [anyNumbers(20_000, dtype, "a"), anyNumbers(20_000, dtype, "b")];
    const [found, expected] = both("mod", dtype, a, b);
    expect(found).toEqual(expected);
    const some = b.map((x, i) => (i % 2 === 0 ? x * 37 : x * (1 + 3 * a[i])));
    const [near, wanted] = both("mod", dtype, some, b);
    expect(near).toEqual(wanted);
  });
});

it.each(["i32", "u32", "u8"] as const)("%s: the signs of whole numbers", (dtype) => {
  const values = { i32: [0, 1, -1, 77, -(2 ** 31)], u32: [0, 1, 2 ** 32 - 1], u8: [0, 1, 255] };
  const [found, expected] = both("sign", dtype, values[dtype]);
  expect(found).toEqual(expected);
});

it("the derivative of |x| is one loop, on all threads", () => {
  const slope = grad(((x: Tensor) => x.abs().mul(x).sum()) as never) as never;
  const { kernels } = inspect(slope as (x: Tensor) => Tensor, vector([1, -2, 3], "f32"));
  expect(kernels.map(({ name }) => name)).toEqual(["loop 3"]);
});
