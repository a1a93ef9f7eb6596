import {
  IndexError,
  ones,
  random,
  ShapeError,
  tensor,
  type Tensor,
  ValueError,
  zeros,
} from "inkgrad";
import * as nn from "inkgrad/nn";
import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  embedding,
  flatten,
  input,
  lambda,
  model,
  parallel,
  relu,
  residual,
  sequential,
} from "inkgrad/nn";
import { inference, type Observed } from "@src/nn/layer.js";
import { layerOf } from "@src/nn/saving/layers.js";
import { describe, expect, test } from "vitest";

const key = random.key(0);
/** Without the types, which would refuse what is to be refused at run time. */
const loosely = nn as unknown as Record<string, (...args: unknown[]) => nn.Model>;

describe("errors say where they arose, in the words of the types", () => {
  test("in a chain", () => {
    const net = loosely.sequential(input(28, 28, 1), conv2d(8, 3), relu(), dense(10));
    const said =
      "sequential: layer 4 (dense): each example must be [features] or [steps, features], " +
      "not [26, 26, 8]; put flatten() before it";
    expect(() => net.init(key)).toThrow(new ShapeError(said));
    expect(() => net.summary()).toThrow(said);
  });

  test("in a chain within a chain, by names", () => {
    const block = loosely.residual(dense(4), dense(4, { name: "second" }), flatten(), conv2d(3, 1));
    const net = loosely.sequential(input(4), block);
    expect(() => net.init(key)).toThrow(
      "sequential: layer 2 (residual): layer 4 (conv2d): each example must be [h, w, c], not [4]; " +
        "put reshape(h, w, c) before it",
    );
  });

  test("in branches and sums", () => {
    const sums = loosely.sequential(input(4), residual(dense(3)));
    expect(() => sums.init(key)).toThrow(
      "sequential: layer 2 (residual): the layers make [3], to which [4] cannot be added; give " +
        "{ shortcut: 'projection' } first",
    );
    const apart = loosely.sequential(input(4, 4, 1), parallel([conv2d(2, 1), conv2d(2, 3)]));
    expect(() => apart.init(key)).toThrow(
      "layer 2 (parallel): branches make [4, 4, 2] and [2, 2, 2]; side by side they need the same " +
        "sizes before the last axis",
    );
  });

  test("when it is used, too, with the error's own class and cause", () => {
    const net = sequential(dense(3), relu(), dense(2));
    const params = net.init(key, [4]);
    try {
      net.apply(params, zeros([2, 5]));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ShapeError);
      expect((error as Error).message).toMatch(/^sequential: layer 1 \(dense\): matmul: /);
      expect((error as Error).cause).toBeInstanceOf(ShapeError);
    }
  });

  test("of names that are there twice, and of what is no layer", () => {
    expect(() => sequential(dense(1, { name: "a" }), dense(1, { name: "a" }))).toThrow(
      'sequential: two layers are called "a"',
    );
    expect(() => loosely.sequential(input(2), Math.sin)).toThrow(
      "sequential: what stands at place 2 is no layer",
    );
    expect(() => loosely.sequential(dense)).toThrow("what stands at place 1 is no layer");
  });
});

