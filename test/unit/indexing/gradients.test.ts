import { backward } from "@src/grad/backward.js";
import { wrap } from "@src/tensor/operand.js";
import { ellipsis, type Index, newAxis, ones, range, type Tensor, tensor } from "inkgrad";
import { describe, expect, test } from "vitest";
import { flat, gradients } from "../../support/numeric.js";

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

const close = ({ exact, numeric }: { exact: number[][]; numeric: number[][] }): void => {
  exact.forEach((gradient, i) => {
    expect(gradient.length).toBe(numeric[i].length);
    gradient.forEach((g, j) => expect(g).toBeCloseTo(numeric[i][j], 7));
  });
};

describe("gradients agree with central differences", () => {
  for (const [name, shape, index] of cases) {
    const x = sample(shape, 1);
    const part = x.at(...index).get();
    test(`get, ${name}`, () => close(gradients((t) => t.at(...index).get(), [x])));
    test(`set, ${name}`, () =>
      close(gradients((t, v) => t.at(...index).set(v), [x, sample([...part.shape], 2)])));
    test(`add, ${name}`, () =>
      close(
        gradients(
          (t, v) =>
            t
              .mul(t)
              .at(...index)
              .add(v),
          [x, sample([...part.shape], 2)],
        ),
      ));
    test(`one value, ${name}`, () =>
      close(gradients((t, v) => t.at(...index).set(v.mul(v)), [x, sample([], 3)])));
  }
});

test("of several values set in one place only the last has a gradient", () => {
  const f = (x: Tensor, v: Tensor): Tensor => x.at([1, 1, 0]).set(v);
  const { exact } = gradients(f, [sample([3], 1), sample([3], 2)]);
  const weight = [1, 2, 3].map(Math.sin);
  expect(exact).toEqual([
    [0, 0, weight[2]],
    [0, weight[1], weight[0]],
  ]);
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
  const slope = (x: Tensor): Tensor => {
    const out = f(x);
    const [flow] = backward(
      [{ node: out.node, cotangent: ones([2], { dtype: "f64" }).node }],
      [x.node],
    );
    return wrap(flow!);
  };
  close(gradients(slope, [sample([3], 4)]));
});

test("a gradient reaches f16 elements, added up in f32", () => {
  const x = tensor([1, 2, 3], { dtype: "f16" });
  const got = gradients((t) => t.at([0, 0, 2]).get(), [x]).exact[0];
  const weight = [1, 2, 3].map(Math.sin);
  [weight[0] + weight[1], 0, weight[2]].forEach((w, i) => expect(got[i]).toBeCloseTo(w, 2));
  expect(flat(x.at([1, 1]).add(0.5))).toEqual([1, 3, 3]);
});
