import {
  cholesky,
  cond,
  eigh,
  lu,
  matrixRank,
  pinv,
  qr,
  svd,
  type Tensor,
  tensor,
  trace,
  triangularSolve,
  vmap,
} from "inkgrad";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectClose, randomly, randomTensor, values } from "./support.js";

const eye = (n: number): Tensor =>
  tensor(
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
    { shape: [n, n] },
  );
const matrix = (rows: number[][]): Tensor => tensor(rows, { dtype: "f64" });
const timesTransposed = (x: Tensor): Tensor => x.matmul(x.transpose());
const columnsOf = (v: Tensor): number[][] => v.transpose().toArray() as number[][];

/** Awkward matrices: any sizes, entries of all magnitudes, zeros, equal rows. */
const awkward = (square = false): fc.Arbitrary<Tensor> =>
  fc
    .record({
      m: fc.integer({ min: 1, max: 7 }),
      n: fc.integer({ min: 1, max: 7 }),
      seed: fc.integer({ min: 1, max: 2 ** 31 }),
      style: fc.constantFrom("plain", "zeros", "rankOne", "graded", "whole", "tiny", "huge"),
    })
    .map(({ m, n: columns, seed, style }) => {
      const n = square ? m : columns;
      const next = randomly(seed);
      const data = Float64Array.from({ length: m * n }, (_, i) => {
        const x = next();
        const row = Math.floor(i / n);
        if (style === "zeros") return x > 0 ? x : 0;
        if (style === "rankOne") return (row + 1) * Math.cos(i % n);
        if (style === "graded") return x * 10 ** (-4 * (i % n));
        if (style === "whole") return Math.round(3 * x);
        return style === "tiny" ? x * 1e-200 : style === "huge" ? x * 1e200 : x;
      });
      return tensor(data, { shape: [m, n] });
    });
const check = (
  arbitrary: fc.Arbitrary<Tensor>,
  holds: (x: Tensor, close: (a: Tensor, b: Tensor) => void) => void,
): void =>
  fc.assert(
    fc.property(arbitrary, (x) => {
      const size = Math.max(...values(x).map(Math.abs)) || 1;
      // Compared at size 1, so that the tolerance is relative to the matrix.
      holds(x, (a, b) => expectClose(a.div(size), b.div(size), 1e-13));
    }),
    { numRuns: 80, seed: 7 },
  );

/** For what does not grow with the matrix. */
const orthonormal = (columns: Tensor): void =>
  expectClose(timesTransposed(columns.transpose()), eye(columns.shape[1]), 1e-13);

describe("factors multiply back to the matrix", () => {
  it("lu: a permutation, a unit lower and an upper triangle", () =>
    check(awkward(true), (x, close) => {
      const [order, lower, upper] = lu(x);
      const rows = x.toArray() as number[][];
      const permuted = matrix((order.toArray() as number[]).map((i) => rows[i]));
      close(lower.matmul(upper), permuted);
      expect(Math.max(...values(lower).map(Math.abs))).toBeLessThanOrEqual(1);
    }));

  it("qr: orthonormal columns and an upper triangle with a diagonal ≥ 0, wide matrices too", () =>
    check(awkward(), (x, close) => {
      const [q, r] = qr(x);
      close(q.matmul(r), x);
      orthonormal(q);
      (r.toArray() as number[][]).forEach((row, i) => {
        expect(row[i]).toBeGreaterThanOrEqual(0);
        expect(row.slice(0, i).every((y) => y === 0)).toBe(true);
      });
    }));

  it("svd: orthonormal vectors, values descending and ≥ 0, signs by the largest component", () =>
    check(awkward(), (x, close) => {
      const [u, s, vt] = svd(x);
      close(u.mul(s).matmul(vt), x);
      orthonormal(u);
      orthonormal(vt.transpose());
      const lengths = values(s);
      lengths.forEach((y, i) => expect(y).toBeGreaterThanOrEqual(lengths[i + 1] ?? 0));
      for (const column of columnsOf(u))
        expect(Math.max(...column)).toBeGreaterThanOrEqual(-Math.min(...column) * (1 - 1e-6));
    }));

  it("eigh: orthonormal vectors, values ascending, of the symmetric part", () =>
    check(awkward(true), (x, close) => {
      const [w, v] = eigh(x);
      close(v.mul(w).matmul(v.transpose()), x.div(2).add(x.transpose().div(2)));
      orthonormal(v);
      const roots = values(w);
      roots.forEach((y, i) => expect(y).toBeLessThanOrEqual(roots[i + 1] ?? Infinity));
    }));

  it("cholesky: a lower triangle with a positive diagonal", () =>
    check(awkward(true), (x) => {
      const size = Math.max(...values(x).map(Math.abs)) || 1;
      const definite = timesTransposed(x.div(size)).add(eye(x.shape[0]));
      const lower = cholesky(definite);
      expectClose(timesTransposed(lower), definite, 1e-13);
    }));

  it("svd of large tall and wide matrices, without full rank too", () => {
    const tall = randomTensor([60, 12], 4);
    for (const x of [
      tall,
      tall.transpose(),
      tall.mul(tensor([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0])),
    ]) {
      const [u, s, vt] = svd(x);
      expectClose(u.mul(s).matmul(vt), x, 1e-13);
      orthonormal(u);
      orthonormal(vt.transpose());
    }
  });

  it("at size 100 to thirteen digits", () => {
    const x = randomTensor([100, 100], 3);
    const [u, s, vt] = svd(x);
    expectClose(u.mul(s).matmul(vt), x, 1e-13);
    expectClose(timesTransposed(vt), eye(100), 1e-13);
    const symmetric = x.add(x.transpose());
    const [w, v] = eigh(symmetric);
    expectClose(v.mul(w).matmul(v.transpose()), symmetric, 1e-13);
    const [q, r] = qr(x);
    expectClose(q.matmul(r), x, 1e-13);
    // The same numbers by another way.
    const squares = eigh(x.matmul(x.transpose()))[0].flip().toArray() as number[];
    values(s).forEach((y, i) =>
      expect(Math.abs(y * y - squares[i])).toBeLessThan(1e-12 * squares[0]),
    );
  });
});

