import { describe, expect, test } from "vitest";
import {
  clip,
  elu,
  gelu,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  logSumExp,
  relu,
  sigmoid,
  silu,
  softmax,
  softplus,
  tanh,
  type Tensor,
  tensor,
} from "inkgrad";
import { derivative } from "./gradient.js";

const activations: Record<string, (x: Tensor) => Tensor> = {
  relu,
  leakyRelu,
  elu,
  sigmoid,
  softplus,
  logSigmoid,
  silu,
  gelu,
  geluApproximate: (x) => gelu(x, { approximate: true }),
  tanh,
  softmax: (x) => softmax(x),
  logSoftmax: (x) => logSoftmax(x),
  logSumExp: (x) => logSumExp(x),
};
const extremes = [-1e9, -1000, -100, -20, -1, -1e-9, 0, 1e-9, 1, 20, 100, 1000, 1e9];
const flat = (x: Tensor): number[] => [x.toArray()].flat() as number[];

describe.each(Object.entries(activations))("%s", (_name, f) => {
  test.each(["f32", "f64"] as const)("is finite, and so are its derivatives, in %s", (dtype) => {
    const x = tensor(extremes, { dtype });
    for (const g of [f, derivative(f), derivative(derivative(f))]) {
      expect(g(x).dtype).toBe(dtype);
      expect(flat(g(x)).filter((value) => !Number.isFinite(value))).toEqual([]);
    }
  });

  test("lets NaN through", () => {
    expect(flat(f(tensor([NaN, 1]))).some(Number.isNaN)).toBe(true);
  });

  test("has the derivative that differences show", () => {
    const points = [-3.1, -0.7, -0.2, 0.3, 0.9, 2.4];
    const h = 1e-5;
    const at = (shift: number): Tensor =>
      f(tensor([points.map((x) => x + shift)].flat(), { dtype: "f64" })).sum();
    const slope = (Number(at(h).item()) - Number(at(-h).item())) / (2 * h);
    const exact = derivative(f)(tensor(points, { dtype: "f64" })).sum();
    expect(Number(exact.item())).toBeCloseTo(slope, 7);
  });

  test("takes f16 and integers, and nothing that is no tensor", () => {
    expect(() => f(tensor([1, 2], { dtype: "f16" })).toArray()).not.toThrow();
    expect(() => f(tensor([1, 2], { dtype: "i32" })).toArray()).not.toThrow();
    expect(() => f([1, 2] as never)).toThrow("expected a tensor, got an object of class Array");
  });
});

describe("derivatives at 0", () => {
  const at0 = (f: (x: Tensor) => Tensor): unknown => f(tensor(0, { dtype: "f64" })).item();
  test.each([
    ["relu", relu, 0],
    ["leakyRelu", leakyRelu, 0.01],
    ["elu", elu, 1],
    ["elu with alpha", (x: Tensor) => elu(x, 0.3), 0.3],
    ["sigmoid", sigmoid, 0.25],
    ["softplus", softplus, 0.5],
    ["logSigmoid", logSigmoid, 0.5],
    ["silu", silu, 0.5],
    ["gelu", gelu, 0.5],
    ["clip at a bound", (x: Tensor) => clip(x, 0, 1), 1],
  ])("%s", (_name, f, expected) => {
    expect(at0(derivative(f))).toBeCloseTo(expected, 12);
  });

  test("sigmoid and softplus have all further ones", () => {
    const third = derivative(derivative(derivative(sigmoid)));
    expect(at0(third)).toBeCloseTo(-1 / 8, 12);
    expect(at0(derivative(third))).toBeCloseTo(0, 12);
    expect(at0(derivative(derivative(softplus)))).toBeCloseTo(1 / 4, 12);
  });
});

describe("digits", () => {
  test("are kept far out, in f32 too", () => {
    const [low, high] = [tensor([-80]), tensor([80])];
    const tiny = Math.exp(-80);
    for (const value of [
      sigmoid(low),
      softplus(low),
      logSigmoid(high).neg(),
      derivative(sigmoid)(low),
      derivative(sigmoid)(high),
      derivative(softplus)(low),
      derivative(logSigmoid)(high),
    ])
      expect(flat(value)[0] / tiny).toBeCloseTo(1, 5);
    expect(flat(elu(tensor([-1e-6])))[0] / -1e-6).toBeCloseTo(1, 5);
    expect(flat(softplus(tensor([1000])))).toEqual([1000]);
  });
});

describe("relu and clip", () => {
  test("keep the type", () => {
    for (const dtype of ["f32", "f64", "f16", "bf16", "i32", "u8", "u32"] as const) {
      const x = tensor([1, 0, 3], { dtype });
      expect(relu(x).dtype).toBe(dtype);
      expect(clip(x, 0, 2).dtype).toBe(dtype);
      expect(flat(clip(x, 1, 2))).toEqual([1, 1, 2]);
    }
    expect(flat(relu(tensor([-3, 2], { dtype: "i32" })))).toEqual([0, 2]);
  });

  test("clip with an infinite bound has none, whatever the type", () => {
    const x = tensor([-5, 5], { dtype: "i32" });
    expect(flat(x.clip(0, Infinity))).toEqual([0, 5]);
    expect(flat(x.clip(-Infinity, 0))).toEqual([-5, 0]);
  });

  test("say what is wrong", () => {
    const x = tensor([1, 2], { dtype: "i32" });
    expect(() => clip(x, 2, 1)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: clip: needs two numbers, the lower bound first, got 2 and 1]`,
    );
    expect(() => clip(x, NaN, 1)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: clip: needs two numbers, the lower bound first, got NaN and 1]`,
    );
    expect(() => clip(x, 0.5, 1)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: clip: 0.5 is not a value of type i32; cast the tensor first, as x.cast("f32")]`,
    );
    expect(() => relu(tensor([true]))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: relu: takes numbers, got bool; use x.cast("i32") first]`,
    );
    expect(() => leakyRelu(x, NaN)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: leakyRelu: the factor must be a finite number, got NaN]`,
    );
  });
});
