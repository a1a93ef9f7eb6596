import { random, type Tensor, tensor, zeros } from "inkgrad";
import {
  batchNorm,
  callbacks,
  dense,
  input,
  lambda,
  metrics,
  optimizers,
  relu,
  schedules,
  sequential,
} from "inkgrad/nn";
import { describe, expect, test } from "vitest";

/** Mistakes that users make are told in words, at once, and never end in a wrong number or a standstill. */

const x = random.normal(random.key(1), [24, 3]);
const y = random.integers(random.key(2), [24], { min: 0, max: 3 });
const model = sequential(input(3), dense(4), relu(), dense(3));
const loss = "sparseCategoricalCrossEntropy";
const learner = model.compile({ loss, metrics: ["accuracy"] });
const weighted = (weight: (i: number) => number): Tensor =>
  tensor(Float32Array.from({ length: 24 }, (_, i) => weight(i)));

describe("predict", () => {
  test("refuses sizes of batches that would never come to an end, and what is no batch", async () => {
    const trained = await learner.fit({ x, y });
    for (const batchSize of [0, -1, NaN, 1.5])
      expect(() => trained.predict(x, { batchSize })).toThrow(/predict: batchSize must be/);
    expect(() => trained.predict([[1, 2, 3]] as never)).toThrow(
      /predict: x must be a tensor, got an object of class Array/,
    );
    expect(() => trained.predict(tensor(1) as never)).toThrow(/x must be \[n, \.\.\.\]/);
    expect(trained.predict(zeros([0, 3])).shape).toEqual([0, 3]);
    const all = trained.predict(x, { batchSize: "all" });
    expect(
      all
        .equal(trained.predict(x, { batchSize: 7 }))
        .all()
        .item(),
    ).toBe(true);
  });

  test("does not make up names of classes", async () => {
    const trained = await learner.fit({ x, y, classes: ["none"] } as never);
    expect(() => trained.predictNames(x)).toThrow(/there are names for 1 classes only/);
  });
});

describe("weights", () => {
  test("a batch that weighs nothing changes nothing, and training goes on", async () => {
    const weights = weighted((i) => (i < 8 ? 0 : 1));
    const options = { batchSize: 8, shuffle: false };
    const sgd = model.compile({ loss, optimizer: optimizers.sgd(0.1) });
    const whole = await sgd.fit({ x, y, weights }, options);
    const rest = await sgd.fit({ x: x.slice([[8]]), y: y.slice([[8]]) }, options);
    expect(whole.stopped).toBeNull();
    expect(whole.predict(x).equal(rest.predict(x)).all().item()).toBe(true);
    expect(whole.history[0].train.loss).toBeCloseTo(rest.history[0].train.loss, 6);
  });

  test("so do classes of weight 0, one example at a time, and batches that are gathered", async () => {
    for (const accumulate of [1, 2]) {
      const one = model.compile({ loss, accumulate });
      const trained = await one.fit({ x, y }, { batchSize: 1, classWeights: { 0: 0 } });
      expect(trained.stopped).toBeNull();
      expect(trained.history[0].train.loss).toBeGreaterThan(0);
    }
  });

  test("that are negative, no numbers, or of another shape are refused", async () => {
    for (const bad of [-1, NaN, Infinity])
      await expect(
        learner.fit({ x, y, weights: weighted((i) => (i === 5 ? bad : 1)) }),
      ).rejects.toThrow(`fit: weights must be finite numbers ≥ 0, got ${bad} at position 5`);
    await expect(
      learner.fit({ x, y, weights: weighted(() => 1).reshape([24, 1]) }),
    ).rejects.toThrow(/weights must be \[n\], one an example, got \[24, 1\]/);
  });
});

