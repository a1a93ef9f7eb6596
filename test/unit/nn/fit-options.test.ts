import { random, tensor, type Tensor } from "inkgrad";
import { dense, input, optimizers, relu, sequential } from "inkgrad/nn";
import { expect, test } from "vitest";

const x = random.uniform(random.key(0), [60, 2], { min: -1, max: 1 });
const y = x.square().sum(1).less(0.5).cast("i32");
const model = sequential(input(2), dense(8), relu(), dense(2));
const loss = "sparseCategoricalCrossEntropy";
// Plain descent: other optimizers would not notice gradients of another scale.
const optimizer = optimizers.sgd(0.3);
const learner = model.compile({ loss, optimizer, metrics: ["accuracy"] });

const numbers = (tree: unknown): number[] =>
  (JSON.parse(JSON.stringify(Object.values(tree as object))) as unknown[]).flat(
    Infinity,
  ) as unknown as number[];
const flat = (params: unknown): number[] =>
  numbers(params).flatMap((part) => (typeof part === "number" ? [part] : flat(part)));

const expectClose = (a: unknown, b: unknown, digits = 5): void => {
  const [left, right] = [flat(a), flat(b)];
  expect(left).toHaveLength(right.length);
  expect(left.length).toBeGreaterThan(10);
  left.forEach((value, i) => {
    expect(value).toBeCloseTo(right[i], digits);
  });
};

test.each([
  ["k batches of b", 10, 4],
  ["with a leftover at the epoch's end", 8, 3],
  ["with a last batch that is smaller", 7, 9],
])("gathered gradients make the step of one large batch: %s", async (_, batchSize, accumulate) => {
  const weights = random.uniform(random.key(5), [60], { min: 0.1, max: 2 });
  const gathered = model.compile({ loss, optimizer, accumulate });
  const options = { epochs: 2, shuffle: false };
  const small = await gathered.fit({ x, y, weights }, { ...options, batchSize });
  const large = await learner.fit(
    { x, y, weights },
    { ...options, batchSize: batchSize * accumulate },
  );
  expectClose(small.params, large.params);
});

test('batchSize "all" takes all examples for one step, 1 a step for each', async () => {
  const steps = async (batchSize: number | "all"): Promise<number> => {
    let seen = 0;
    const onBatchEnd = (): void => void seen++;
    await learner.fit({ x, y }, { batchSize, callbacks: [{ onBatchEnd }] });
    return seen;
  };
  expect(await steps("all")).toBe(1);
  expect(await steps(1)).toBe(60);
  await expect(learner.fit({ x, y }, { batchSize: 0 })).rejects.toThrow(
    /whole number ≥ 1 or "all"/,
  );
});

test("a class that weighs three times counts as if its examples were there three times", async () => {
  const labels: number[] = y.toArray();
  const rows = labels.flatMap((label, i) => (label === 1 ? [i, i, i] : [i]));
  const points = x.toArray() as number[][];
  const tripled = {
    x: tensor(rows.map((i) => points[i])) as Tensor,
    y: tensor(
      rows.map((i) => labels[i]),
      { dtype: "i32" },
    ) as Tensor,
  };
  const options = { epochs: 3, batchSize: "all" } as const;
  const weighted = await learner.fit({ x, y }, { ...options, classWeights: { 1: 3 } });
  const repeated = await learner.fit(tripled, options);
  expectClose(weighted.params, repeated.params, 4);
  expect(weighted.history[0].train.loss).toBeCloseTo(repeated.history[0].train.loss, 5);
  // Metrics count each example once.
  const { accuracy } = await learner.evaluate({ x, y });
  expect(weighted.history[0].train.accuracy).toBeCloseTo(accuracy, 6);
});

test("balanced class weights make all classes count alike, however many examples they have", async () => {
  const labels: number[] = y.toArray();
  const ones = labels.filter((label) => label === 1).length;
  expect(ones).not.toBe(30);
  const balanced = { 0: 60 / (2 * (60 - ones)), 1: 60 / (2 * ones) };
  const by = await learner.fit({ x, y }, { classWeights: balanced });
  const named = await learner.fit({ x, y }, { classWeights: "balanced" });
  expectClose(by.params, named.params, 7);
});

test("class weights of what is no class are refused", async () => {
  await expect(learner.fit({ x, y }, { classWeights: { 0: -1 } })).rejects.toThrow(/number ≥ 0/);
  await expect(learner.fit({ x, y }, { classWeights: { cat: 1 } as never })).rejects.toThrow(
    /class numbers.*"cat"/,
  );
});