describe("matrices that are hard", () => {
  it("svd and eigh of Hilbert, Wilkinson, Kahan and all-equal matrices converge", () => {
    const build = (n: number, f: (i: number, j: number) => number): Tensor =>
      matrix(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => f(i, j))));
    const hard = [
      build(12, (i, j) => 1 / (i + j + 1)),
      build(21, (i, j) => (i === j ? Math.abs(i - 10) : Math.abs(i - j) === 1 ? 1 : 0)),
      build(20, (i, j) => (i === j ? 0.285 ** i : i < j ? -0.958 * 0.285 ** i : 0)),
      build(9, () => 1),
      build(9, () => 0),
      build(3, (i, j) => (j === 0 ? 1 : j === 1 && i === 0 ? 1e-310 : 0)),
      build(6, (i, j) => (i === j ? 10 ** (-60 * i) : 10 ** (-60 * Math.max(i, j) - 3))),
    ];
    for (const x of hard) {
      const [u, s, vt] = svd(x);
      expectClose(u.mul(s).matmul(vt), x, 1e-13);
      expectClose(timesTransposed(u), eye(x.shape[0]), 1e-13);
      const [w, v] = eigh(x);
      expectClose(v.mul(w).matmul(v.transpose()), x.add(x.transpose()).div(2), 1e-13);
    }
  });

  it("eigenvalues of the second-difference matrix are 4 sin²", () => {
    const n = 30;
    const x = matrix(
      Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (__, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
      ),
    );
    const expected = Float64Array.from(
      { length: n },
      (_, k) => 4 * Math.sin(((k + 1) * Math.PI) / (2 * (n + 1))) ** 2,
    );
    expectClose(eigh(x)[0], tensor(expected), 1e-14);
  });

  it("of two components of one magnitude the first is positive", () => {
    const [, v] = eigh(
      matrix([
        [2, 1],
        [1, 2],
      ]),
    );
    expect(columnsOf(v).map(([first]) => first > 0)).toEqual([true, true]);
  });
});