test.each([
  ["dense", [0], ValueError, "dense: units must be a whole number ≥ 1, got 0"],
  ["dense", [2, { activation: "rely" }], ValueError, 'dense: unknown activation "rely"; there are'],
  ["conv2d", [1.5, 3], ValueError, "conv2d: filters must be a whole number ≥ 1, got 1.5"],
  [
    "conv2d",
    [4, 0],
    ShapeError,
    "conv2d: the window must be a whole number ≥ 1, or 2 of them, got 0",
  ],
  ["conv2d", [4, 3, { stride: 0 }], ShapeError, "conv2d: stride must be a whole number ≥ 1"],
  ["conv2d", [4, 3, { padding: "full" }], ShapeError, 'conv2d: padding must be "valid", "same"'],
  ["conv2d", [4, 3, { dilation: [1] }], ShapeError, "conv2d: dilation must be a whole number ≥ 1"],
  [
    "conv2d",
    [4, 3, { groups: 3 }],
    ShapeError,
    "conv2d: the 4 filters cannot be split into 3 groups",
  ],
  ["conv1d", [4, 3, { padding: -1 }], ShapeError, "conv1d: padding must be"],
  ["maxPool2d", [0], ShapeError, "maxPool2d: the window must be a whole number ≥ 1"],
  ["avgPool1d", [2, { stride: 0.5 }], ShapeError, "avgPool1d: stride must be"],
  [
    "batchNorm",
    [{ momentum: 1 }],
    ValueError,
    "batchNorm: momentum must be at least 0 and below 1",
  ],
  ["batchNorm", [{ epsilon: 0 }], ValueError, "batchNorm: epsilon must be a number > 0"],
  ["groupNorm", [0], ValueError, "groupNorm: groups must be a whole number ≥ 1"],
  ["embedding", [0, 3], ValueError, "embedding: count must be a whole number ≥ 1"],
  ["dropout", [1], ValueError, "dropout: the rate must be at least 0 and below 1, got 1"],
  ["gaussianNoise", [-1], ValueError, "gaussianNoise: std must be"],
  ["standardize", [{ mean: 0, std: 0 }], ValueError, "standardize: std must be numbers above 0"],
  ["standardize", [{ mean: [1, NaN], std: 1 }], ValueError, "standardize: mean must be finite"],
  [
    "reshape",
    [-1, -1],
    ShapeError,
    "reshape: [-1, -1] must be whole numbers, of which one may be -1",
  ],
  ["leakyRelu", [{ slope: NaN }], ValueError, "leakyRelu: slope must be a finite number"],
  ["parallel", [[]], Error, "parallel: needs one branch or more"],
  [
    "parallel",
    [[relu()], { merge: "sum" }],
    Error,
    'parallel: unknown merge "sum"; there are concat',
  ],
] as const)("%s refuses the options %j", (of, args, Class, message) => {
  const make = (): unknown => loosely[of](...(args as readonly unknown[]));
  expect(make).toThrow(Class);
  expect(make).toThrow(message);
});

test.each([
  [() => nn.reshape(2, 5), [3, 4], "reshape: [3, 4] has 12 elements, [2, 5] has 10"],
  [
    () => nn.reshape(5, -1),
    [3, 4],
    "reshape: [3, 4] has 12 elements, not a multiple of 5 as [5, -1] asks",
  ],
  [() => nn.globalAvgPool(), [4], "globalAvgPool: each example must be [...spatial, c]"],
  [
    () => nn.maxPool1d(2),
    [4],
    "maxPool1d: each example must be [steps, c], not [4]; put reshape(steps, c)",
  ],
  [
    () => nn.groupNorm(2),
    [4, 3],
    "groupNorm: the 3 channels of [4, 3] cannot be split into 2 groups",
  ],
  [
    () => nn.standardize({ mean: [1, 2], std: 1 }),
    [3],
    "standardize: 2 numbers do not fit the last axis of [3]",
  ],
  [() => nn.batchNorm(), [4], "batchNorm: its running statistics are missing"],
] as [() => nn.Layer, number[], string][])("%s refuses examples %j", (make, shape, message) => {
  expect(() => make().apply({}, zeros([2, ...shape]), inference)).toThrow(message);
});

test("an id outside the table is an IndexError, and floats lose their fraction", () => {
  const layer = embedding(3, 2);
  const params = layer.init!(key, [1]);
  const rows = (params as { table: Tensor<[3, 2]> }).table.toArray();
  expect(layer.apply(params, tensor([[2.9], [0]]), inference).toArray()).toEqual([
    [rows[2]],
    [rows[0]],
  ]);
  expect(() => layer.apply(params, tensor([[3]], { dtype: "i32" }), inference).toArray()).toThrow(
    IndexError,
  );
});

test("layers are named by their kinds, and each is begun with a key of its own", () => {
  const net = sequential(input(3), dense(3), dense(3), dense(3, { name: "last" }), relu());
  const params = net.init(key) as Record<string, { kernel: Tensor }>;
  expect(Object.keys(params)).toEqual(["dense", "dense_1", "last"]);
  expect(params.dense.kernel.toArray()).not.toEqual(params.dense_1.kernel.toArray());
});

test("each layer draws random numbers of its own", () => {
  const net = parallel([dropout(0.5), dropout(0.5)], { merge: "concat" });
  const y = net.apply({}, ones([1, 64]), { ...inference, training: true, key });
  const [left, right] = [
    [0, 64],
    [64, 128],
  ].map((half) => y.slice([[], half as [number, number]]));
  expect(left.toArray()).not.toEqual(right.toArray());
});

