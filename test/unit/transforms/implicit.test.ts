import { describe, expect, it } from "vitest";
import {
  grad,
  implicitDerivative,
  implicitFunction,
  LinearAlgebraError,
  tensor,
  type Tensor,
} from "inkgrad";

const f64 = { dtype: "f64" } as const;

describe("implicitDerivative", () => {
  it("gives the slope of a circle", () => {
    const circle = (x: Tensor, y: Tensor) => x.mul(x).add(y.mul(y)).sub(1);
    const slope = implicitDerivative(circle)(tensor(0.6, f64), tensor(0.8, f64));
    expect(slope.item()).toBeCloseTo(-0.75, 12);
  });

  it("gives a matrix for vectors", () => {
    // y = A x, written as A x − y = 0
    const a = tensor([[1, 2, 3], [4, 5, 6]], f64); // prettier-ignore
    const x = tensor([1, 1, 1], f64);
    const linear = (u: Tensor, v: Tensor) => a.matmul(u as Tensor<[3]>).sub(v as Tensor<[2]>);
    const d = implicitDerivative(linear)(x, a.matmul(x));
    expect(d.toArray()).toEqual([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  });

  it("refuses points where y is no function of x, and equations that do not fit", () => {
    const circle = (x: Tensor, y: Tensor) => x.mul(x).add(y.mul(y)).sub(1);
    const atTheEdge = () => implicitDerivative(circle)(tensor(1, f64), tensor(0, f64)).item();
    expect(atTheEdge).toThrow(LinearAlgebraError);
    const short = (x: Tensor, y: Tensor) => x.add(y).sum();
    expect(() => implicitDerivative(short)(tensor(1, f64), tensor([0, 1], f64))).toThrow(
      "F must give as many numbers as y has, shape [2], it gives []",
    );
  });
});

describe("implicitFunction", () => {
  it("differentiates a root that Newton's method found, twice too", () => {
    const cubeRoot = implicitFunction(
      (x: Tensor, y: Tensor) => y.mul(y).mul(y).sub(x),
      (x) => tensor(Math.cbrt(x.item() as number), f64) as Tensor,
    );
    const at = tensor(8, f64) as Tensor<[]>;
    const root = (x: Tensor<[]>) => cubeRoot(x) as Tensor<[]>;
    expect(root(at).item()).toBe(2);
    expect(grad(root)(at).item()).toBeCloseTo(1 / 12, 12);
    expect(grad(grad(root))(at).item()).toBeCloseTo(-1 / 144, 10);
  });
});
