import { checkGradients, compile, concat, grad, tensor, type Tensor } from "inkgrad";
import { losses } from "inkgrad/nn";
import { lossOf } from "@src/nn/losses/named.js";
import { describe, expect, test } from "vitest";
import { readGolden } from "../../golden/cases.js";
import { numbers, read, requireNear, type Written } from "../../support/golden-tensor.js";

/** Every exported loss is held to all of this. */

interface Case {
  readonly loss: string;
  readonly options: object;
  readonly predictions: Written;
  readonly targets: Written;
  readonly weights: Written | null;
  readonly perExample: Written;
  readonly mean: Written;
  readonly gradient: Written;
}

type Make = (options?: object) => losses.Loss;
const { loss: ofOnesOwn, ...known } = losses;
const all = Object.entries(known as unknown as Record<string, Make>);
const cases = readGolden("training/losses.json").cases as Case[];
const casesOf = (name: string): Case[] => cases.filter(({ loss }) => loss === name);
const made = (name: string, options: object): losses.Loss =>
  (known as unknown as Record<string, Make>)[name](options);

const gradientOf = (f: (p: Tensor) => Tensor): ((p: Tensor) => Tensor) =>
  grad(f as never) as unknown as (p: Tensor) => Tensor;

test("every loss has golden values, and every golden value a loss", () => {
  const names = new Set(cases.map(({ loss }) => loss));
  expect([...names].sort()).toEqual(all.map(([name]) => name).sort());
});

describe.each(all.map(([name]) => name))("%s", (name) => {
  test("gives PyTorch's numbers, means and gradients", () => {
    for (const one of casesOf(name)) {
      const loss = made(name, one.options);
      const what = `${name} ${JSON.stringify(one.options)}`;
      const [p, y] = [read(one.predictions), read(one.targets)];
      const w = one.weights === null ? undefined : read(one.weights);
      requireNear(numbers(loss.perExample(p, y)), one.perExample.data, 1e-14, what);
      requireNear(numbers(loss(p, y, w)), one.mean.data, 1e-14, `${what}, mean`);
      const g = gradientOf((p) => loss(p, y, w))(p);
      requireNear(numbers(g), one.gradient.data, 1e-14, `${what}, gradient`);
      const single = loss(read(one.predictions, "f32"), y, w);
      expect(single.dtype).toBe("f32");
      requireNear(numbers(single), one.mean.data, 1e-5, `${what} in f32`);
    }
  });

  test("has the gradient that differences show", () => {
    for (const one of casesOf(name)) {
      const y = read(one.targets);
      checkGradients((p: Tensor) => made(name, one.options)(p, y), [
        read(one.predictions) as never,
      ] as never);
    }
  });

  test("counts an example of weight 2 as if it were there twice, and one of weight 0 not at all", () => {
    for (const one of casesOf(name)) {
      const loss = made(name, one.options);
      const [p, y] = [read(one.predictions), read(one.targets)];
      const n = p.shape[0];
      const twice = (x: Tensor): Tensor => concat([x.slice([[0, 1]]), x.slice([[0, n - 1]])], 0);
      const weights = tensor(
        Float64Array.from({ length: n }, (_, i) => (i === 0 ? 2 : i === n - 1 ? 0 : 1)),
      );
      requireNear(numbers(loss(p, y, weights)), numbers(loss(twice(p), twice(y))), 1e-14, name);
    }
  });

  test("is finite with finite gradients at logits of ±1e4", () => {
    for (const one of casesOf(name).filter((c) => !("fromLogits" in c.options)))
      for (const dtype of ["f32", "f64"] as const)
        for (const sign of [1, -1]) {
          const p = read(one.predictions, dtype)
            .sign()
            .mul(sign * 1e4);
          const f = (p: Tensor): Tensor => made(name, one.options)(p, read(one.targets));
          expect(Number.isFinite(f(p).item())).toBe(true);
          expect(numbers(gradientOf(f)(p)).every(Number.isFinite)).toBe(true);
        }
  });

  test("gives the same bits within a program", () => {
    const [one] = casesOf(name);
    const loss = made(name, one.options);
    const [p, y] = [read(one.predictions, "f32"), read(one.targets)];
    const f = (p: Tensor, y: Tensor): Tensor => loss(p, y);
    expect(compile(f)(p, y).item()).toBe(f(p, y).item());
  });

  test("throws for labels [m] against predictions [m, 1], and the other way round", () => {
    const column = tensor([[0.5], [1], [0.25]]);
    const row = tensor([0, 1, 0]);
    const loss = made(name, {});
    for (const dtype of ["f32", "i32"] as const)
      for (const [p, y] of [
        [column, row],
        [row, column],
      ])
        expect(() => loss(p, y.cast(dtype)), dtype).toThrow(
          expect.objectContaining({ name: "ShapeError" }) as Error,
        );
  });

  test("can be made again from its options", () => {
    for (const one of casesOf(name)) {
      const loss = made(name, one.options);
      const copy =
        lossOf(loss.kind as never).kind === loss.kind
          ? made(loss.kind, JSON.parse(JSON.stringify(loss.options)) as object)
          : null;
      const [p, y] = [read(one.predictions), read(one.targets)];
      expect(copy?.(p, y).item()).toBe(loss(p, y).item());
    }
  });
});

