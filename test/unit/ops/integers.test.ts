import { describe, expect, it } from "vitest";
import { type DType, rangeOf } from "@src/base/dtype.js";
import { builder as b } from "@src/graph/builder.js";
import type { Node } from "@src/ops/op.js";
import { constant } from "../../support/elements.js";
import { runReference } from "../../support/run.js";

/** Integer arithmetic is exact, and wraps: held against integers without end. */

const types = ["i32", "u32", "u8"] as const;
const bitsOf = { i32: 32, u32: 32, u8: 8 };
const wrap = (x: bigint, dtype: (typeof types)[number]): number =>
  Number(dtype === "i32" ? BigInt.asIntN(32, x) : BigInt.asUintN(bitsOf[dtype], x));

const floorMod = (x: bigint, y: bigint): bigint => ((x % y) + y) % y;

/** 0 for a negative exponent, but for 1 and −1: the fraction is dropped. */
const power = (x: bigint, y: bigint): bigint => {
  if (y >= 0n) return x === 0n || x === 1n ? (y === 0n ? 1n : x) : modularPower(x, y);
  return x === 1n ? 1n : x === -1n ? (y % 2n === 0n ? 1n : -1n) : 0n;
};
function modularPower(x: bigint, y: bigint): bigint {
  let [result, base] = [1n, x];
  for (let e = y; e > 0n; e >>= 1n, base = BigInt.asIntN(32, base * base))
    if (e & 1n) result = BigInt.asIntN(32, result * base);
  return result;
}

const shifted = (x: bigint, y: bigint, dtype: DType, left: boolean): bigint => {
  if (y < 0n || y > 31n) return left || x >= 0n || dtype !== "i32" ? 0n : -1n;
  return left ? x << y : x >> y;
};

const binary: Record<string, (x: bigint, y: bigint, dtype: DType) => bigint> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => (y === 0n ? 0n : x / y),
  mod: (x, y) => (y === 0n ? 0n : y > 0n ? floorMod(x, y) : -floorMod(-x, -y)),
  pow: power,
  maximum: (x, y) => (x > y ? x : y),
  minimum: (x, y) => (x < y ? x : y),
  bitwiseAnd: (x, y) => x & y,
  bitwiseOr: (x, y) => x | y,
  bitwiseXor: (x, y) => x ^ y,
  leftShift: (x, y, dtype) => shifted(x, y, dtype, true),
  rightShift: (x, y, dtype) => shifted(x, y, dtype, false),
};
const unary: Record<string, (x: bigint) => bigint> = {
  neg: (x) => -x,
  abs: (x) => (x < 0n ? -x : x),
  sign: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
  floor: (x) => x,
  ceil: (x) => x,
  round: (x) => x,
  bitwiseNot: (x) => ~x,
};
type AnyMethod = Record<string, (...src: Node[]) => Node>;

const hard = (dtype: DType): number[] => {
  const [min, max] = rangeOf(dtype);
  const all = [0, 1, 2, 3, 7, 8, 31, 32, 33, 200, 65537, 123456789, max - 1, max];
  return [...all, ...all.map((x) => -x), min, min + 1]
    .filter((x) => x >= min && x <= max)
    .map((x) => x + 0);
};

describe.each(types)("%s", (dtype) => {
  const values = hard(dtype);
  const pairs = values.flatMap((x) => values.map((y) => [x, y]));

  it.each(Object.keys(binary))("%s is exact, and wraps, for every pair of hard values", (name) => {
    const [xs, ys] = [0, 1].map((i) =>
      constant(
        pairs.map((p) => p[i]),
        [pairs.length],
        dtype,
      ),
    );
    const [got] = runReference([(b as unknown as AnyMethod)[name](xs, ys)]);
    pairs.forEach(([x, y], i) => {
      const want = wrap(binary[name](BigInt(x), BigInt(y), dtype), dtype);
      if (got[i] !== want) throw new Error(`${name}(${x}, ${y}) is ${got[i]}, not ${want}`);
    });
  });

  it.each(Object.keys(unary))("%s is exact, and wraps, for every hard value", (name) => {
    const [got] = runReference([
      (b as unknown as AnyMethod)[name](constant(values, [values.length], dtype)),
    ]);
    expect(got).toEqual(values.map((x) => wrap(unary[name](BigInt(x)), dtype)));
  });

  it("sums, products and matrix products wrap as if nothing had been lost on the way", () => {
    const x = values.slice(0, 8);
    const row = constant(x, [1, 8], dtype);
    const column = constant(x, [8, 1], dtype);
    const big = x.map(BigInt);
    const total = big.reduce((sum, v) => sum + v, 0n);
    const odd = values.filter((v) => v % 2 !== 0);
    const product = odd.reduce((all, v) => all * BigInt(v), 1n);
    const squares = big.reduce((sum, v) => sum + v * v, 0n);
    const line = constant(odd, [odd.length], dtype);
    const results = runReference([
      b.sum(row, { axes: [0, 1] }),
      b.prod(line, { axes: [0] }),
      b.cumprod(line, { axis: 0, reverse: false }),
      b.matmul(row, column),
    ]);
    expect(results.map((r) => r.at(-1))).toEqual(
      [total, product, product, squares].map((v) => wrap(v, dtype)),
    );
  });
});

describe("casts between integer types", () => {
  it.each(types.flatMap((from) => types.map((to) => [from, to] as const)))(
    "wrap from %s to %s",
    (from, to) => {
      const values = hard(from);
      const [got] = runReference([b.cast(constant(values, [values.length], from), { dtype: to })]);
      expect(got).toEqual(values.map((x) => wrap(BigInt(x), to)));
    },
  );

  it.each(types)("from floats drop the fraction and stop at the limits of %s", (to) => {
    const [min, max] = rangeOf(to);
    const values = [
      0.9,
      -0.9,
      2.5,
      1e20,
      -1e20,
      Infinity,
      -Infinity,
      NaN,
      max + 0.5,
      min - 0.5,
      -0,
    ];
    const wanted = [0, 0, 2, max, min, max, min, 0, max, min, 0];
    const [got] = runReference([b.cast(constant(values, [values.length], "f64"), { dtype: to })]);
    expect(got).toEqual(wanted);
  });
});
