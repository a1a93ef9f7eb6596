import { softplus, tensor, type Tensor } from "inkgrad";
import { minimize, type MinimizeIteration } from "inkgrad/nn";
import { describe, expect, test } from "vitest";
import { readGolden } from "../../golden/cases.js";
import { numbers, read, requireNear, type Written } from "../../support/golden-tensor.js";

interface Case {
  readonly problem: string;
  readonly start: Written;
  readonly x: Written;
  readonly value: number;
  readonly evaluations: number;
  readonly [data: string]: Written | string | number;
}

const cases = readGolden("training/minimize.json").cases as Case[];

const rosenbrock = (x: Tensor): Tensor => {
  const n = x.shape[0];
  const [a, b] = [x.slice([[0, n - 1]]), x.slice([[1, n]])] as [Tensor, Tensor];
  return b.sub(a.square()).square().mul(100).add(a.neg().add(1).square()).sum();
};

const problems: Record<string, (one: Case) => (x: Tensor) => Tensor> = {
  rosenbrock: () => rosenbrock,
  logistic: (one) => {
    const [features, y] = [read(one.features as Written), read(one.labels as Written)];
    return (p) => {
      const w = p.slice([[0, 3]]) as Tensor;
      const z = features.matmul(w as never).add(p.slice([[3, 4]])) as Tensor;
      return softplus(z)
        .sub(y.mul(z))
        .mean()
        .add(
          w
            .square()
            .sum()
            .mul(0.5 * (one.l2 as number)),
        );
    };
  },
  quadratic: (one) => {
    const [a, b] = [read(one.matrix as Written), read(one.linear as Written)];
    return (x) =>
      a
        .matmul(x as never)
        .mul(x)
        .sum()
        .mul(0.5)
        .sub(b.mul(x).sum());
  },
};

describe.each(
  cases.map((one) => [`${one.problem} in ${one.start.shape[0]} dimensions`, one] as const),
)("%s", (name, one) => {
  const f = problems[one.problem](one);

  test("has SciPy's minimum, in no more evaluations than twice SciPy's", () => {
    const found = minimize(f, read(one.start), { gradientTolerance: 1e-10 });
    expect(found.converged).toBe(true);
    requireNear(numbers(found.x), one.x.data, 1e-7, name);
    requireNear([found.value], [one.value], 1e-13, name);
    expect(found.evaluations).toBeLessThanOrEqual(2 * one.evaluations);
    expect(found.x.dtype).toBe("f64");
  });

  test("is found in f32 to about its digits", () => {
    const found = minimize(
      (x: Tensor) =>
        one.problem === "rosenbrock" ? f(x) : (f(x.cast("f64")).cast("f32") as Tensor),
      read(one.start, "f32"),
    );
    expect(found.converged, found.message).toBe(true);
    expect(found.x.dtype).toBe("f32");
    requireNear(numbers(found.x), one.x.data, 5e-3, name);
  });

  test("values go down in each iteration, and the history tells of all", () => {
    const told: MinimizeIteration[] = [];
    const found = minimize(f, read(one.start), { callback: (now) => void told.push(now) });
    expect(told).toEqual(found.history);
    expect(found.history.length).toBe(found.iterations + 1);
    found.history.slice(1).forEach(({ value }, i) => {
      expect(value).toBeLessThanOrEqual(found.history[i].value + 1e-13);
    });
    expect(found.history.at(-1)!.value).toBe(found.value);
    expect(f(found.x).item()).toBeCloseTo(found.value, 13);
  });
});

test("gradient descent comes to the same minimum of a quadratic form, but later", () => {
  const one = cases.find(({ problem }) => problem === "quadratic")!;
  const f = problems.quadratic(one);
  const options = { gradientTolerance: 1e-5, valueTolerance: 0 };
  const slow = minimize(f, read(one.start), { ...options, method: "gradientDescent" });
  const fast = minimize(f, read(one.start), options);
  expect(slow.converged, slow.message).toBe(true);
  requireNear(numbers(slow.x), one.x.data, 1e-3, "gradient descent");
  expect(slow.iterations).toBeGreaterThan(3 * fast.iterations);
});

test("takes trees of tensors, and gives back the same tree", () => {
  const start = { a: tensor([[1, 2]], { dtype: "f64" }), list: [tensor(3, { dtype: "f64" })] };
  const { x, converged } = minimize(
    (p: typeof start) =>
      p.a
        .sub(tensor([[4, 5]]))
        .square()
        .sum()
        .add(p.list[0].add(1).square()) as Tensor,
    start,
  );
  expect(converged).toBe(true);
  expect(x.a.shape).toEqual([1, 2]);
  requireNear([...numbers(x.a), ...numbers(x.list[0])], [4, 5, -1], 1e-7, "tree");
  expect(numbers(start.a)).toEqual([1, 2]);
});

test("ends where it is told to, and says why", () => {
  const start = tensor([-1.2, 1], { dtype: "f64" });
  const few = minimize(rosenbrock, start, { maxIterations: 3 });
  expect([few.converged, few.iterations]).toEqual([false, 3]);
  expect(few.message).toMatch(/after 3 iterations; raise maxIterations/);
  const told = minimize(rosenbrock, start, { callback: ({ iteration }) => iteration === 5 });
  expect([told.converged, told.iterations, told.message]).toEqual([
    false,
    5,
    "the callback asked to stop",
  ]);
  const there = minimize(rosenbrock, tensor([1, 1], { dtype: "f64" }));
  expect([there.converged, there.iterations, there.evaluations]).toEqual([true, 0, 1]);
});

test("keeps within where the function is defined", () => {
  // NaN for x ≤ 0; the first step would lead there.
  const { x, converged } = minimize(
    (x: Tensor) => x.sub(x.log().mul(0.01)).sum() as Tensor,
    tensor([3], { dtype: "f64" }),
  );
  expect(converged).toBe(true);
  requireNear(numbers(x), [0.01], 1e-7, "x − 0.01 log x");
});

test("says where the function or its gradient is no number", () => {
  const start = { w: tensor([1, 0], { dtype: "f64" }), b: tensor([1], { dtype: "f64" }) };
  type P = typeof start;
  expect(() => minimize((p: P) => p.b.sub(2).log().sum() as Tensor, start)).toThrow(
    /the function is NaN at the start/,
  );
  expect(() =>
    minimize((p: P) => p.w.sqrt().sum().add(p.b.square().sum()) as Tensor, start),
  ).toThrow(/the gradient is Infinity at the start, for element 1 of the parameter w/);
  const wall = (p: P): Tensor => p.b.mul(p.b.sub(1).neg().sqrt().mul(0).add(1)).neg().sum();
  expect(() => minimize(wall, start)).toThrow(
    /gradient is NaN at the start, for element 0 of the parameter b|function is NaN in iteration 1 however short/,
  );
});

test("options out of range and integers are refused", () => {
  const start = tensor([1], { dtype: "f64" });
  expect(() => minimize(rosenbrock, start, { history: 0 })).toThrow(
    /history must be a whole number ≥ 1/,
  );
  expect(() => minimize(rosenbrock, start, { method: "newton" as never })).toThrow(
    /method must be/,
  );
  expect(() => minimize(rosenbrock, start, { gradientTolerance: -1 })).toThrow(/gradientTolerance/);
  expect(() => minimize(rosenbrock, tensor([1], { dtype: "i32" }))).toThrow(
    /must be f32 or f64, got i32/,
  );
});
