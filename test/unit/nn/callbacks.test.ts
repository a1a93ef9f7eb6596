import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random, tensor, type Tensor } from "inkgrad";
import {
  callbacks,
  dense,
  input,
  loadModel,
  optimizers,
  relu,
  schedules,
  sequential,
  sigmoid,
  tanh,
  type Health,
  type Model,
} from "inkgrad/nn";
import type { Callback, Run } from "@src/nn/callbacks/callback.js";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "inkgrad-callbacks-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const x = random.uniform(random.key(0), [60, 2], { min: -1, max: 1 });
const y = x.square().sum(1).less(0.5).cast("i32");
const loss = "sparseCategoricalCrossEntropy";
const learner = sequential(input(2), dense(8), relu(), dense(2)).compile({
  loss,
  metrics: ["accuracy"],
});

/** Plays epochs of given losses to a callback, as far as it lets them. */
function play(callback: Callback, losses: number[]): { epochs: number; restored: unknown } {
  let stopped = false;
  let epoch = 0;
  let restored: unknown = null;
  const run = {
    stop: () => (stopped = true),
    weights: () => epoch,
    setWeights: (weights: unknown) => (restored = weights),
  } as unknown as Run;
  void callback.onTrainBegin?.(run);
  for (; epoch < losses.length && !stopped; epoch++)
    void callback.onEpochEnd?.(
      { epoch, train: { loss: losses[epoch] }, learningRate: 1, seconds: 1 },
      run,
    );
  void callback.onTrainEnd?.(run);
  return { epochs: epoch, restored };
}

test.each([
  ["after patience epochs without a better one", { patience: 2 }, [3, 2, 2, 2, 1], 4, 1],
  ["not while it becomes better", { patience: 1 }, [5, 4, 3, 2], 4, 3],
  ["NaN is not better", { patience: 2 }, [5, NaN, NaN, 1], 3, 0],
  ["less than minDelta is not better", { patience: 2, minDelta: 0.5 }, [3, 2.8, 2.6, 1], 3, 0],
  ["with mode max greater is better", { patience: 2, mode: "max" as const }, [1, 2, 1, 1, 3], 4, 1],
  ["best weights can be left alone", { patience: 1, restoreBest: false }, [1, 2], 2, null],
])("early stopping: %s", (_, options, losses, epochs, best) => {
  expect(play(callbacks.earlyStopping(options), losses)).toEqual({ epochs, restored: best });
});

test("early stopping gives back the weights of the best epoch", async () => {
  const weights: string[] = [];
  const noting: Callback = {
    onEpochEnd: (_, run) => void weights.push(JSON.stringify(run.weights().params)),
  };
  // Far too great a rate: the loss goes up and down.
  const wild = sequential(input(2), dense(8), relu(), dense(2)).compile({
    loss,
    optimizer: optimizers.adam(2),
  });
  const trained = await wild.fit(
    { x, y },
    { epochs: 12, callbacks: [callbacks.earlyStopping({ monitor: "loss", patience: 3 }), noting] },
  );
  const losses = trained.history.column("loss");
  const best = losses.indexOf(Math.min(...losses));
  expect(best).toBeLessThan(losses.length - 1);
  expect(JSON.stringify(trained.params)).toBe(weights[best]);
});

test("a figure that is not there is named, with those that are", async () => {
  const stopping = callbacks.earlyStopping({ monitor: "val_accuracy" });
  await expect(learner.fit({ x, y }, { callbacks: [stopping] })).rejects.toThrow(
    /no figure "val_accuracy"; there are loss, accuracy.*validationSplit/s,
  );
});

