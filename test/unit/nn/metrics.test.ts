import { compile, random, tensor, type Tensor } from "inkgrad";
import { dense, input, losses, metrics, sequential } from "inkgrad/nn";
import type { Metric, MetricValue } from "@src/nn/metrics/metric.js";
import { metricOf } from "@src/nn/metrics/named.js";
import { tensorsOf } from "@src/nn/optimizers/trees.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const ints = (data: number[]): Tensor => tensor(data, { dtype: "i32" });

/** The figure of some batches. */
function figure(metric: unknown, ...batches: (readonly [Tensor, Tensor, Tensor?])[]): MetricValue {
  const of = metric as Metric;
  return of.result(batches.reduce((state, batch) => of.update(state, ...batch), of.init()));
}

const logits = tensor([
  [3, 1, 0],
  [0, 2, 1],
  [0, 1, 2],
  [5, 1, 0],
]);
const classes = ints([0, 1, 1, 2]);
const hot = tensor([
  [1, 0, 0],
  [0, 1, 0],
  [0, 1, 0],
  [0, 0, 1],
]);

describe("accuracy", () => {
  test("takes class numbers, one-hot targets, and zeros and ones", () => {
    expect(figure(metrics.accuracy(), [logits, classes])).toBe(0.5);
    expect(figure(metrics.accuracy(), [logits, hot])).toBe(0.5);
    const [z, y] = [tensor([1, -1, 2, -2]), ints([1, 0, 0, 0])];
    expect(figure(metrics.accuracy(), [z, y])).toBe(0.75);
    expect(figure(metrics.accuracy(), [z.reshape([4, 1]), y.reshape([4, 1])])).toBe(0.75);
    const p = tensor([0.9, 0.4, 0.6, 0.1]);
    expect(figure(metrics.accuracy({ threshold: 0.5 }), [p, y])).toBe(0.75);
  });

  test("counts steps within an example, and weights", () => {
    const steps = logits.reshape([2, 2, 3]);
    const each = [steps, classes.reshape([2, 2])] as const;
    expect(figure(metrics.accuracy(), each)).toBe(0.5);
    expect(figure(metrics.accuracy(), [...each, tensor([3, 1])])).toBe(0.75);
  });

  test("throws for labels [m] against predictions [m, 1]", () => {
    const column = tensor([[1], [2]]);
    for (const metric of [
      metrics.accuracy(),
      metrics.binaryAccuracy(),
      metrics.precision(),
      metrics.meanSquaredError(),
    ])
      expect(() => figure(metric, [column, ints([1, 0])])).toThrow(/reshape\(\[2, 1\]\)/);
    expect(() => figure(metrics.accuracy(), [logits, classes.reshape([4, 1])])).toThrow(
      /must be class numbers \[4\]/,
    );
    expect(() => figure(metrics.accuracy(), [logits, tensor([0, 1, 1, 2])])).toThrow(
      /integers, got f32/,
    );
  });

  test("counts exactly where floats of 32 bits would not", () => {
    const counting = [
      ...[metrics.accuracy(), metrics.binaryAccuracy(), metrics.topK(), metrics.precision()],
      ...[metrics.recall(), metrics.f1(), metrics.confusionMatrix({ classes: 3 })],
      ...[metrics.meanSquaredError(), metrics.meanAbsoluteError()],
    ] as Metric[];
    for (const { name, ...metric } of counting)
      for (const sum of tensorsOf(metric.init())) expect(sum.dtype, name).toBe("f64");
    const metric = metrics.accuracy();
    const many = {
      sum: tensor(2 ** 25, { dtype: "f64" }),
      weight: tensor(2 ** 25, { dtype: "f64" }),
    };
    const state = compile((s: typeof many) => metric.update(s, logits, classes))(many);
    expect([state.sum.item(), state.weight.item()]).toEqual([2 ** 25 + 2, 2 ** 25 + 4]);
  });
});

test("binaryAccuracy asks each label by itself", () => {
  const z = tensor([
    [1, -1],
    [2, 3],
  ]);
  expect(figure(metrics.binaryAccuracy(), [z, ints([1, 1, 1, 1]).reshape([2, 2])])).toBe(0.75);
});

