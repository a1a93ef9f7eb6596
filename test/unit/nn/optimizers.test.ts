import { compile, grad, random, tensor, type Tensor } from "inkgrad";
import { dense, input, optimizers, schedules, sequential } from "inkgrad/nn";
import type { Variables } from "@src/nn/layer.js";
import { optimizerOf } from "@src/nn/optimizers/named.js";
import type { Optimizer } from "@src/nn/optimizers/optimizer.js";
import { mapVariables, pathsOf, tensorsOf } from "@src/nn/optimizers/trees.js";
import { describe, expect, test } from "vitest";
import { readGolden } from "../../golden/cases.js";
import { numbers, read, requireNear, type Written } from "../../support/golden-tensor.js";

/** Every exported optimizer is held to all of this. */

type Weights = { readonly w: Written; readonly b: Written };
type Params = { readonly w: Tensor; readonly b: Tensor };
interface Case {
  readonly optimizer: string;
  readonly rate: number;
  readonly options: object;
  readonly source: string;
  readonly result: Weights;
}
interface Golden {
  readonly cases: Case[];
  readonly start: Weights;
  readonly gradients: Weights[];
  readonly averaged: { of: string; rate: number; options: object; result: Weights }[];
}
type Make = (rate?: number | schedules.Schedule, options?: object) => Optimizer;

const golden = readGolden("training/optimizers.json") as unknown as Golden;
const { averaged, ...others } = optimizers;
const makers = others as unknown as Record<string, Make>;
/** Those that wrap others are among those that are tried. */
const all: [string, (rate: number) => Optimizer][] = [
  ...Object.entries(makers),
  ["averaged", (rate) => averaged(optimizers.adam(rate))],
];

const readAll = ({ w, b }: Weights, dtype: "f32" | "f64" = "f64"): Params => ({
  w: read(w, dtype),
  b: read(b, dtype),
});
const gradients = (dtype: "f32" | "f64"): Params[] =>
  golden.gradients.map((g) => readAll(g, dtype));
const text = (tree: Variables): string => JSON.stringify(tensorsOf(tree).map(numbers));

interface Run {
  readonly params: Params;
  readonly state: Variables;
}

/** The ten steps of the golden values. */
function run(
  optimizer: Optimizer,
  dtype: "f32" | "f64",
  update: Optimizer["update"] = optimizer.update.bind(optimizer),
): Run {
  const params = readAll(golden.start, dtype);
  return gradients(dtype).reduce<Run>(({ params, state }, g) => update(state as never, g, params), {
    params,
    state: optimizer.init(params),
  });
}

const requireParams = (got: Params, want: Weights, share: number, what: string): void => {
  for (const name of ["w", "b"] as const)
    requireNear(numbers(got[name]), want[name].data, share, `${what}.${name}`);
};

test("every optimizer has golden values from PyTorch or of its formula", () => {
  const names = new Set(golden.cases.map(({ optimizer }) => optimizer));
  expect([...names].sort()).toEqual(Object.keys(makers).sort());
});

describe.each(
  golden.cases.map((one) => [`${one.optimizer} ${JSON.stringify(one.options)}`, one] as const),
)("%s", (what, one) => {
  test(`has made the steps of ${one.source}`, () => {
    const optimizer = makers[one.optimizer](one.rate, one.options);
    const { params } = run(optimizer, "f64");
    expect(params.w.dtype).toBe("f64");
    requireParams(params, one.result, 1e-13, what);
    requireParams(run(optimizer, "f32").params, one.result, 2e-5, what);
  });
});

test("averages are those of the formula, and the parameters before averaging begins", () => {
  for (const { of, rate, options, result } of golden.averaged) {
    const optimizer = averaged(makers[of](rate), options);
    const { params, state } = run(optimizer, "f64");
    requireParams(
      optimizer.averaged!(state as never, params),
      result,
      1e-14,
      JSON.stringify(options),
    );
    expect(text(params)).not.toBe(text(optimizer.averaged!(state as never, params)));
    const start = readAll(golden.start);
    expect(text(optimizer.averaged!(optimizer.init(start), start))).toBe(text(start));
  }
});

