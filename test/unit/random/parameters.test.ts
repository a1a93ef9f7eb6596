import { backward } from "@src/grad/backward.js";
import { builder as b } from "@src/graph/builder.js";
import { wrap } from "@src/tensor/operand.js";
import { random, type Tensor, tensor } from "inkgrad";
import { describe, expect, it } from "vitest";

const key = random.key(1);
const f64 = { dtype: "f64" } as const;

describe("bad parameters", () => {
  const calls: [call: () => unknown, error: string, message: string][] = [
    [() => random.uniform(key, [2], { min: 1, max: 1 }), "ValueError", "min must be below max"],
    [
      () => random.uniform(key, [2], { min: 1, max: 1 + 1e-12 }),
      "ValueError",
      "uniform: min must be below max in f32",
    ],
    [() => random.uniform(key, [2], { min: NaN }), "ValueError", "uniform: min must be a finite"],
    [
      () => random.uniform(key, [2], { min: -3e38, max: 3e38 }),
      "ValueError",
      "beyond what f32 can hold",
    ],
    [() => random.uniform(key, [-1]), "ShapeError", "uniform: sizes must be whole numbers"],
    [() => random.uniform(key, 3 as never), "ShapeError", "uniform: expected a shape"],
    [
      () => random.uniform(key, [2], { dtype: "f16" as never }),
      "DTypeError",
      "uniform: dtype must be f32 or f64, got f16",
    ],
    [
      () => random.normal(key, [2], { std: -1 }),
      "ValueError",
      "normal: std must be a finite number ≥ 0, got -1",
    ],
    [
      () => random.normal(key, [2, 3], { mean: tensor([1, 2]) }),
      "ShapeError",
      "normal: mean of shape [2] does not broadcast to the shape drawn, [2, 3]",
    ],
    [
      () => random.normal(key, [3], { mean: tensor([[1, 2, 3]]) }),
      "ShapeError",
      "normal: mean of shape [1, 3] does not broadcast",
    ],
    [
      () => random.normal(key, [3], { mean: "1" as never }),
      "InkgradError",
      "normal: mean: expected",
    ],
    [
      () => random.truncatedNormal(key, [2], { lo: 2, hi: 2 }),
      "ValueError",
      "truncatedNormal: lo must be a number below hi",
    ],
    [() => random.truncatedNormal(key, [2], { lo: NaN }), "ValueError", "lo must be a number"],
    [
      () => random.truncatedNormal(key, [2], { lo: 12, hi: 13 }),
      "ValueError",
      "too rare to draw in f32",
    ],
    [
      () => random.exponential(key, [2], { scale: 0 }),
      "ValueError",
      "scale must be a finite number > 0",
    ],
    [() => random.laplace(key, [2], { scale: -1 }), "ValueError", "laplace: scale"],
    [() => random.gumbel(key, [2], { location: NaN }), "ValueError", "gumbel: location"],
    [
      () => random.gamma(key, [2], { alpha: 0 }),
      "ValueError",
      "gamma: alpha must be a finite number > 0",
    ],
    [() => random.gamma(key, [2], {} as never), "InkgradError", "gamma: alpha: expected"],
    [() => random.beta(key, [2], { a: 1, b: -1 }), "ValueError", "beta: b must be"],
    [() => random.integers(key, [2], { max: 0 }), "ValueError", "integers: min and max must be"],
    [() => random.integers(key, [2], { max: 2.5 }), "ValueError", "got 0 and 2.5"],
    [() => random.integers(key, [2], {} as never), "ValueError", "got 0 and undefined"],
    [() => random.integers(key, [2], { max: 257, dtype: "u8" }), "ValueError", "0 to 256 for u8"],
    [
      () => random.integers(key, [2], { min: -1, max: 2, dtype: "u32" }),
      "ValueError",
      "for u32, got -1",
    ],
    [
      () => random.integers(key, [2], { max: 2, dtype: "f32" as never }),
      "DTypeError",
      "integers: dtype must be i32, u32 or u8",
    ],
    [
      () => random.bernoulli(key, [2], { p: 1.1 }),
      "ValueError",
      "bernoulli: p must be a probability from 0 to 1, got 1.1",
    ],
    [() => random.categorical(key, tensor([])), "ShapeError", "no elements to choose from"],
    [() => random.categorical(key, tensor(1)), "ShapeError", "axis -1 is out of range"],
    [
      () => random.categorical(key, tensor([[1], [2]]), { shape: [3] }),
      "ShapeError",
      "categorical: logits without the categories, of shape [2] does not broadcast",
    ],
    [() => random.permutation(key, 2.5), "ValueError", "permutation: n must be a whole number"],
    [() => random.permutation(key, tensor(2)), "ShapeError", "a scalar has no axis"],
    [
      () => random.permutation(key, tensor([2]), { axis: 1 }),
      "ShapeError",
      "axis 1 is out of range",
    ],
    [() => random.choice(key, 0), "ValueError", "choice: cannot choose 1 of 0"],
    [() => random.choice(key, tensor([])), "ValueError", "choice: cannot choose 1 of 0"],
    [
      () => random.choice(key, 3, [2, 2], { replace: false }),
      "ValueError",
      "cannot choose 4 of 3 without replacement",
    ],
    [() => random.choice(key, 2, [], { p: [0.5, 0.6] }), "ValueError", "p must sum to 1, got 1.1"],
    [
      () => random.choice(key, 2, [], { p: [1.5, -0.5] }),
      "ValueError",
      "p[0] must be a probability",
    ],
    [() => random.choice(key, 3, [], { p: [0.5, 0.5] }), "ShapeError", "p must be 3 numbers"],
    [() => random.choice(key, 3, [], { p: tensor([1]) }), "ShapeError", "p must have shape [3]"],
    [
      () => random.choice(key, 3, [2], { p: [1, 0, 0], replace: false }),
      "ValueError",
      "only 1 of p are not 0",
    ],
  ];
  const named = calls.map(([call, name, message]) => ({ call, name, message }));
  it.each(named)("throw a $name: $message", ({ call, name, message }) => {
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name });
    expect(String(thrown)).toContain(message);
  });

  it("in a tensor give NaN there, and only there", () => {
    const at = (x: Tensor): unknown => (x.toArray() as number[]).map(Number.isNaN);
    const bad = tensor([1, -1, NaN]);
    const expected = [false, true, true];
    expect(at(random.normal(key, [3], { std: bad }))).toEqual(expected);
    expect(at(random.exponential(key, [3], { scale: bad }))).toEqual(expected);
    expect(at(random.gamma(key, [3], { alpha: bad }))).toEqual(expected);
    expect(at(random.gamma(key, [3], { alpha: 2, scale: bad }))).toEqual(expected);
    expect(at(random.beta(key, [3], { a: bad, b: 1 }))).toEqual(expected);
    expect(at(random.beta(key, [3], { a: 1, b: bad }))).toEqual(expected);
    expect(at(random.uniform(key, [3], { max: bad }))).toEqual(expected);
  });
});

