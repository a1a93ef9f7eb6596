import {
  cholesky,
  determinant,
  eigh,
  grad,
  inverse,
  LinearAlgebraError,
  logDeterminant,
  lstsq,
  lu,
  pinv,
  qr,
  ShapeError,
  solve,
  svd,
  tensor,
  type Tensor,
  triangularSolve,
  ValueError,
} from "inkgrad";
import { describe, expect, it } from "vitest";
import { expectClose, randomTensor } from "./support.js";

const matrix = (rows: number[][]): Tensor => tensor(rows, { dtype: "f64" });
const untyped = (f: unknown): ((...args: unknown[]) => Tensor) => f as never;

describe("solve", () => {
  const a = tensor(
    [
      [2, 0],
      [1, 4],
    ],
    { dtype: "f64" },
  );

  it("gives a solution like b, and its types say so", () => {
    const x: Tensor<[2], "f64"> = solve(a, tensor([2, 9], { dtype: "f64" }));
    expect(x.toArray()).toEqual([1, 2]);
    const two: Tensor<[2, 1], "f64"> = solve(a, tensor([[2], [9]], { dtype: "f64" }));
    expect(two.toArray()).toEqual([[1], [2]]);
  });

  it("takes a vector for all systems of a batch, and broadcasts matrices, as NumPy 2", () => {
    const systems = randomTensor([3, 1, 2, 2], 1);
    const vector = tensor(new Float64Array([1, -1]));
    const x = solve(systems, vector);
    expect(x.shape).toEqual([3, 1, 2]);
    expectClose(systems.matmul(x.expandDims(-1)).squeeze(-1), vector.broadcastTo([3, 1, 2]));
    const right = randomTensor([5, 2, 4], 2);
    const y = solve(systems, right);
    expect(y.shape).toEqual([3, 5, 2, 4]);
    expectClose(systems.matmul(y), right.broadcastTo([3, 5, 2, 4]));
  });

  it("meets in the common float type", () => {
    expect(solve(tensor([[2]], { dtype: "i32" }), tensor([3], { dtype: "u8" })).dtype).toBe("f32");
    expect(solve(tensor([[2]], { dtype: "i32" }), tensor([3], { dtype: "f64" })).dtype).toBe("f64");
  });

  it("is accurate for a large system, and for one that needs pivoting", () => {
    const big = randomTensor([80, 80], 5);
    const x = randomTensor([80], 6);
    expectClose(solve(big, big.matmul(x)), x, 1e-10);
    expectClose(
      solve(
        matrix([
          [1e-20, 1],
          [1, 1],
        ]),
        matrix([[1], [2]]),
      ),
      matrix([[1], [1]]),
      1e-15,
    );
  });

  it("says that a matrix is singular, and which one", () => {
    const singular = matrix([
      [1, 2],
      [2, 4],
    ]);
    for (const f of [() => solve(singular, matrix([[1], [1]])), () => inverse(singular)])
      expect(() => f().toArray()).toThrow(LinearAlgebraError);
    expect(() => inverse(singular).toArray()).toThrow(/singular/);
    const pair = tensor([
      [
        [1, 0],
        [0, 1],
      ],
      [
        [1, 1],
        [1, 1],
      ],
    ]);
    expect(() => inverse(pair).toArray()).toThrow(/matrix 1 of the batch of 2/);
  });

  it("refuses shapes that do not fit, naming them", () => {
    expect(() => untyped(solve)(matrix([[1, 2]]), matrix([[1]]))).toThrow(ShapeError);
    expect(() => untyped(solve)(matrix([[1, 2]]), matrix([[1]]))).toThrow(/square.*\[1, 2\]/);
    expect(() => untyped(solve)(a, tensor([1, 2, 3]))).toThrow(
      /as many rows as a.*\[2, 2\].*\[3\]/,
    );
    expect(() => untyped(solve)(a, tensor(1))).toThrow(ShapeError);
    expect(() => untyped(inverse)(tensor([1, 2]))).toThrow(ShapeError);
    expect(() => untyped(svd)(tensor(1))).toThrow(ShapeError);
    expect(() => untyped(inverse)(3)).toThrow(/expected a tensor/);
    // @ts-expect-error the types refuse it too
    expect(() => inverse(tensor([[1, 2]]))).toThrow(ShapeError);
  });

  it("gives NaN for NaN", () => {
    const x = solve(
      matrix([
        [NaN, 1],
        [1, 2],
      ]),
      matrix([[1], [2]]),
    );
    expect(x.isNaN().all().item()).toBe(true);
    expect(
      determinant(
        matrix([
          [NaN, 1],
          [1, 2],
        ]),
      ).item(),
    ).toBeNaN();
  });

  it("has no elements for a system without unknowns", () => {
    const none = tensor(new Float64Array(0), { shape: [0, 0] });
    expect(solve(none, tensor(new Float64Array(0), { shape: [0, 3] })).shape).toEqual([0, 3]);
    expect(determinant(none).item()).toBe(1);
    expect(logDeterminant(none).map((x) => x.item())).toEqual([1, 0]);
  });
});