test("topK looks among the k greatest, for class numbers and one-hot targets; NaN is never among them", () => {
  for (const y of [classes, hot]) {
    expect(figure(metrics.topK({ k: 1 }), [logits, y])).toBe(0.5);
    expect(figure(metrics.topK({ k: 2 }), [logits, y])).toBe(0.75);
    expect(figure(metrics.topK({ k: 3 }), [logits, y])).toBe(1);
  }
  expect(metrics.topK({ k: 3 }).name).toBe("top3");
  expect(
    figure(metrics.topK({ k: 2 }), [
      tensor([
        [NaN, 1, 0],
        [NaN, 1, 0],
      ]),
      ints([0, 1]),
    ]),
  ).toBe(0.5);
});

/** By counting, one example at a time. */
function counted(p: number[], y: number[], w: number[], depth: number) {
  const table = Array.from({ length: depth }, () => Array.from({ length: depth }, () => 0));
  p.forEach((guess, i) => (table[y[i]][guess] += w[i]));
  const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
  const share = (a: number, b: number): number => (b === 0 ? 0 : a / b);
  const all = table.map((row, k) => ({
    right: row[k],
    actual: sum(row),
    predicted: sum(table.map((r) => r[k])),
  }));
  const precision = all.map(({ right, predicted }) => share(right, predicted));
  const recall = all.map(({ right, actual }) => share(right, actual));
  const f1 = precision.map((x, k) => share(2 * x * recall[k], x + recall[k]));
  return { table, all, figures: { precision, recall, f1 } };
}

const examples = (depth: number) =>
  fc.array(fc.tuple(fc.nat(depth - 1), fc.nat(depth - 1), fc.nat(3)), {
    minLength: 2,
    maxLength: 12,
  });
const rowsOf = (list: number[], depth: number): Tensor =>
  tensor(list.map((k) => Array.from({ length: depth }, (_, i) => (i === k ? 1 : -1))));

test("precision, recall, F1 and the confusion matrix are those of counting, in batches and with weights", () => {
  fc.assert(
    fc.property(examples(3), (list) => {
      const [p, y, w] = [0, 1, 2].map((i) => list.map((one) => one[i]));
      const want = counted(p, y, w, 3);
      const half = Math.ceil(list.length / 2);
      const batches = [
        [0, half],
        [half, list.length],
      ]
        .filter(([a, b]) => b > a)
        .map(
          ([a, b]) =>
            [rowsOf(p.slice(a, b), 3), ints(y.slice(a, b)), tensor(w.slice(a, b))] as const,
        );
      expect(figure(metrics.confusionMatrix({ classes: 3 }), ...batches)).toEqual(want.table);
      for (const kind of ["precision", "recall", "f1"] as const) {
        const of = (average: "none" | "macro" | "micro" | "weighted"): MetricValue =>
          figure(metrics[kind]({ classes: 3, average }), ...batches);
        const list = want.figures[kind];
        list.forEach((x, k) => expect((of("none") as number[])[k]).toBeCloseTo(x, 12));
        expect(of("macro")).toBeCloseTo((list[0] + list[1] + list[2]) / 3, 12);
        const total = want.all.reduce((sum, { actual }) => sum + actual, 0);
        const right = want.all.reduce((sum, one) => sum + one.right, 0);
        expect(of("micro")).toBeCloseTo(total === 0 ? 0 : right / total, 12);
        const weighted = list.reduce((sum, x, k) => sum + x * want.all[k].actual, 0);
        expect(of("weighted")).toBeCloseTo(total === 0 ? 0 : weighted / total, 12);
      }
    }),
    { numRuns: 12 },
  );
});

test("without classes, precision, recall and F1 are about the ones", () => {
  const [z, y] = [tensor([1, 2, -1, 3, -2]), ints([1, 0, 1, 1, 0])];
  const two = tensor([
    [0, 1],
    [0, 2],
    [1, 0],
    [0, 3],
    [2, 0],
  ]);
  for (const p of [z, two]) {
    expect(figure(metrics.precision(), [p, y])).toBeCloseTo(2 / 3, 15);
    expect(figure(metrics.recall(), [p, y])).toBeCloseTo(2 / 3, 15);
    expect(figure(metrics.f1(), [p, y])).toBeCloseTo(2 / 3, 15);
    expect(figure(metrics.confusionMatrix({ classes: 2 }), [p, y])).toEqual([
      [1, 1],
      [1, 2],
    ]);
  }
  expect(figure(metrics.precision(), [tensor([-1]), ints([1])])).toBe(0);
  expect(() => figure(metrics.f1(), [logits, classes])).toThrow(
    /of 3 classes; say so, as f1\(\{ classes: 3 \}\)/,
  );
});