const hot = tensor(
  [
    [1, 0, 0],
    [0, 0, 1],
  ],
  { dtype: "f64" },
);
const sure = hot.mul(100).sub(50);
const atBest: Record<keyof typeof known, [Tensor, Tensor]> = {
  binaryCrossEntropy: [sure, hot],
  categoricalCrossEntropy: [sure, hot],
  sparseCategoricalCrossEntropy: [sure, tensor([0, 2], { dtype: "i32" })],
  binaryFocalCrossEntropy: [sure, hot],
  categoricalFocalCrossEntropy: [sure, hot],
  categoricalHinge: [sure, hot],
  hinge: [sure, hot],
  squaredHinge: [sure, hot],
  klDivergence: [
    tensor([[0.2, 0.3, 0.5]], { dtype: "f64" }).log(),
    tensor([[0.2, 0.3, 0.5]], { dtype: "f64" }),
  ],
  huber: [hot, hot],
  meanAbsoluteError: [hot, hot],
  meanSquaredError: [hot, hot],
};

test("is 0 where predictions are what they should be, and has no gradient there", () => {
  for (const [name, [p, y]] of Object.entries(atBest)) {
    const f = (p: Tensor): Tensor => made(name, {})(p, y);
    expect(Math.abs(f(p).item() as number), name).toBeLessThan(1e-15);
    requireNear(numbers(gradientOf(f)(p)), numbers(p.mul(0)), 1e-15, name);
  }
});

const ofProbabilities = all.flatMap(([name, make]) =>
  make().fromLogits === undefined ? [] : [name],
);
const isBinary = (name: string): boolean => name.startsWith("binary");

describe.each(ofProbabilities)("%s of probabilities", (name) => {
  const sparse = name.startsWith("sparse");
  const options = name === "binaryFocalCrossEntropy" ? { alpha: null } : {};
  const loss = made(name, { ...options, fromLogits: false });
  const hot = [
    [1, 0],
    [0, 1],
  ];
  const targets = (rows: number[][]): Tensor =>
    sparse
      ? tensor(
          rows.map((row) => row.indexOf(1)),
          { dtype: "i32" },
        )
      : tensor(rows);

  test("is what it is of their logits", () => {
    const z = tensor(
      [
        [0.3, -1.2],
        [2, 0.7],
      ],
      { dtype: "f64" },
    );
    const p = (isBinary(name) ? z.sigmoid() : z.softmax()) as Tensor;
    const want = made(name, options)(z, targets(hot));
    requireNear(numbers(loss(p, targets(hot))), numbers(want), 1e-14, name);
  });

  test("holds 0 and 1 at 1e-7 (f64: 1e-15)", () => {
    for (const [dtype, edge] of [
      ["f32", 1e-7],
      ["f64", 1e-15],
    ] as const) {
      // Sure of what is wrong.
      const p = tensor(hot, { dtype }).neg().add(1) as Tensor;
      const found = loss(p, targets(hot)).item() as number;
      // 1 − 1e-7 is not a number of f32: the nearest is 1 − 1.19e-7.
      expect(Math.abs(found / -Math.log(edge) - 1), dtype).toBeLessThan(0.01);
      const slopes = numbers(gradientOf((p) => loss(p, targets(hot)))(p));
      expect(slopes.every(Number.isFinite)).toBe(true);
    }
  });
});