describe.each(all)("%s", (name, make) => {
  test("is pure: the same inputs give the same, and are not changed", () => {
    const optimizer = make(0.1);
    const params = readAll(golden.start, "f32");
    const [first, second] = gradients("f32");
    const after = optimizer.update(optimizer.init(params), first, params);
    const before = [text(after.state), text(after.params), text(second)];
    const once = optimizer.update(after.state, second, after.params);
    const again = optimizer.update(after.state, second, after.params);
    expect([text(again.state), text(again.params)]).toEqual([text(once.state), text(once.params)]);
    expect([text(after.state), text(after.params), text(second)]).toEqual(before);
  });

  test("gives the same bits compiled, with its state given up, as step by step", () => {
    for (const dtype of ["f32", "f64"] as const) {
      const optimizer = make(0.1);
      const program = compile(optimizer.update.bind(optimizer) as never, { donate: [0, 2] });
      const [one, other] = [run(optimizer, dtype), run(optimizer, dtype, program)];
      expect(text(other.params)).toBe(text(one.params));
      expect(text(other.state)).toBe(text(one.state));
    }
  });

  test("keeps the types of parameters, and counts steps in i32", () => {
    const params = { a: tensor([1, 2]), b: tensor([[3, 4]], { dtype: "f64" }) };
    const optimizer = make(0.1);
    const { params: next, state } = optimizer.update(optimizer.init(params), params, params);
    expect([next.a.dtype, next.b.dtype]).toEqual(["f32", "f64"]);
    const { step } = state as { step: Tensor };
    expect([step.dtype, step.item()]).toEqual(["i32", 1]);
  });

  test("comes to the minimum of a quadratic form", () => {
    const best = tensor([1, -2, 0.5], { dtype: "f64" });
    const scale = tensor([1, 3, 0.5], { dtype: "f64" });
    const value = (p: Tensor): Tensor => p.sub(best).square().mul(scale).sum();
    // Adadelta finds its own unit, from √ε upwards; Adagrad divides by all past gradients.
    const steps = 600;
    const rate = { adadelta: 1, adagrad: 0.5 }[name] ?? 0.05;
    const options = name === "adadelta" ? { epsilon: 1e-3 } : {};
    const optimizer = (makers[name] ?? make)(rate, options);
    const gradient = grad(value as never) as unknown as (p: Variables) => Variables;
    const step = compile((s: Variables, p: Variables, rate: Tensor) =>
      optimizer.update(s, gradient(p), p, { learningRate: rate }),
    );
    let now = { state: optimizer.init(best.mul(0)), params: best.mul(0) as Variables };
    const decay = schedules.cosine(rate);
    for (let i = 0; i < steps; i++)
      now = step(now.state, now.params, tensor(decay(i, steps), { dtype: "f64" }));
    expect(value(now.params as Tensor).item()).toBeLessThan(1e-4);
    expect(value(best.mul(0) as Tensor).item()).toBe(13.125);
  });

  test("goes on from its state as written and read again", () => {
    const optimizer = make(0.1);
    const params = readAll(golden.start, "f32");
    const [first, second] = gradients("f32");
    const after = optimizer.update(optimizer.init(params), first, params);
    const reread = <T extends Variables>(tree: T): T =>
      mapVariables(
        (x) => tensor(JSON.parse(JSON.stringify(x)) as never, { dtype: x.dtype }) as Tensor,
        tree,
      );
    const [a, b] = [after.state, reread(after.state)].map((state) =>
      optimizer.update(state, second, after.params),
    );
    expect(text(b.params)).toBe(text(a.params));
    expect(text(b.state)).toBe(text(a.state));
  });

  test("says what it is made from, and is made again from that", () => {
    const optimizer = make(0.25);
    const { options } = optimizer as unknown as { options: { learningRate: number } };
    expect(JSON.parse(JSON.stringify(options))).toEqual(options);
    if (name === "averaged") return;
    const { learningRate, ...rest } = options;
    const again = makers[optimizer.kind](learningRate, rest);
    expect(text(run(again, "f32").params)).toBe(text(run(optimizer, "f32").params));
  });

  test("takes a schedule, whose rate each step is handed", () => {
    if (name === "averaged") return;
    const optimizer = makers[name](schedules.cosine(0.1));
    const params = readAll(golden.start);
    const [g] = gradients("f64");
    const state = optimizer.init(params);
    expect(() => optimizer.update(state, g, params)).toThrow(
      /the rate is a schedule|learning rate is a schedule/,
    );
    const given = optimizer.update(state, g, params, { learningRate: 0.1 });
    expect(text(given.params)).toBe(text(makers[name](0.1).update(state, g, params).params));
    expect(optimizer.options).toMatchObject({ learningRate: { schedule: "cosine", rate: 0.1 } });
    // A rate of 0 changes nothing.
    expect(text(optimizer.update(state, g, params, { learningRate: 0 }).params)).toBe(text(params));
  });

  test("refuses rates and options that are none", () => {
    if (name === "averaged") return;
    for (const [rate, options, message] of [
      [-1, {}, /learning rate must be a number ≥ 0 or a schedule, got -1/],
      [NaN, {}, /learning rate/],
      [0.1, { clipNorm: 0 }, /clipNorm must be a number > 0, got 0/],
      [0.1, { weightDecay: -1 }, /weightDecay must be a number ≥ 0, got -1/],
      [0.1, { decay: "some" }, /decay must be "kernels", "all" or a function .* got "some"/],
    ] as const)
      expect(() => makers[name](rate, options)).toThrow(message);
  });
});