test("the best checkpoint is the model of the best epoch", async () => {
  const path = join(folder, "best.safetensors");
  const weights: string[] = [];
  const noting: Callback = {
    onEpochEnd: (_, run) => void weights.push(JSON.stringify(run.weights().params)),
  };
  const { history } = await learner.fit(
    { x, y },
    {
      epochs: 8,
      validationSplit: 0.3,
      callbacks: [callbacks.bestCheckpoint({ path, monitor: "val_accuracy" }), noting],
    },
  );
  const accuracies = history.column("val_accuracy");
  const best = accuracies.indexOf(Math.max(...accuracies));
  const loaded = await loadModel(path);
  expect(best).toBeLessThan(7);
  expect(loaded.history).toHaveLength(best + 1);
  expect(JSON.stringify(loaded.params)).toBe(weights[best]);
});

test("the CSV log has a row an epoch, with the figures of the history", async () => {
  const path = join(folder, "log.csv");
  const { history } = await learner.fit(
    { x, y },
    { epochs: 3, validationData: { x, y }, callbacks: [callbacks.csvLog(path)] },
  );
  const [head, ...rows] = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  expect(head).toEqual([
    "epoch",
    "loss",
    "accuracy",
    "val_loss",
    "val_accuracy",
    "learningRate",
    "seconds",
  ]);
  expect(rows.map((row) => Number(row[3]))).toEqual(history.column("val_loss"));
  expect(rows.map((row) => row[0])).toEqual(["1", "2", "3"]);
});

test("NaN among the inputs ends training, and the message names the batch and the inputs", async () => {
  const spoiled = x.toArray() as number[][];
  spoiled[17] = [NaN, 0];
  const trained = await learner.fit(
    { x: tensor(spoiled), y },
    { batchSize: 10, shuffle: false, epochs: 3 },
  );
  expect(trained.stopped).toMatch(/batch 2 in epoch 1 is NaN: its inputs are not finite/);
  expect(trained.history).toHaveLength(0);
});

test("a learning rate that explodes is told apart from NaN in the data", async () => {
  const wild = sequential(input(2), dense(8), relu(), dense(2)).compile({
    loss,
    optimizer: optimizers.adam(1e30),
  });
  const { stopped } = await wild.fit({ x, y }, { epochs: 50 });
  expect(stopped).toMatch(/though its inputs and targets are finite: lower the learning rate/);
});

test("a schedule by epochs takes the place of the optimizer's learning rate", async () => {
  const { history } = await learner.fit(
    { x, y },
    {
      epochs: 3,
      callbacks: [callbacks.learningRateSchedule((epoch, rate) => (epoch === 0 ? 0.5 : rate / 2))],
    },
  );
  expect(history.column("learningRate")).toEqual([0.5, 0.25, 0.125]);
});

test("a schedule of the optimizer is followed step by step, and scaled on a plateau", async () => {
  const rates: number[] = [];
  const noting: Callback = { onBatchEnd: ({ learningRate }) => void rates.push(learningRate) };
  const falling = schedules.cosine(0.4);
  const scheduled = sequential(input(2), dense(2)).compile({
    loss,
    optimizer: optimizers.sgd(falling),
  });
  // No loss can be so much better: each epoch but the first is on a plateau.
  const plateau = callbacks.reduceOnPlateau({
    monitor: "loss",
    patience: 0,
    factor: 0.5,
    threshold: 9,
  });
  const options = { epochs: 4, batchSize: 20, callbacks: [plateau, noting] };
  const { history } = await scheduled.fit({ x, y }, options);
  const scales = [1, 1, 0.5, 0.25];
  expect(rates).toEqual(rates.map((_, i) => falling(i, 12) * scales[Math.floor(i / 3)]));
  expect(rates).toHaveLength(12);
  expect(history.column("learningRate")).toEqual([2, 5, 8, 11].map((i) => rates[i]));
  // It is what the steps are made with.
  const still = { ...options, callbacks: [callbacks.learningRateSchedule(() => 0)] };
  const [first, after] = [
    await scheduled.fit({ x, y }, { epochs: 0 }),
    await scheduled.fit({ x, y }, still),
  ];
  expect(JSON.stringify(after.params)).toBe(JSON.stringify(first.params));
});