describe("learning rates", () => {
  test("that are no numbers end the training with a reason", async () => {
    for (const rate of [NaN, -1, Infinity])
      await expect(
        model.compile({ loss, optimizer: optimizers.sgd(() => rate) }).fit({ x, y }),
      ).rejects.toThrow(`the learning rate of step 1 must be a number ≥ 0, got ${rate}`);
    const forgotten = callbacks.learningRateSchedule((() => undefined) as never);
    await expect(learner.fit({ x, y }, { callbacks: [forgotten] })).rejects.toThrow(
      /the callback that sets it/,
    );
  });

  test("that go by the length of the run need to know it, or their own steps", async () => {
    const stream = {
      *epoch() {
        for (let i = 0; i < 4; i++) yield { x, y };
      },
    };
    const of = (schedule: ReturnType<typeof schedules.cosine>) =>
      model.compile({ loss, optimizer: optimizers.sgd(schedule) }).fit(stream);
    await expect(of(schedules.cosine(0.1))).rejects.toThrow(
      /give the schedule `steps`, or the stream `batches`/,
    );
    expect((await of(schedules.cosine(0.1, { steps: 4 }))).history.length).toBe(1);
    expect((await of(schedules.constant(0.1))).history.length).toBe(1);
  });
});

describe("names of figures", () => {
  test("must not hide one another, nor the loss", () => {
    expect(() => model.compile({ loss, metrics: ["accuracy", "acc"] })).toThrow(
      /two figures are called "accuracy"/,
    );
    const other = { ...metrics.accuracy(), name: "loss" };
    expect(() => model.compile({ loss, metrics: [other] })).toThrow(
      /two figures are called "loss"/,
    );
    expect(() => model.compile({ loss, metrics: "accuracy" as never })).toThrow(/must be a list/);
  });
});

describe("callbacks", () => {
  test("that were not called, or are no list, are not passed over", async () => {
    await expect(
      learner.fit({ x, y }, { callbacks: [callbacks.earlyStopping as never] }),
    ).rejects.toThrow(/call it, as callbacks.earlyStopping\(\)/);
    await expect(
      learner.fit({ x, y }, { callbacks: callbacks.earlyStopping() as never }),
    ).rejects.toThrow(/callbacks must be a list/);
  });

  test("may train with the same learner, and two trainings may run side by side", async () => {
    const kept = sequential(input(3), dense(4), batchNorm(), relu(), dense(3)).compile({ loss });
    const options = { epochs: 2, batchSize: 8 };
    const [alone, other] = [
      await kept.fit({ x, y }, options),
      await kept.fit({ x, y }, { ...options, seed: 1 }),
    ];
    let within: typeof alone | undefined;
    const both = await Promise.all([
      kept.fit(
        { x, y },
        {
          ...options,
          callbacks: [
            {
              async onBatchEnd({ epoch, batch }) {
                if (epoch === 1 && batch === 1) within = await kept.fit({ x, y }, options);
              },
            },
          ],
        },
      ),
      kept.fit({ x, y }, { ...options, seed: 1 }),
    ]);
    const same = (a: typeof alone, b: typeof alone) =>
      a.predict(x).equal(b.predict(x)).all().item();
    expect([same(both[0], alone), same(within!, alone), same(both[1], other)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(same(alone, other)).toBe(false);
  });
});

describe("a function as a layer", () => {
  test("that returns nothing, or loses the batch, is named with its place", () => {
    const of = (f: (x: Tensor) => unknown) =>
      sequential(input(3), lambda("own", f as never), dense(3))
        .compile({ loss })
        .fit({ x, y });
    return Promise.all([
      expect(of(() => undefined)).rejects.toThrow(/layer 2 \(own\): it must return a tensor/),
      expect(of((h) => h.sum(0))).rejects.toThrow(
        /layer 2 \(own\): of a batch of 1 it must make as many, \[1, \.\.\.\], got \[3\]/,
      ),
    ]);
  });
});

describe("validation examples", () => {
  test("that do not fit are refused before anything is learned", async () => {
    let steps = 0;
    const counting = [{ onBatchEnd: () => void steps++ }];
    const fit = (validationData: object) =>
      learner.fit({ x, y }, { validationData: validationData as never, callbacks: counting });
    await expect(fit({ x: zeros([4, 5]), y })).rejects.toThrow(/x has 4 examples/);
    await expect(fit({ x: zeros([24, 5]), y })).rejects.toThrow(
      /validationData: each example must be \[3\], got \[5\]/,
    );
    await expect(fit({ x, y: y.reshape([24, 1]) })).rejects.toThrow(/use targets.reshape/);
    expect(steps).toBe(0);
  });
});