test("options out of range are named", () => {
  expect(() => optimizers.adam(0.1, { beta1: 1 })).toThrow(
    /adam: beta1 must be from 0 to below 1, got 1/,
  );
  expect(() => optimizers.momentum(0.1, { momentum: 1.5 })).toThrow(/momentum: momentum/);
  expect(() => optimizers.rmsprop(0.1, { epsilonAt: "uncorrected" as never })).toThrow(
    /epsilonAt must be "outside" or "inside"/,
  );
  expect(() => averaged("adam", { decay: 2 })).toThrow(/averaged: decay/);
  expect(() => averaged("adam", { from: -1 })).toThrow(/averaged: from/);
  expect(() => optimizerOf(optimizers.adam as never)).toThrow(/call it, as optimizers\.adam\(\)/);
  expect(() => optimizerOf("adem" as never)).toThrow(/unknown optimizer "adem"; there are sgd/);
});

test("optimizers go by their own names and Keras's, also where they are wrapped", () => {
  for (const name of [...Object.keys(makers), "adamw"]) {
    const kind = name === "adamw" ? "adamW" : name;
    const { kind: found, options } = optimizerOf(name as never);
    expect([found, options]).toEqual([kind, makers[kind]().options]);
    expect(averaged(name as never).options).toMatchObject({ of: { kind, options } });
  }
});

test("decay is for kernels unless it is said for which parameters", () => {
  const params = { layer: { kernel: tensor([[1]]), bias: tensor([1]) }, list: [tensor([[1]])] };
  const still = mapVariables((p) => p.mul(0), params);
  expect(pathsOf(params)).toEqual(["layer.bias", "layer.kernel", "list.0"]);
  const after = (decay?: "all" | ((path: string) => boolean)): number[] => {
    const o = optimizers.sgd(1, { weightDecay: 0.5, ...(decay === undefined ? {} : { decay }) });
    return tensorsOf(o.update(o.init(params), still, params).params).map(
      (p) => p.sum().item() as number,
    );
  };
  expect(after()).toEqual([1, 0.5, 0.5]);
  expect(after("all")).toEqual([0.5, 0.5, 0.5]);
  expect(after((path) => path.endsWith("bias"))).toEqual([0.5, 1, 1]);
  expect(optimizers.sgd(1, { decay: () => true }).options).toEqual({
    learningRate: 1,
    decay: null,
  });
});

test("clipping by length does not overflow, and leaves short gradients as they are", () => {
  const params = { p: tensor([0, 0]) };
  const step = (g: number[]): number[] => {
    const o = optimizers.sgd(1, { clipGlobalNorm: 5 });
    return numbers(o.update(o.init(params), { p: tensor(g) }, params).params.p);
  };
  requireNear(step([3e30, 4e30]), [-3, -4], 1e-6, "long");
  expect(step([3, -3])).toEqual([-3, 3]);
  expect(step([0, 0])).toEqual([-0, -0].map((x) => x + 0));
});

test("fit learns with averages, decay and a schedule, and keeps the averages", async () => {
  const x = random.normal(random.key(1), [64, 3]);
  const y = x.matmul(tensor([[1], [-2], [0.5]])) as Tensor;
  const optimizer = averaged(optimizers.adamW(schedules.oneCycle(0.1), { weightDecay: 1e-4 }), {
    decay: 0.9,
  });
  const learner = sequential(input(3), dense(1)).compile({
    loss: "mse",
    optimizer: optimizer,
  });
  const trained = await learner.fit({ x, y }, { epochs: 40, batchSize: 16 });
  const { loss } = await trained.evaluate({ x, y });
  expect(loss).toBeLessThan(1e-3);
  requireNear(
    numbers((trained.params as { dense: { kernel: Tensor } }).dense.kernel),
    [1, -2, 0.5],
    0.02,
    "kernel",
  );
});