test("a validation split is drawn by the seed, and the rest is learned from", async () => {
  const counts: number[] = [];
  const counting = {
    onBatchEnd: ({ count }: { count: number }) => void counts.push(count),
  };
  const options = { validationSplit: 0.25, callbacks: [counting], epochs: 2 };
  const one = await learner.fit({ x, y }, options);
  expect(counts.reduce((a, b) => a + b)).toBe(2 * 45);
  const again = await learner.fit({ x, y }, options);
  const other = await learner.fit({ x, y }, { ...options, seed: 1 });
  expect(one.history[1].validation).toEqual(again.history[1].validation);
  expect(one.history[1].validation).not.toEqual(other.history[1].validation);
  await expect(learner.fit({ x, y }, { validationSplit: 1 })).rejects.toThrow(/between 0 and 1/);
  await expect(
    learner.fit({ x, y }, { validationSplit: 0.5, validationData: { x, y } }),
  ).rejects.toThrow(/not both/);
});

test("what was set aside is not learned from", async () => {
  // Targets that can only be known by heart: those set aside stay unknown.
  const noise = random.integers(random.key(9), [60], { min: 0, max: 2 });
  const big = sequential(input(2), dense(256), relu(), dense(256), relu(), dense(2));
  const trained = await big
    .compile({ loss, metrics: ["accuracy"] })
    .fit({ x: x.mul(5), y: noise }, { epochs: 150, validationSplit: 0.5, batchSize: "all" });
  const { train, validation } = trained.history[149];
  expect(train.accuracy).toBeGreaterThan(0.85);
  expect(validation!.accuracy).toBeLessThan(0.75);
});

test("the history is a list, a table and columns", async () => {
  const { history } = await learner.fit({ x, y }, { epochs: 3, validationData: { x, y } });
  expect(history.column("val_accuracy")).toEqual(history.map((f) => f.validation!.accuracy));
  const lines = history.toString().split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[0].trim().split(/\s+/)).toEqual([
    "epoch",
    "loss",
    "accuracy",
    "val_loss",
    "val_accuracy",
    "learningRate",
    "seconds",
  ]);
  expect(lines[3].trim().startsWith("3 ")).toBe(true);
});

test.each([
  ["beyond the outputs", y.add(1), /class number 2 \(at position \d+\).*2 outputs.*from 0/s],
  ["below 0", y.sub(1), /class number -1.*counted from 0/s],
  ["floats", y.cast("f32"), /must be integers.*y\.cast\("i32"\)/s],
  [
    "one-hot",
    tensor(Array.from({ length: 60 }, () => [0, 1])),
    /one-hot.*categoricalCrossEntropy/s,
  ],
])("targets that cannot be class numbers are refused: %s", async (_, targets, message) => {
  await expect(learner.fit({ x, y: targets })).rejects.toThrow(message);
});

test("a learner evaluates before anything is learned, by the seed that fit begins with", async () => {
  const before = await learner.evaluate({ x, y }, { seed: 3 });
  const { history } = await learner.fit({ x, y }, { seed: 3, batchSize: "all" });
  expect(history[0].train.loss).toBeCloseTo(before.loss, 6);
});

test("training on leaves the model that it began from as it was", async () => {
  const first = await learner.fit({ x, y });
  const before = JSON.stringify(first.params);
  const second = await first.fit({ x, y }, { epochs: 2 });
  expect(JSON.stringify(first.params)).toBe(before);
  expect(JSON.stringify(second.params)).not.toBe(before);
});

test("the learning-rate finder suggests a rate that learns, and changes nothing", async () => {
  const wide = random.uniform(random.key(0), [2000, 2], { min: -1, max: 1 });
  const data = { x: wide, y: wide.square().sum(1).less(0.5).cast("i32") };
  const learner = model.compile({ loss });
  const before = JSON.stringify((await learner.fit(data)).params);
  const { rates, losses, suggestion } = await learner.findLearningRate(data);
  expect(rates.length).toBe(losses.length);
  // A hundred rates from 1e-7 to 10, as far as the loss let it go on.
  rates.forEach((rate, i) => expect(rate / (1e-7 * 1e8 ** (i / 99))).toBeCloseTo(1, 9));
  expect(losses[0]).toBeCloseTo((await learner.evaluate(data)).loss, 1);
  const least = losses.indexOf(Math.min(...losses));
  const at = rates.indexOf(suggestion);
  const falls = losses.map((_, i) => losses[i + 1] - losses[i - 1]);
  expect(at).toBeGreaterThan(0);
  expect(at).toBeLessThan(least);
  expect(falls[at]).toBe(Math.min(...falls.slice(1, least)));
  // It learns, which a hundredth of it and what comes behind the least loss do not, or less.
  const lossAt = async (rate: number): Promise<number> => {
    const own = model.compile({ loss, optimizer: optimizers.adam(rate) });
    return (await own.fit(data, { epochs: 2 })).history[1].train.loss;
  };
  const found = await lossAt(suggestion);
  expect(found).toBeLessThan(await lossAt(suggestion / 100));
  expect(found).toBeLessThan(await lossAt(rates[rates.length - 1]));
  expect(JSON.stringify((await learner.fit(data)).params)).toBe(before);
});
