import { describe, expect, it } from "vitest";
import { compile, type DType, tensor, type Tensor } from "inkgrad";

/**
 * Rows of a few vectors are folded several at a time, their lanes beside each other: every length of a
 * row, every number of rows that is left over, and vectors of two and of four lanes.
 */

const lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 20, 31, 32, 33];
const rows = [1, 3, 4, 5, 6, 7, 33];

/** Whole numbers, so that sums are exact in any order; some greatest and least ones at each end. */
const numbers = (n: number): number[] =>
  Array.from({ length: n }, (_, i) => ((i * 7919) % 23) - 11 - (i % 5 === 0 ? 3 : 0));

type Fold = (row: readonly number[]) => number | boolean;
const folds: readonly (readonly [string, (x: Tensor) => Tensor, Fold])[] = [
  ["sum", (x) => x.sum(1), (row) => row.reduce((a, b) => a + b, 0)],
  ["max", (x) => x.max(1), (row) => Math.max(...row)],
  ["min", (x) => x.min(1), (row) => Math.min(...row)],
  [
    "sum of squares in f64",
    (x) => x.cast("f64").square().sum(1),
    (row) => row.reduce((a, b) => a + b * b, 0),
  ],
  ["any", (x) => x.greater(10).any(1), (row) => row.some((v) => v > 10)],
  ["all", (x) => x.less(11).all(1), (row) => row.every((v) => v < 11)],
  [
    "sum of a product with one row",
    (x) => {
      const [, n] = x.shape;
      const w = tensor(
        Array.from({ length: n }, (_, i) => 1 + (i % 3)),
        { dtype: x.dtype as "f32" },
      );
      return x.mul(w as never).sum(1);
    },
    (row) => row.reduce((sum, v, i) => sum + v * (1 + (i % 3)), 0),
  ],
];

describe.each(["f32", "f64", "i32"] as const)("rows of a few %s", (dtype: DType) => {
  it.each(folds)("%s", (_name, ours, theirs) => {
    const program = compile(ours);
    for (const n of lengths)
      for (const m of rows) {
        const values = numbers(m * n);
        const x = tensor(values, { shape: [m, n], dtype: dtype as "f32" });
        const expected = Array.from({ length: m }, (_, i) =>
          theirs(values.slice(i * n, (i + 1) * n)),
        );
        expect(program(x as never).toArray(), `${m} rows of ${n}`).toEqual(expected);
      }
  });
});

describe("rows of a few", () => {
  it("may lie apart, and within others", () => {
    const values = numbers(5 * 6 * 7);
    const x = tensor(values, { shape: [5, 6, 7] });
    const part = compile((x: Tensor) =>
      x
        .slice([
          [0, 5],
          [1, 6],
          [2, 6],
        ])
        .sum(2),
    )(x) as Tensor;
    const at = (i: number, j: number, k: number): number => values[(i * 6 + j) * 7 + k];
    const expected = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 5 }, (_, j) =>
        [2, 3, 4, 5].reduce((sum, k) => sum + at(i, j + 1, k), 0),
      ),
    );
    expect(part.toArray()).toEqual(expected);
  });

  it("have sums as exact as any: ones beside what cancels", () => {
    const x = tensor(
      Array.from({ length: 40 }, (_, i) => [2 ** 20, 1, -(2 ** 20), 1][i % 4]),
      { shape: [8, 5], dtype: "f64" },
    );
    const rows = x.toArray() as unknown as number[][];
    const expected = rows.map((row) => row.reduce((a, b) => a + b, 0));
    expect(compile((x: Tensor) => x.sum(1))(x as never).toArray()).toEqual(expected);
  });
});