test("metrics refuse what makes no sense", () => {
  expect(() => metrics.confusionMatrix({} as never)).toThrow(/classes must be a whole number/);
  expect(() => metrics.f1({ average: "mean" as never })).toThrow(/average must be/);
  expect(() => metrics.topK({ k: 0 })).toThrow(/k must be/);
  expect(() => metricOf(metrics.auc as never)).toThrow(/call it, as metrics\.auc\(\)/);
  expect(() => metricOf("acuracy" as never)).toThrow(
    /unknown metric "acuracy"; there are accuracy/,
  );
});

test("metrics go by Keras's names, the usual abbreviations, and their own", () => {
  const names: Record<string, string> = {
    acc: "accuracy",
    accuracy: "accuracy",
    categorical_accuracy: "accuracy",
    sparse_categorical_accuracy: "accuracy",
    binary_accuracy: "binaryAccuracy",
    binaryAccuracy: "binaryAccuracy",
    topK: "top5",
    top_k_categorical_accuracy: "top5",
    sparse_top_k_categorical_accuracy: "top5",
    precision: "precision",
    Precision: "precision",
    recall: "recall",
    Recall: "recall",
    f1: "f1",
    f1_score: "f1",
    auc: "auc",
    AUC: "auc",
    mse: "meanSquaredError",
    mean_squared_error: "meanSquaredError",
    meanSquaredError: "meanSquaredError",
    mae: "meanAbsoluteError",
    mean_absolute_error: "meanAbsoluteError",
    meanAbsoluteError: "meanAbsoluteError",
  };
  for (const [name, own] of Object.entries(names))
    expect(metricOf(name as never).name, name).toBe(own);
});

test("errors are means over the examples", () => {
  const batches = [
    [tensor([1, 2]), tensor([0, 0])],
    [tensor([4]), tensor([1])],
  ] as const;
  expect(figure(metrics.meanSquaredError(), ...batches)).toBeCloseTo(14 / 3, 12);
  expect(figure(metrics.meanAbsoluteError(), ...batches)).toBe(2);
});

/** Every pair of a one and a zero. */
function areaByPairs(s: number[], y: number[], w: number[]): number {
  let [area, all] = [0, 0];
  s.forEach((a, i) => {
    s.forEach((b, j) => {
      if (y[i] !== 1 || y[j] !== 0) return;
      all += w[i] * w[j];
      area += w[i] * w[j] * (a > b ? 1 : a === b ? 0.5 : 0);
    });
  });
  return area / all;
}

test("auc is the share of pairs in order, ties counted half, whatever the form of the predictions", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.integer({ min: -3, max: 3 }), fc.nat(1), fc.integer({ min: 1, max: 4 })),
        { minLength: 3, maxLength: 20 },
      ),
      async (list) => {
        const [s, y, w] = [0, 1, 2].map((i) => list.map((one) => one[i]));
        if (new Set(y).size < 2) return;
        const n = s.length;
        const [scores, labels, weights] = [tensor(s), ints(y), tensor(w)];
        const plain = areaByPairs(
          s,
          y,
          s.map(() => 1),
        );
        const whole = (...all: Parameters<metrics.WholeMetric["whole"]>) =>
          metrics.auc().whole(...all);
        expect(await whole(scores, labels)).toBeCloseTo(plain, 12);
        expect(await whole(scores.reshape([n, 1]), labels.reshape([n, 1]))).toBeCloseTo(plain, 12);
        const two = tensor(s.map((x) => [7, 7 + x]));
        expect(await whole(two, labels)).toBeCloseTo(plain, 12);
        expect(await whole(two, labels.oneHot(2) as Tensor)).toBeCloseTo(plain, 12);
        expect(await whole(scores, labels, weights)).toBeCloseTo(areaByPairs(s, y, w), 12);
      },
    ),
    { numRuns: 40 },
  );
});

