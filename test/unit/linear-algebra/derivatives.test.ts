import {
  checkGradients,
  cholesky,
  determinant,
  eigh,
  grad,
  hessian,
  inverse,
  LinearAlgebraError,
  logDeterminant,
  lstsq,
  lu,
  pinv,
  qr,
  solve,
  svd,
  tensor,
  type Tensor,
  triangularSolve,
  vmap,
} from "inkgrad";
import { describe, expect, it } from "vitest";
import { expectClose, randomTensor, weightsLike } from "./support.js";

type Scalar = (x: Tensor) => Tensor;
const gradOf = (f: Scalar): Scalar => grad(f as (x: Tensor) => Tensor<[]>);
const matrix = (rows: number[][]): Tensor => tensor(rows, { dtype: "f64" });
const total = (ys: readonly Tensor[]): Tensor =>
  ys
    .filter((y) => y.dtype === "f64")
    .map((y) => y.mul(weightsLike(y)).sum())
    .reduce((sum, part) => sum.add(part));

/** Central differences of the gradient, and of its gradient. */
function agrees(f: Scalar, x: Tensor, orders = 2): void {
  const scalar: Scalar = (y) => total([f(y)]);
  let g = scalar;
  for (let order = 1; order <= orders; order++) {
    checkGradients(g, [x], { tolerance: 2e-6 });
    const before = g;
    g = (y) => gradOf(before)(y).mul(weightsLike(y)).sum();
  }
}
const packed =
  (f: (x: Tensor) => readonly Tensor[]): Scalar =>
  (x) =>
    total(f(x));

