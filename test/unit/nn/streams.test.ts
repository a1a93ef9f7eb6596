import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random, type Tensor } from "inkgrad";
import { callbacks, dense, input, optimizers, relu, sequential } from "inkgrad/nn";
import type { BatchStream } from "@src/nn/training/source.js";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "inkgrad-streams-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const model = sequential(input(2), dense(8), relu(), dense(2));
const loss = "sparseCategoricalCrossEntropy";

/** Batches that are made as they are asked for, other ones in each epoch; nobody knows how many. */
const stream = (count = 7, label = (y: Tensor): Tensor => y): BatchStream => ({
  async *epoch(epoch, { from }) {
    for (let i = from; i < count; i++) {
      const key = random.foldIn(random.key(epoch), i);
      const x = random.uniform(key, [6, 2], { min: -1, max: 1 });
      const y = x.square().sum(1).less(0.5).cast("i32");
      await Promise.resolve();
      yield { x, y: label(y) };
    }
  },
});

test("a model learns from batches of which nobody knows how many there are", async () => {
  const learner = model.compile({ loss, optimizer: optimizers.adam(0.02), metrics: ["accuracy"] });
  const { history } = await learner.fit(stream(30), { epochs: 20, validationData: stream(5) });
  expect(history[19].validation!.accuracy).toBeGreaterThan(0.85);
});

test("gathered gradients at the end of such an epoch make a step of their own", async () => {
  const learner = model.compile({ loss, accumulate: 3 });
  const steps: number[] = [];
  const noting = callbacks.progress(() => {});
  await learner.fit(stream(7), {
    epochs: 2,
    callbacks: [noting, { onEpochEnd: (_, { step }) => void steps.push(step) }],
  });
  expect(steps).toEqual([3, 6]);
});

test("training is resumed within such an epoch to the same bits", async () => {
  const path = join(folder, "stream.safetensors");
  const learner = model.compile({ loss, accumulate: 2, deterministic: true });
  const options = { epochs: 3, callbacks: [{}] };
  const whole = await learner.fit(stream(), options);
  const signal = { aborted: false };
  let batches = 0;
  await learner.fit(stream(), {
    ...options,
    signal,
    checkpoint: { path },
    callbacks: [{ onBatchEnd: () => void (signal.aborted = ++batches === 10) }],
  });
  expect(batches).toBe(11);
  const resumed = await learner.fit(stream(), { ...options, checkpoint: { path }, resume: true });
  expect(JSON.stringify(resumed.params)).toBe(JSON.stringify(whole.params));
  expect(resumed.history.column("loss")).toEqual(whole.history.column("loss"));
});

test("class numbers beyond the outputs are found in batches too", async () => {
  await expect(model.compile({ loss }).fit(stream(7, (y) => y.add(1)))).rejects.toThrow(
    /class number 2.*2 outputs/s,
  );
});

test("an epoch without batches is an error, not a training of nothing", async () => {
  await expect(model.compile({ loss }).fit(stream(0))).rejects.toThrow(/epoch 1 has no batches/);
});

test("averaged parameters are what is validated, kept as best, and given back", async () => {
  const learner = model.compile({
    loss,
    optimizer: optimizers.averaged(optimizers.sgd(3), { decay: 0.9 }),
  });
  const validationData = stream(5);
  let raw = "";
  const { history, params, ...trained } = await learner.fit(stream(20), {
    epochs: 4,
    validationData,
    callbacks: [
      callbacks.earlyStopping({ patience: 9 }),
      { onTrainEnd: (run) => void (raw = JSON.stringify(run.weights().params)) },
    ],
  });
  expect(trained.stopped).toBe(null);
  const losses = history.column("val_loss");
  const again = await learner.fit(stream(20), { epochs: 4, validationData });
  const best = Math.min(...losses);
  const kept = await learner.fit(stream(20), {
    epochs: 4,
    validationData,
    callbacks: [callbacks.earlyStopping({ patience: 9 })],
  });
  expect((await kept.evaluate(validationData)).loss).toBeCloseTo(best, 6);
  expect((await again.evaluate(validationData)).loss).toBeCloseTo(losses[3], 6);
  expect(JSON.stringify(params)).not.toBe(raw);
});