test("auc of several classes is the mean of each against the rest, by probability", async () => {
  const z = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)]);
  const y = z.map((row, i) => (i % 4 === 0 ? i % 3 : row.indexOf(Math.max(...row))));
  const p = z.map((row) =>
    row.map((x) => Math.exp(x) / row.reduce((sum, v) => sum + Math.exp(v), 0)),
  );
  const ofClass = [0, 1, 2].map((k) =>
    areaByPairs(
      p.map((row) => row[k]),
      y.map((c) => (c === k ? 1 : 0)),
      y.map(() => 1),
    ),
  );
  const want = (ofClass[0] + ofClass[1] + ofClass[2]) / 3;
  const f64 = (data: number[][]): Tensor => tensor(data, { dtype: "f64" });
  expect(await metrics.auc().whole(f64(z), ints(y))).toBeCloseTo(want, 12);
  expect(await metrics.auc({ fromLogits: false }).whole(f64(p), ints(y))).toBeCloseTo(want, 12);
  // Where every probability rounds to 1 the order is still there.
  const sure = tensor([
    [0, 100],
    [0, 200],
    [0, 300],
  ]);
  expect(await metrics.auc().whole(sure, ints([0, 0, 1]))).toBe(1);
  expect(await metrics.auc().whole(sure, ints([1, 1, 1]))).toBeNaN();
});

const x = random.normal(random.key(0), [90, 2]);
const y = (x.slice([[], [0, 1]]) as Tensor).reshape([90]).greater(0).cast("i32");

test("fit, evaluate and tables give every kind of metric where it belongs", async () => {
  const learner = sequential(input(2), dense(2)).compile({
    loss: "sparseCategoricalCrossEntropy",
    metrics: [
      "accuracy",
      "auc",
      metrics.confusionMatrix({ classes: 2 }),
      metrics.recall({ classes: 2, average: "none" }),
    ],
  });
  const trained = await learner.fit({ x, y }, { epochs: 3, validationData: { x, y } });
  const { train, validation } = trained.history[2];
  expect(Object.keys(train)).toEqual(["loss", "accuracy"]);
  expect(Object.keys(validation!)).toEqual(["loss", "accuracy", "auc"]);
  const [{ accuracy, auc }, tables] = [
    await trained.evaluate({ x, y }, { batchSize: 40 }),
    await trained.tables({ x, y }),
  ];
  const scores = trained.predict(x).toArray() as number[][];
  const labels = y.toArray();
  expect(auc).toBeCloseTo(
    areaByPairs(
      scores.map(([a, b]) => b - a),
      labels,
      labels.map(() => 1),
    ),
    12,
  );
  const table = tables.confusionMatrix as number[][];
  expect(Object.keys(tables)).toEqual(["confusionMatrix", "recall"]);
  expect((table[0][0] + table[1][1]) / 90).toBeCloseTo(accuracy, 12);
  expect(tables.recall[1]).toBeCloseTo(table[1][1] / (table[1][0] + table[1][1]), 12);
});

test("class weights count in the loss that is shown as examples of weight do", async () => {
  const weights = y.mul(3).add(1).cast("f32");
  const loss = losses.sparseCategoricalCrossEntropy;
  const fit = async (own: object, data: object): Promise<[number, number, number]> => {
    const learner = sequential(input(2), dense(2)).compile({ loss: loss(own) });
    const trained = await learner.fit({ x, y, ...data }, { epochs: 2 });
    const shown = (await trained.evaluate({ x, y, ...data }, { batchSize: 40 })).loss;
    const direct = loss()(trained.predict(x), y, weights).item() as number;
    return [trained.history[1].train.loss, shown, direct];
  };
  const [byClass, byExample] = [
    await fit({ classWeights: [1, 4] }, {}),
    await fit({}, { weights }),
  ];
  byClass.forEach((value, i) => {
    expect(value).toBeCloseTo(byExample[i], 6);
  });
  expect(byClass[1]).toBeCloseTo(byClass[2], 6);
  expect(byClass[1]).not.toBeCloseTo((await fit({}, {}))[1], 3);
});