test("progress tells of the beginning, batches, epochs and the end", async () => {
  const seen: string[] = [];
  const left: (number | undefined)[] = [];
  const showing = callbacks.progress(
    (event) => {
      seen.push(event.type);
      if (event.type === "batch") left.push(event.secondsLeft);
    },
    { everyMs: 0 },
  );
  await learner.fit({ x, y }, { epochs: 2, batchSize: 30, callbacks: [showing] });
  expect(seen).toEqual(["begin", "batch", "batch", "epoch", "batch", "batch", "epoch", "end"]);
  expect(left[0]).toBeGreaterThan(0);
  expect(left[3]).toBe(0);
});

test("an aborted signal ends training after the batch", async () => {
  const signal = { aborted: false };
  let batches = 0;
  const aborting: Callback = {
    onBatchEnd: () => {
      batches++;
      signal.aborted = batches === 3;
    },
  };
  const { stopped } = await learner.fit(
    { x, y },
    { epochs: 9, batchSize: 10, signal, callbacks: [aborting] },
  );
  expect(stopped).toBe("aborted");
  // It is noticed after the next batch.
  expect(batches).toBe(4);
});

test("Ctrl-C ends training after the batch, with a checkpoint to go on from, and nobody listens for it afterwards", async () => {
  const before = process.listenerCount("SIGINT");
  const path = join(folder, "interrupted.safetensors");
  const options = { epochs: 4, batchSize: 10, interruptible: true, checkpoint: { path } };
  let batches = 0;
  const pressing: Callback = {
    onBatchEnd() {
      if (batches++ > 0) return;
      expect(process.listenerCount("SIGINT")).toBe(before + 1);
      process.emit("SIGINT");
      // The next one is for Node, which ends the program.
      expect(process.listenerCount("SIGINT")).toBe(before);
    },
  };
  const { stopped } = await learner.fit({ x, y }, { ...options, callbacks: [pressing] });
  // It is noticed after the next batch.
  expect([stopped, batches]).toEqual(["aborted", 2]);
  expect(process.listenerCount("SIGINT")).toBe(before);
  const resumed = await learner.fit({ x, y }, { ...options, callbacks: [{}], resume: path });
  const whole = await learner.fit({ x, y }, { epochs: 4, batchSize: 10 });
  expect(resumed.stopped).toBeNull();
  expect(JSON.stringify(resumed.params)).toBe(JSON.stringify(whole.params));
});

test("health finds gradients that vanish behind many sigmoids, and names the layer", async () => {
  const deep = sequential(
    input(2),
    dense(16),
    ...Array.from({ length: 8 }, () => [sigmoid(), dense(16)]).flat(),
    sigmoid(),
    dense(2),
  ).compile({ loss });
  const { history } = await deep.fit({ x, y }, { health: { every: 1 }, batchSize: 60 });
  const [health] = history[0].health!;
  const [first, ...others] = health.layers;
  expect(first.layer).toBe("dense");
  expect(others).toHaveLength(9);
  expect(first.gradient).toBeLessThan(others[8].gradient / 1000);
  expect(health.warnings.join()).toMatch(/vanish in dense,.*relu instead of sigmoid/);
});

test("health counts dead units, and leaves training as it is", async () => {
  const model = sequential(input(2), dense(40), relu(), dense(2));
  const plain = await model.compile({ loss }).fit({ x, y }, { epochs: 2 });
  const looked = await model.compile({ loss }).fit({ x, y }, { epochs: 2, health: { every: 1 } });
  expect(JSON.stringify(looked.params)).toBe(JSON.stringify(plain.params));
  expect(looked.history[1].health).toHaveLength(2);
  // All inputs below 0: a unit whose weights are above it gives nothing, one below always something.
  const withDead = async (count: number): Promise<Health> => {
    const signs = tensor([Array.from({ length: 40 }, (_, i) => (i < count ? 1 : -1))]);
    const setting: Callback = {
      onTrainBegin(run) {
        const { params, state } = run.weights() as unknown as {
          params: { dense: { kernel: Tensor } };
          state: never;
        };
        params.dense.kernel = params.dense.kernel.abs().mul(signs);
        run.setWeights({ params: params, state });
      },
    };
    const { history } = await model
      .compile({ loss })
      .fit(
        { x: x.abs().neg().sub(9), y },
        { batchSize: 60, epochs: 1, callbacks: [setting], health: { every: 1 } },
      );
    return history[0].health![0];
  };
  const all = await withDead(40);
  expect(all.activations).toEqual([{ layer: "relu", kind: "relu", dead: 1 }]);
  expect(all.warnings.join()).toMatch(/100 % of the units of relu \(relu\) are dead/);
  expect((await withDead(10)).activations).toEqual([{ layer: "relu", kind: "relu", dead: 0.25 }]);
});