test("what layers keep has the shape that is asked for, whatever was begun before", () => {
  const net = sequential(batchNorm());
  net.init(key, [3]);
  const { mean } = (net.initState([5]) as Record<string, { mean: Tensor }>).batchNorm;
  expect(mean.shape).toEqual([5]);
});

test("every activation shows what it gives, where it stands, also as an option", () => {
  const seen: Observed[] = [];
  const double = (x: Tensor): Tensor => x.mul(2);
  const net = sequential(
    input(4),
    dense(3, { activation: "leaky_relu" }),
    residual(dense(3, { activation: double }), relu()),
    nn.softmax(),
  );
  const y = net.apply(net.init(key), zeros([2, 4]), {
    ...inference,
    observe: (one) => void seen.push(one),
  });
  expect(seen.map(({ path, kind }) => `${path.join("/")}: ${kind}`)).toEqual([
    "dense: leakyRelu",
    "residual/dense: double",
    "residual/relu: relu",
    "softmax: softmax",
  ]);
  expect(seen[3].output.toArray()).toEqual(y.toArray());
  for (const name of ["linear", "relu", "elu", "gelu", "silu", "swish", "sigmoid", "tanh"] as const)
    expect(dense(1, { activation: name }).kind).toBe("dense");
});

test("batchNorm leaves its running statistics where a batch tells nothing of a variance", () => {
  const layer = batchNorm();
  const kept: unknown[] = [];
  const context = { ...inference, training: true, state: layer.initState!([3]) };
  const keep = (state: unknown): void => void kept.push(state);
  layer.apply(layer.init!(key, [3]), zeros([1, 3]), { ...context, keep });
  expect(kept).toEqual([]);
  layer.apply(layer.init!(key, [3]), zeros([2, 3]), { ...context, keep });
  expect(kept).toHaveLength(1);
});

test("a model trains with what it keeps, and uses it afterwards", async () => {
  const x = random.normal(key, [64, 2], { mean: 5, std: 3 });
  const y = x
    .slice([[], [0, 1]])
    .greater(5)
    .cast("i32")
    .reshape([64]);
  const net = sequential(
    input(2),
    batchNorm(),
    dense(8),
    batchNorm(),
    relu(),
    dropout(0.1),
    dense(2),
  );
  const learner = net.compile({
    loss: "sparseCategoricalCrossEntropy",
    optimizer: nn.optimizers.adam(0.01),
    metrics: ["accuracy"],
  });
  const trained = await learner.fit({ x, y }, { epochs: 30, batchSize: 16 });
  const { mean } = (trained.state as Record<string, { mean: Tensor }>).batchNorm;
  expect(Math.abs(mean.mean().item() - x.mean().item())).toBeLessThan(0.5);
  expect((await trained.evaluate({ x, y })).accuracy).toBeGreaterThan(0.9);
  // The first state is handed out anew, though training takes the memory of what it is given.
  const again = await learner.fit({ x, y }, { epochs: 1, batchSize: 16 });
  expect(again.history).toHaveLength(1);
  expect(JSON.stringify(net.initState())).toBe(JSON.stringify(net.initState()));
});

test("two functions are a model", async () => {
  const line = model({
    init: (key, [features]) => ({ w: random.normal(key, [features, 2]), b: zeros([2]) }),
    apply: ({ w, b }, x) => x.matmul(w).add(b) as Tensor,
  });
  const x = random.normal(key, [32, 3]);
  const y = x.sum(1).greater(0).cast("i32");
  const trained = await line
    .compile({ loss: "sparseCategoricalCrossEntropy", optimizer: "adam" })
    .fit({ x, y }, { epochs: 3, batchSize: 8 });
  expect(trained.history[2].train.loss).toBeLessThan(trained.history[0].train.loss);
  const { layers, trainable, multiplyAdds } = line.summary([3]);
  expect([layers.length, layers[0].kind, trainable, multiplyAdds]).toEqual([1, "function", 8, 6]);
  expect(() => line.init(key)).toThrow("model: it does not say what an example looks like");
});