describe("shapes and types", () => {
  it("are those asked for, empty ones and scalars too", () => {
    expect(random.uniform(key, []).shape).toEqual([]);
    expect(random.normal(key, [2, 0, 3], f64).toArray()).toEqual([[], []]);
    expect(random.gamma(key, [0], { alpha: 1 }).toArray()).toEqual([]);
    expect(random.choice(key, 0, [0]).toArray()).toEqual([]);
    expect(random.choice(key, 4, [0], { p: [1, 0, 0, 0] }).toArray()).toEqual([]);
    expect(random.categorical(key, tensor([[1, 2]]), { shape: [0, 1] }).shape).toEqual([0, 1]);
    const typed: Tensor<[4, 2], "f64"> = random.normal(key, [4, 2], f64);
    const whole: Tensor<[3], "u8"> = random.integers(key, [3], { max: 9, dtype: "u8" });
    const chosen: Tensor<[5, 2], "f32"> = random.choice(key, tensor([[1, 2]]), [5]);
    const picked: Tensor<[2], "i32"> = random.categorical(
      key,
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect([typed.dtype, whole.dtype, chosen.dtype, picked.dtype]).toEqual([
      "f64",
      "u8",
      "f32",
      "i32",
    ]);
  });

  it("a number and a tensor of it as parameter give the same numbers", () => {
    const three = tensor(3, f64);
    const options = { ...f64, mean: 3, std: 3 };
    expect(random.normal(key, [5], { ...options, mean: three }).toArray()).toEqual(
      random.normal(key, [5], options).toArray(),
    );
    expect(random.gamma(key, [5], { ...f64, alpha: three }).toArray()).toEqual(
      random.gamma(key, [5], { ...f64, alpha: 3 }).toArray(),
    );
    expect(random.uniform(key, [5], { ...f64, max: three }).toArray()).toEqual(
      random.uniform(key, [5], { ...f64, max: 3 }).toArray(),
    );
  });
});

describe("gradients", () => {
  /** The derivative of the sum of a sample with respect to a scalar parameter. */
  function gradient(f: (x: Tensor) => Tensor): number {
    const x = tensor(2, f64);
    const sample = f(x).node;
    const cotangent = b.full({ shape: sample.shape, value: 1, dtype: sample.dtype });
    const [flow] = backward([{ node: sample, cotangent }], [x.node]);
    return flow === null ? 0 : (wrap(flow).item() as number);
  }
  const total = (x: Tensor): number => x.sum().item() as number;

  it("go through location and scale", () => {
    const noise = total(random.normal(key, [9], f64));
    expect(gradient((mean) => random.normal(key, [9], { ...f64, mean }))).toBe(9);
    expect(gradient((std) => random.normal(key, [9], { ...f64, std }))).toBeCloseTo(noise, 12);
    const cut = total(random.truncatedNormal(key, [9], f64));
    expect(gradient((std) => random.truncatedNormal(key, [9], { ...f64, std }))).toBeCloseTo(
      cut,
      12,
    );
    const u = total(random.uniform(key, [9], f64));
    expect(gradient((max) => random.uniform(key, [9], { ...f64, max }))).toBeCloseTo(u, 12);
    const waits = total(random.exponential(key, [9], f64));
    expect(gradient((scale) => random.exponential(key, [9], { ...f64, scale }))).toBeCloseTo(
      waits,
      12,
    );
    const sizes = total(random.gamma(key, [9], { ...f64, alpha: 3 }));
    expect(gradient((scale) => random.gamma(key, [9], { ...f64, alpha: 3, scale }))).toBeCloseTo(
      sizes,
      12,
    );
  });

  it("of gamma and beta with respect to their shape parameters throw, instead of being wrong", () => {
    const message = "the derivative with respect to its shape parameters is not known";
    expect(() => gradient((alpha) => random.gamma(key, [9], { ...f64, alpha }))).toThrow(message);
    expect(() => gradient((a) => random.beta(key, [9], { ...f64, a, b: 1 }))).toThrow(message);
  });
});
