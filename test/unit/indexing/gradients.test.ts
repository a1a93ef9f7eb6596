import {
  checkGradients,
  ellipsis,
  grad,
  type Index,
  newAxis,
  range,
  type Tensor,
  tensor,
} from "inkgrad";
import { describe, expect, test } from "vitest";

const sample = (shape: number[], seed: number): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((a, n) => a * n, 1) }, (_, i) => Math.cos(7 * i + seed)),
    { shape, dtype: "f64" },
  );
const pending = (values: number[]): Tensor => tensor(values, { dtype: "i32" }).add(0);
const mask = tensor([
  [1, 0, 1],
  [0, 1, 1],
]).notEqual(0);

const cases: [name: string, shape: number[], index: Index[]][] = [
  ["integers", [3, 2], [-1]],
  ["ranges", [4, 5], [range(1, 3), range(4, 0, -2)]],
  ["new axes", [2, 3], [newAxis, ellipsis, newAxis, 1]],
  ["positions that come up twice", [4, 2], [[0, 2, 0]]],
  ["positions on two axes", [3, 4, 2], [[0, 1, 0], pending([1, -1, 1])]],
  ["positions apart", [3, 2, 3], [pending([0, 2]), range(), [1, 1]]],
  ["positions beside ranges", [3, 4], [range(2, undefined, -1), pending([1, 3, 1])]],
  ["a mask", [2, 3, 2], [mask]],
  ["a mask behind a range", [2, 2, 3], [range(1, 2), mask]],
  ["nothing", [3], [range(1, 1)]],
];

describe("gradients agree with central differences", () => {
  for (const [name, shape, index] of cases) {
    const x = sample(shape, 1);
    const part = x.at(...index).get();
    const values = sample([...part.shape], 2);
    test(`get, ${name}`, () => {
      checkGradients((t: Tensor) => t.at(...index).get(), [x]);
    });
    test(`set, ${name}`, () => {
      checkGradients((t: Tensor, v: Tensor) => t.at(...index).set(v), [x, values]);
    });
    test(`add, ${name}`, () => {
      checkGradients(
        (t: Tensor, v: Tensor) =>
          t
            .mul(t)
            .at(...index)
            .add(v),
        [x, values],
      );
    });
    test(`one value, ${name}`, () => {
      const f = (t: Tensor, v: Tensor): Tensor => t.at(...index).set(v.mul(v));
      checkGradients(f, [x, sample([], 3)]);
    });
  }
});

const weights = tensor([1, 10, 100], { dtype: "f64" });

test("of several values set in one place only the last has a gradient", () => {
  const f = (x: Tensor, v: Tensor): Tensor => x.at([1, 1, 0]).set(v).mul(weights).sum();
  const [dx, dv] = grad(f, [0, 1])(sample([3], 1), sample([3], 2));
  expect(dx.toArray()).toEqual([0, 0, 100]);
  expect(dv.toArray()).toEqual([0, 10, 1]);
});

test("what comes up twice has its gradients added", () => {
  const f = (x: Tensor): Tensor => x.at([2, 2, 0]).get().mul(weights).sum();
  expect(grad(f)(sample([3], 1)).toArray()).toEqual([100, 0, 11]);
});

test("gradients of gradients agree with central differences", () => {
  const f = (x: Tensor): Tensor => {
    const y = x.at([0, 0, 2]).get();
    const product = y
      .at(range(0, 2))
      .get()
      .mul(x.at(range(1, 3)).get());
    const placed = x.mul(x).at([1, 0]).set(product.mul(product));
    return placed
      .at([2, 2, 1])
      .add(y.mul(x))
      .mul(placed)
      .at(range(2, 0, -1))
      .get();
  };
  const slope = grad((x: Tensor) =>
    f(x)
      .mul(weights.at(range(1, 3)).get())
      .sum(),
  );
  checkGradients(slope, [sample([3], 4)]);
});

test("a gradient reaches f16 elements, added up in f32", () => {
  const x = tensor([1, 2, 3], { dtype: "f16" });
  const f = (t: Tensor): Tensor => t.at([0, 0, 2]).get().cast("f64").mul(weights).sum();
  const slope = grad(f)(x);
  expect(slope.dtype).toBe("f16");
  expect(slope.toArray()).toEqual([11, 0, 100]);
  expect(x.at([1, 1]).add(0.5).toArray()).toEqual([1, 3, 3]);
});