test("health gives the norms of the gradients, of the parameters and of the change", async () => {
  const model = sequential(input(2), dense(2, { bias: false }));
  const before = await model.compile({ loss }).fit({ x, y }, { epochs: 0 });
  const after = await model
    .compile({ loss })
    .fit({ x, y }, { health: { every: 1 }, batchSize: "all" });
  const [{ layers, gradient }] = after.history[0].health!;
  const kernels = [before, after].map(({ params }) =>
    (params as never as { dense: { kernel: { toArray(): number[][] } } }).dense.kernel
      .toArray()
      .flat(),
  );
  const norm = (values: number[]): number => Math.hypot(...values);
  const change = kernels[1].map((value, i) => value - kernels[0][i]);
  expect(layers).toHaveLength(1);
  expect(layers[0].size).toBe(4);
  expect(layers[0].parameters).toBeCloseTo(norm(kernels[0]), 5);
  expect(layers[0].update).toBeCloseTo(norm(change) / norm(kernels[0]), 5);
  expect(gradient).toBe(layers[0].gradient);
});

const healthOf = async (model: Model, inputs: Tensor): Promise<Health> => {
  const { history } = await model
    .compile({ loss })
    .fit({ x: inputs, y }, { health: true, batchSize: "all", stopOnNaN: false });
  return history[0].health![0];
};

test("health counts saturated numbers of sigmoid and tanh, as layers and as options", async () => {
  const far = x.sign().mul(1e4);
  const { activations, warnings } = await healthOf(
    sequential(input(2), dense(20, { activation: "sigmoid" }), dense(2)),
    far,
  );
  expect(activations).toHaveLength(1);
  expect(activations[0]).toMatchObject({ layer: "dense", kind: "sigmoid" });
  expect(activations[0].saturated).toBeGreaterThan(0.98);
  expect(warnings.join()).toMatch(
    /% of what dense \(sigmoid\) gives is saturated.*scale the inputs/,
  );

  const curved = sequential(input(2), dense(20), tanh(), dense(2));
  const two = await healthOf(curved, far);
  expect(two.activations[0].saturated).toBeGreaterThan(0.98);
  const near = await healthOf(curved, x.mul(1e-3));
  expect(near.activations).toEqual([{ layer: "tanh", kind: "tanh", saturated: 0 }]);
  expect(near.warnings.join()).not.toMatch(/saturated/);
});

test("health warns of gradients that explode, and of those that are not finite, and names the layer", async () => {
  const plain = sequential(input(2), dense(8), dense(2));
  const explodes = await healthOf(plain, x.mul(1e6));
  expect(explodes.gradient).toBeGreaterThan(1e3);
  const [most] = [...explodes.layers].sort((a, b) => b.gradient - a.gradient);
  expect(explodes.warnings.join()).toMatch(
    new RegExp(`gradients explode \\(norm .*, most of it in ${most.layer}\\)`),
  );
  const broken = await healthOf(plain, x.mul(Infinity));
  expect(broken.warnings).toHaveLength(1);
  expect(broken.warnings[0]).toMatch(/gradients of dense.* are not finite; look for NaN/);
});