describe("batches, types and empty matrices", () => {
  const batch = randomTensor([2, 3, 3, 3], 5);
  const one = (i: number, j: number): Tensor =>
    tensor(Float64Array.from(values(batch).slice((i * 3 + j) * 9, (i * 3 + j + 1) * 9)), {
      shape: [3, 3],
    });

  it("each matrix of a batch has the factors that it has alone", () => {
    for (const f of [lu, qr, eigh, svd] as ((x: Tensor) => Tensor[])[])
      f(batch).forEach((whole, k) => {
        const alone = values(f(one(1, 2))[k]);
        expect(values(whole).slice(-alone.length)).toEqual(alone);
      });
  });

  it("vmap gives what the batch gives", () => {
    const map = vmap as unknown as (f: (x: Tensor) => unknown) => (x: Tensor) => Tensor[];
    for (const f of [lu, qr, eigh, svd] as unknown as ((x: Tensor) => Tensor[])[])
      map(f)(batch).forEach((y, k) => expect(y.toArray()).toEqual(f(batch)[k].toArray()));
    const lower = batch.add(4);
    const right = randomTensor([3, 2], 1);
    const solved = (vmap as unknown as (...args: unknown[]) => (...xs: Tensor[]) => Tensor)(
      (a: Tensor, y: Tensor) => triangularSolve(a as never, y),
      { inAxes: [0, null] },
    )(lower, right);
    expect(solved.toArray()).toEqual(triangularSolve(lower, right).toArray());
  });

  it("integers are computed in f32, f64 stays", () => {
    const [w] = eigh(
      tensor(
        [
          [2, 1],
          [1, 2],
        ],
        { dtype: "i32" },
      ),
    );
    expect(w.dtype).toBe("f32");
    expect(w.toArray()).toEqual([1, 3]);
    expect(svd(batch)[1].dtype).toBe("f64");
    expect(lu(batch)[0].dtype).toBe("i32");
  });

  it("empty matrices and empty batches have empty factors", () => {
    const none = tensor(new Float64Array(0), { shape: [0, 0] });
    expect(lu(none).map((x) => x.shape)).toEqual([[0], [0, 0], [0, 0]]);
    expect(eigh(none).map((x) => x.shape)).toEqual([[0], [0, 0]]);
    const flat = tensor(new Float64Array(0), { shape: [0, 3] });
    expect(svd(flat).map((x) => x.toArray())).toEqual([[], [], []]);
    expect(qr(flat).map((x) => x.shape)).toEqual([
      [0, 0],
      [0, 3],
    ]);
    expect(pinv(flat).toArray()).toEqual([[], [], []]);
    expect(matrixRank(flat).item()).toBe(0);
    const tall = tensor(new Float64Array(0), { shape: [3, 0] });
    expect(svd(tall).map((x) => x.shape)).toEqual([[3, 0], [0], [0, 0]]);
    const noBatch = tensor(new Float64Array(0), { shape: [0, 2, 2] });
    expect(cholesky(noBatch).toArray()).toEqual([]);
    expect(svd(noBatch)[1].shape).toEqual([0, 2]);
  });
});

describe("what singular values and diagonals tell", () => {
  it("rank counts singular values above rounding, or above rcond", () => {
    const x = matrix([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    expect(matrixRank(x).item()).toBe(2);
    expect(
      matrixRank(
        matrix([
          [1, 0],
          [0, 1e-3],
        ]),
      ).item(),
    ).toBe(2);
    expect(
      matrixRank(
        matrix([
          [1, 0],
          [0, 1e-3],
        ]),
        { rcond: 1e-2 },
      ).item(),
    ).toBe(1);
    expect(matrixRank(randomTensor([4, 3, 2], 2)).toArray()).toEqual([2, 2, 2, 2]);
  });

  it("cond is the ratio of the singular values, ∞ without full rank", () => {
    expect(
      cond(
        matrix([
          [3, 0],
          [0, -0.5],
        ]),
      ).item(),
    ).toBe(6);
    expect(
      cond(
        matrix([
          [1, 0],
          [0, 0],
        ]),
      ).item(),
    ).toBe(Infinity);
    expect(
      cond(
        matrix([
          [0, 0],
          [0, 0],
        ]),
      ).item(),
    ).toBe(Infinity);
  });

  it("trace sums the diagonal, of rectangles too", () => {
    expect(
      trace(
        tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ).item(),
    ).toBe(6);
    expect(
      trace(
        tensor(
          [
            [
              [1, 2],
              [3, 4],
            ],
            [
              [5, 6],
              [7, 8],
            ],
          ],
          { dtype: "i32" },
        ),
      ).toArray(),
    ).toEqual([5, 13]);
    expect(
      trace(
        tensor([
          [NaN, 0],
          [0, 1],
        ]),
      ).item(),
    ).toBeNaN();
    expect(trace(tensor(new Float64Array(0), { shape: [0, 2] })).item()).toBe(0);
  });
});