describe("summary", () => {
  const net = sequential(
    input(8, 8, 1),
    conv2d(4, 3, { padding: "same", groups: 1 }),
    residual(conv2d(4, [1, 3], { padding: "same", groups: 2, bias: false }), batchNorm()),
    flatten(),
    dense(10),
  );

  test("counts parameters, multiply-adds and memory as one does by hand", () => {
    const { layers, ...whole } = net.summary();
    const byPath = Object.fromEntries(layers.map((row) => [row.path.join("/"), row]));
    expect(Object.keys(byPath)).toEqual([
      "input",
      "conv2d",
      "residual",
      "residual/conv2d",
      "residual/batchNorm",
      "flatten",
      "dense",
    ]);
    expect(byPath.conv2d).toMatchObject({
      output: [8, 8, 4],
      trainable: 40,
      multiplyAdds: 64 * 36,
    });
    expect(byPath["residual/conv2d"]).toMatchObject({ trainable: 24, multiplyAdds: 64 * 24 });
    expect(byPath.residual).toMatchObject({ trainable: 32, kept: 8, multiplyAdds: 64 * 24 });
    expect(byPath.dense).toMatchObject({ output: [10], trainable: 2570, multiplyAdds: 2560 });
    const trainable = 40 + 32 + 2570;
    expect(whole).toMatchObject({
      input: [8, 8, 1],
      output: [10],
      trainable,
      kept: 8,
      multiplyAdds: 64 * 36 + 64 * 24 + 2560,
      parameterBytes: 4 * (trainable + 8),
      // Four results of 8×8×4 and one of 10; flatten has no memory of its own.
      activationBytes: 4 * (4 * 256 + 10),
    });
  });

  test("prints a table, with what is inside a layer indented", () => {
    const [head, rule, ...lines] = String(net.summary()).split("\n");
    expect(head).toMatch(/^layer +output +parameters +kept +multiply-adds$/);
    expect(rule).toMatch(/^─+$/);
    expect(lines[2]).toMatch(/^residual +\[8, 8, 4\] +32 +8 +1,536$/);
    expect(lines[3]).toMatch(/^ {2}conv2d +\[8, 8, 4\] +24 +0 +1,536$/);
    expect(lines.at(-2)).toBe("2,642 parameters and 8 numbers kept besides: 10.6 kB");
    expect(lines.at(-1)).toBe(
      "an example of [8, 8, 1]: 6,400 multiply-adds, 4.1 kB of activations",
    );
  });

  test("takes the shape of an example where the model has none, and computes nothing large", () => {
    const wide = sequential(dense(100_000), dense(100_000, { name: "out" }));
    const { trainable } = wide.summary([100_000]);
    expect(trainable).toBe(2e10 + 2e5);
    expect(() => wide.summary()).toThrow("give the shape, for example [28, 28, 1]");
    expect(String(wide.summary([10]))).toContain("out (dense)");
  });
});

test("names of inner layers are kept when they are made again", () => {
  const branch = { ...sequential(dense(2), relu()), name: "left" };
  const net = sequential(input(3), parallel([branch, dense(2, { name: "right" })]));
  const again = layerOf(net.kind, JSON.parse(JSON.stringify(net.options)) as never);
  expect(JSON.stringify(again.init!(key, [3]))).toBe(JSON.stringify(net.init(key)));
  expect(Object.keys((net.init(key) as { parallel: object }).parallel)).toEqual(["left", "right"]);
});

test("what cannot be made again says so, and so does what is not known", () => {
  expect(
    sequential(
      dense(1),
      lambda("own", (x) => x),
    ).options,
  ).toBeNull();
  expect(dense(1, { activation: (x) => x }).options).toBeNull();
  expect(dense(1, { kernelInitializer: nn.initializers.constant(2) }).options).toEqual({
    units: 1,
    kernelInitializer: { kind: "constant", options: 2 },
  });
  expect(() => layerOf("dense", null)).toThrow("dense was made of functions");
  expect(() => layerOf("perceptron", {})).toThrow('there is no layer "perceptron"');
  expect(() => layerOf("toString", {})).toThrow('there is no layer "toString"');
  expect(() => layerOf("dense", { units: "many" })).toThrow(/dense does not take the options/);
  for (const nonsense of [3, "x", [1], { layers: 4 }, { layers: [null] }, { size: {} }, true])
    for (const kind of ["sequential", "residual", "parallel", "concat", "conv2d", "embedding"])
      expect(() => layerOf(kind, nonsense as never), `${kind} ${JSON.stringify(nonsense)}`).toThrow(
        /layerOf: /,
      );
});