test("integer and boolean labels do as well as floats", () => {
  const p = tensor([0.5, -2, 1]);
  const want = losses
    .binaryCrossEntropy()(p, tensor([1, 0, 1]))
    .item() as number;
  for (const dtype of ["i32", "u8", "bool"] as const)
    expect(
      losses
        .binaryCrossEntropy({ classWeights: [2, 2] })(p, tensor([1, 0, 1], { dtype }))
        .item(),
    ).toBeCloseTo(want, 6);
});

test("a class that is not there is an IndexError, float classes a DTypeError", () => {
  const loss = losses.sparseCategoricalCrossEntropy();
  const p = tensor([[1, 2, 3]]);
  expect(() => loss(p, tensor([3], { dtype: "i32" })).item()).toThrow(/3/);
  expect(() => loss(p, tensor([1]))).toThrow(/class numbers must be integers, got f32/);
});

test("messages say what to do", () => {
  const column = tensor([[1], [2]]);
  expect(() => losses.meanSquaredError()(column, tensor([1, 2]))).toThrow(
    /use targets\.reshape\(\[2, 1\]\)/,
  );
  expect(() => losses.categoricalCrossEntropy()(tensor([[1, 2]]), tensor([1]))).toThrow(
    /sparseCategoricalCrossEntropy/,
  );
  expect(() => losses.sparseCategoricalCrossEntropy()(tensor([[1, 2]]), tensor([[1, 0]]))).toThrow(
    /categoricalCrossEntropy/,
  );
  expect(() =>
    losses.meanSquaredError()(tensor([1, 2]), tensor([1, 2]), tensor([[1], [1]])),
  ).toThrow(/weights must be \[2\]/);
  expect(() =>
    losses.categoricalCrossEntropy({ classWeights: [1, 2] })(
      tensor([[1, 2, 3]]),
      tensor([[1, 0, 0]]),
    ),
  ).toThrow(/3 classes and 2 classWeights/);
  expect(() => losses.huber({ delta: 0 })).toThrow(/delta must be a number > 0/);
  expect(() => losses.binaryCrossEntropy({ labelSmoothing: 1 })).toThrow(/labelSmoothing/);
  expect(() => losses.binaryFocalCrossEntropy({ alpha: 2 })).toThrow(/alpha/);
  expect(() => lossOf(losses.huber as never)).toThrow(/call it, as losses\.huber\(\)/);
  expect(() => lossOf("mee" as never)).toThrow(/unknown loss "mee"; there are .*huber/);
});

test("losses go by Keras's names, the usual abbreviations, and their own", () => {
  const names: Record<string, string> = {
    mse: "meanSquaredError",
    mean_squared_error: "meanSquaredError",
    mae: "meanAbsoluteError",
    mean_absolute_error: "meanAbsoluteError",
    huber: "huber",
    hinge: "hinge",
    categorical_hinge: "categoricalHinge",
    bce: "binaryCrossEntropy",
    binary_crossentropy: "binaryCrossEntropy",
    categorical_crossentropy: "categoricalCrossEntropy",
    sparse_categorical_crossentropy: "sparseCategoricalCrossEntropy",
    kld: "klDivergence",
    kl_divergence: "klDivergence",
    focal: "binaryFocalCrossEntropy",
    binary_focal_crossentropy: "binaryFocalCrossEntropy",
    categorical_focal_crossentropy: "categoricalFocalCrossEntropy",
  };
  for (const [name, kind] of Object.entries(names)) expect(lossOf(name as never).kind).toBe(kind);
  for (const [name, make] of all) expect(lossOf(name as never).kind).toBe(make().kind);
  for (const name of ["squared_hinge", "squaredHinge"] as const)
    expect([lossOf(name).kind, lossOf(name).options]).toEqual(["hinge", { squared: true }]);
});

test("a loss of one's own is a function of examples", () => {
  const own = ofOnesOwn("cubed", null, (p, y) => p.sub(y).abs().pow(3));
  expect(own(tensor([1, 2]), tensor([0, 0]), tensor([1, 3])).item()).toBe(25 / 4);
});