const batch = randomTensor([2, 3, 3], 4).add(
  matrix([
    [2, 0, 0],
    [0, -3, 0],
    [0, 0, 5],
  ]),
);
const definite = (x: Tensor): Tensor =>
  x.matmul(x.transpose()).add(
    matrix([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
  );
const tall = randomTensor([4, 2], 8);
const right = randomTensor([3, 2], 9);

describe("first and second derivatives agree with central differences, batches included", () => {
  const cases: [string, Scalar, Tensor][] = [
    ["lu", packed(lu), batch],
    ["cholesky", (x) => cholesky(x), definite(batch)],
    ["qr", packed(qr), tall],
    ["qr of a wide matrix", packed(qr), randomTensor([2, 4], 3)],
    ["eigh", packed(eigh), batch],
    ["svd of a square", packed(svd), batch],
    ["svd of a tall matrix", packed(svd), tall],
    ["svd of a wide matrix", packed(svd), tall.transpose()],
    ["triangularSolve", (x) => triangularSolve(x, right), batch],
    [
      "triangularSolve, upper, transposed",
      (x) => triangularSolve(x, right, { lower: false, transpose: true }),
      batch,
    ],
    ["triangularSolve by b", (x) => triangularSolve(batch, x), right],
    ["solve by a", (x) => solve(x, right), batch],
    ["solve by b", (x) => solve(batch, x), right],
    ["solve by both", (x) => solve(x, x), batch],
    ["inverse", (x) => inverse(x), batch],
    ["determinant", (x) => determinant(x), batch],
    ["logDeterminant", (x) => logDeterminant(x)[1], batch],
    ["pinv of a tall matrix", (x) => pinv(x), tall],
    ["pinv of a wide matrix", (x) => pinv(x), tall.transpose()],
    ["lstsq by a", (x) => lstsq(x, tensor(new Float64Array([1, -2, 3, 1]))), tall],
    ["lstsq by b", (x) => lstsq(tall, x), randomTensor([4], 2)],
  ];
  for (const [name, f, x] of cases) it(name, () => agrees(f, x));

  it("third derivatives of inverse and determinant", () => {
    const x = randomTensor([2, 2], 6).add(
      matrix([
        [2, 0],
        [0, -1],
      ]),
    );
    agrees((y) => inverse(y), x, 3);
    agrees((y) => determinant(y), x, 3);
  });
});

describe("where a formula for distinct values would fail", () => {
  const identity = matrix([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);

  it("determinant at the identity has the derivatives of the polynomial", () => {
    agrees((x) => determinant(x), identity, 3);
  });

  it("determinant of singular matrices of every rank, to second order", () => {
    const singular = [
      matrix([
        [1, 2],
        [2, 4],
      ]),
      matrix([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ]),
      matrix([
        [1, 2, 3],
        [2, 4, 6],
        [3, 6, 9],
      ]),
      matrix([
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ]),
      matrix([[0]]),
    ];
    for (const x of singular) agrees((y) => determinant(y), x);
    expectClose(
      gradOf((x) => determinant(x))(singular[0]),
      matrix([
        [4, -2],
        [-2, 1],
      ]),
    );
  });

  it("the third derivative of a singular determinant is refused", () => {
    const sum =
      (g: Scalar): Scalar =>
      (x) =>
        g(x).mul(weightsLike(x)).sum();
    const third = gradOf(sum(gradOf(sum(gradOf((x) => determinant(x))))));
    expect(() =>
      third(
        matrix([
          [1, 2],
          [2, 4],
        ]),
      ).toArray(),
    ).toThrow(LinearAlgebraError);
  });

  it("pinv and lstsq with equal singular values", () => {
    agrees((x) => pinv(x), identity);
    agrees(
      (x) => pinv(x),
      matrix([
        [2, 0],
        [0, 2],
        [0, 0],
      ]),
    );
    agrees((x) => lstsq(x, right), identity);
  });

  it("pinv without full rank has the derivative along matrices of its rank", () => {
    const f = (t: Tensor): Tensor => {
      const column = matrix([[1], [2], [-1]]).add(t.mul(matrix([[1], [0], [3]])));
      const row = matrix([[2, 1]]).add(t.mul(matrix([[1, -1]])));
      return pinv(column.matmul(row), { rcond: 1e-8 });
    };
    agrees(f, tensor(0.3, { dtype: "f64" }));
  });

  it("a function that no choice of basis changes has the right gradient at equal eigenvalues", () => {
    const x = matrix([
      [3, 0, 0],
      [0, 2, 0],
      [0, 0, 2],
    ]);
    agrees(
      (y) => {
        const [w] = eigh(y);
        return w.mul(w).sum();
      },
      x,
      1,
    );
    agrees((y) => svd(y)[1].sum(), x, 1);
  });

  it("gradients at a matrix of zeros are finite, at an empty one empty", () => {
    const zero = tensor(new Float64Array(4), { shape: [2, 2] });
    const none = tensor(new Float64Array(0), { shape: [0, 0] });
    for (const f of [packed(eigh), packed(svd), (x: Tensor) => pinv(x).sum()]) {
      expect(gradOf(f)(zero).isFinite().all().item()).toBe(true);
      expect(gradOf(f)(none).shape).toEqual([0, 0]);
    }
    for (const f of [packed(lu), packed(qr), (x: Tensor) => determinant(x)])
      expect(gradOf(f)(none).shape).toEqual([0, 0]);
    expect(gradOf((x) => cholesky(x).sum())(none).toArray()).toEqual([]);
  });

  it("the gradient of the singular values of a matrix without full rank is finite", () => {
    const x = matrix([
      [1, 2],
      [2, 4],
      [3, 6],
    ]);
    expect(
      gradOf((y) => svd(y)[1].mul(2).sum())(x)
        .isFinite()
        .all()
        .item(),
    ).toBe(true);
  });
});

describe("other ways to the same derivative", () => {
  it("the Hessian of log det is −a⁻¹ ⊗ a⁻¹", () => {
    const x = randomTensor([2, 2], 11).add(
      matrix([
        [2, 0],
        [0, 2],
      ]),
    );
    const found = (hessian as unknown as (f: Scalar) => Scalar)((y) => logDeterminant(y)[1])(x);
    const p = inverse(x).toArray() as number[][];
    const expected = [0, 1].flatMap((i) =>
      [0, 1].flatMap((j) => [0, 1].flatMap((k) => [0, 1].map((l) => -p[j][k] * p[l][i]))),
    );
    expectClose(found, tensor(new Float64Array(expected), { shape: [2, 2, 2, 2] }), 1e-12);
  });

  it("vmap of a gradient is the gradient of each", () => {
    const map = vmap as unknown as (f: Scalar) => Scalar;
    for (const f of [
      (x: Tensor) => determinant(x),
      (x: Tensor) => solve(x, right).sum(),
      (x: Tensor) => pinv(x).sum(),
      packed(svd),
      packed(lu),
      (x: Tensor) => logDeterminant(x)[1],
    ] as Scalar[]) {
      const whole = gradOf((x) => map(f)(x).sum())(batch);
      expectClose(map(gradOf(f))(batch), whole, 1e-12);
    }
  });

  it("gradients of f32 matrices are f32", () => {
    const x = tensor([
      [2, 1],
      [1, 3],
    ]);
    const g = gradOf((y) => determinant(y))(x);
    expect(g.dtype).toBe("f32");
    expectClose(
      g,
      tensor([
        [3, -1],
        [-1, 2],
      ]),
      1e-6,
    );
  });
});