describe("triangularSolve", () => {
  it("does not look outside the triangle, nor at the diagonal with unit", () => {
    const a = matrix([
      [2, NaN],
      [3, 4],
    ]);
    expect(triangularSolve(a, tensor([2, 11], { dtype: "f64" })).toArray()).toEqual([1, 2]);
    const unit = matrix([
      [NaN, NaN],
      [3, 0],
    ]);
    expect(
      triangularSolve(unit, tensor([1, 5], { dtype: "f64" }), { unit: true }).toArray(),
    ).toEqual([1, 2]);
  });

  it("throws for a zero on the diagonal", () => {
    const a = matrix([
      [1, 0],
      [3, 0],
    ]);
    expect(() => triangularSolve(a, tensor([1, 1])).toArray()).toThrow(/pivot 1 is 0/);
  });
});

describe("determinant and logDeterminant", () => {
  it("count the signs of the row exchanges", () => {
    expect(
      determinant(
        matrix([
          [0, 1],
          [1, 0],
        ]),
      ).item(),
    ).toBe(-1);
    expect(
      determinant(
        matrix([
          [0, 1, 0],
          [0, 0, 1],
          [1, 0, 0],
        ]),
      ).item(),
    ).toBe(1);
  });

  it("of a singular matrix are 0, and [0, −∞] without a gradient", () => {
    const singular = matrix([
      [1, 2],
      [2, 4],
    ]);
    expect(determinant(singular).item()).toBe(0);
    expect(logDeterminant(singular).map((x) => x.item())).toEqual([0, -Infinity]);
    const g = grad((x: Tensor<[2, 2]>) => logDeterminant(x)[1])(singular as Tensor<[2, 2]>);
    expect(() => g.toArray()).toThrow(LinearAlgebraError);
  });

  it("logDeterminant does not overflow where the determinant does", () => {
    const x = matrix([
      [1e200, 0],
      [0, -1e200],
    ]);
    const [sign, log] = logDeterminant(x).map((y) => y.item());
    expect(sign).toBe(-1);
    expect(log).toBeCloseTo(400 * Math.LN10, 10);
  });
});

describe("lstsq and pinv", () => {
  it("pinv satisfies Penrose's four equations, with and without full rank", () => {
    const rankOne = matrix([
      [1, 2, 3],
      [2, 4, 6],
    ]);
    for (const a of [randomTensor([4, 3], 1), randomTensor([2, 5], 2), rankOne, matrix([[0, 0]])]) {
      const p = pinv(a);
      const [ap, pa] = [a.matmul(p), p.matmul(a)];
      expectClose(ap.matmul(a), a);
      expectClose(pa.matmul(p), p);
      expectClose(ap, ap.transpose());
      expectClose(pa, pa.transpose());
    }
  });

  it("lstsq gives the shortest of many solutions", () => {
    const x = lstsq(matrix([[1, 1]]), tensor([2], { dtype: "f64" }));
    expectClose(x, tensor(new Float64Array([1, 1])));
    const deficient = lstsq(
      matrix([
        [1, 1],
        [1, 1],
        [2, 2],
      ]),
      matrix([[1], [3], [4]]),
    );
    expectClose(deficient, matrix([[1], [1]]));
  });

  it("lstsq leaves a residual that is orthogonal to the columns", () => {
    const [a, y] = [randomTensor([30, 4], 7), randomTensor([30], 8)];
    const residual = a.matmul(lstsq(a, y)).sub(y);
    expectClose(a.transpose().matmul(residual), tensor(new Float64Array(4)), 1e-13);
  });

  it("keeps its digits when columns differ in size by many powers of ten", () => {
    const a = randomTensor([20, 3], 3).mul(tensor(new Float64Array([1, 1e-4, 1e4])));
    const x = tensor(new Float64Array([1, 1e4, 1e-4]));
    expectClose(lstsq(a, a.matmul(x)).div(x), tensor(new Float64Array([1, 1, 1])), 1e-7);
  });

  it("rcond below 0 or NaN is refused", () => {
    expect(() => pinv(matrix([[1]]), { rcond: -1 })).toThrow(ValueError);
    expect(() => lstsq(matrix([[1]]), tensor([1]), { rcond: NaN })).toThrow(ValueError);
  });
});

describe("matrices without factors", () => {
  it("cholesky refuses what is not positive definite, naming pivot and matrix", () => {
    expect(() =>
      cholesky(
        matrix([
          [1, 2],
          [2, 1],
        ]),
      ).toArray(),
    ).toThrow(LinearAlgebraError);
    expect(() =>
      cholesky(
        matrix([
          [1, 2],
          [2, 1],
        ]),
      ).toArray(),
    ).toThrow(/pivot 1 is -3/);
    expect(() => cholesky(matrix([[0]])).toArray()).toThrow(/positive definite/);
  });

  it("NaN and infinite elements end with an error or NaN, never without end", () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const x = matrix([
        [1, bad, 0],
        [bad, 2, 1],
        [0, 1, 3],
      ]);
      for (const f of [eigh, svd, cholesky, pinv])
        expect(() => [untyped(f)(x)].flat().map((y) => y.toArray())).toThrow(/NaN or infinite/);
      for (const f of [lu, qr]) {
        const parts = f(x as Tensor<[3, 3]>);
        expect(parts.every((y) => y.isFinite().all().item())).toBe(false);
      }
    }
  });
});
