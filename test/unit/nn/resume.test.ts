import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "inkgrad";
import {
  callbacks,
  dense,
  dropout,
  input,
  optimizers,
  relu,
  sequential,
  type FitOptions,
} from "inkgrad/nn";
import { decode } from "@src/data/formats/safetensors.js";
import type { Trained } from "@src/nn/training/trained.js";
import { afterAll, beforeEach, expect, test } from "vitest";
import { runningMean } from "../../support/running-mean.js";

const root = mkdtempSync(join(tmpdir(), "inkgrad-checkpoints-"));
let path = "";
let count = 0;
beforeEach(() => {
  path = join(root, `${count++}.safetensors`);
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const x = random.uniform(random.key(0), [90, 4], { min: -1, max: 1 });
const y = x.square().sum(1).less(1.2).cast("i32");
const layers = (units = 12) =>
  sequential(input(4), dense(units), runningMean(), relu(), dropout(0.3), dense(2));
const compile = {
  loss: "sparseCategoricalCrossEntropy",
  metrics: ["accuracy"],
  accumulate: 2,
  deterministic: true,
} as const;
const learner = layers().compile(compile);

/** What a training came to, but for the time it took. */
const resultOf = ({ params, state, history, stopped }: Trained): string =>
  JSON.stringify([params, state, history.map((f) => ({ ...f, seconds: 0 })), stopped]);

const usual = (): FitOptions => ({
  epochs: 6,
  batchSize: 8,
  validationSplit: 0.2,
  classWeights: { 1: 2 },
  health: { every: 7 },
  callbacks: [
    callbacks.earlyStopping({ monitor: "val_accuracy", patience: 3 }),
    callbacks.learningRateSchedule((epoch, rate) => (epoch === 0 ? 0.02 : rate * 0.8)),
  ],
});

/** Trains until so many batches are done, and is stopped there as by Ctrl-C. */
async function interrupted(batches: number, options = usual(), from = false): Promise<Trained> {
  const signal = { aborted: false };
  let done = 0;
  const counting = { onBatchEnd: () => void (signal.aborted = ++done >= batches) };
  return learner.fit(
    { x, y },
    {
      ...options,
      signal,
      callbacks: [...options.callbacks!, counting],
      checkpoint: { path },
      resume: from,
    },
  );
}

/** The same callbacks as `interrupted` has. */
const resumed = (options = usual(), resume: boolean | string = true): Promise<Trained> =>
  learner.fit(
    { x, y },
    { ...options, callbacks: [...options.callbacks!, {}], checkpoint: { path }, resume },
  );

const whole = resultOf(await learner.fit({ x, y }, usual()));

test.each([1, 2, 8, 9, 10, 13, 27, 31, 40])(
  "stopped after %i batches and resumed, training ends with the same bits",
  async (batches) => {
    expect((await interrupted(batches)).stopped).toBe("aborted");
    expect(resultOf(await resumed())).toBe(whole);
  },
);

test("the callback checkpoint writes what the option does, and more than one may be given", async () => {
  const other = `${path}.other`;
  const options = usual();
  const both = [
    callbacks.checkpoint({ path: other, everySteps: 4 }),
    callbacks.checkpoint({ path }),
  ];
  const signal = { aborted: false };
  let done = 0;
  const stopping = { onBatchEnd: () => void (signal.aborted = ++done >= 13) };
  await learner.fit(
    { x, y },
    { ...options, signal, callbacks: [...options.callbacks!, ...both, stopping] },
  );
  for (const from of [path, other]) {
    const list = [...options.callbacks!, ...both, {}];
    const again = await learner.fit({ x, y }, { ...options, callbacks: list, resume: from });
    expect(resultOf(again)).toBe(whole);
  }
});

test("stopped again and again", async () => {
  await interrupted(3);
  for (const batches of [2, 5, 7, 4]) await interrupted(batches, usual(), true);
  expect(resultOf(await resumed())).toBe(whole);
});

test("a training that had ended is not gone on with, and gives its result again", async () => {
  expect(resultOf(await resumed())).toBe(whole);
  expect(resultOf(await resumed())).toBe(whole);
});

test("resume: true begins anew if there is no checkpoint; a path must be there", async () => {
  expect(existsSync(path)).toBe(false);
  expect(resultOf(await resumed())).toBe(whole);
  await expect(resumed(usual(), join(root, "none"))).rejects.toThrow(
    /there is no checkpoint.*none/,
  );
  await expect(learner.fit({ x, y }, { resume: true })).rejects.toThrow(
    /give checkpoint: \{ path \}/,
  );
});

test("a resumed training may have more epochs", async () => {
  const more = { ...usual(), epochs: 8, callbacks: [] };
  const long = resultOf(await learner.fit({ x, y }, more));
  await interrupted(40, { ...usual(), callbacks: [] });
  expect(resultOf(await resumed(more))).toBe(long);
});

/** A checkpoint in the middle, and one before it as the previous. */
async function two(): Promise<void> {
  await interrupted(11);
  await interrupted(9, usual(), true);
  expect(existsSync(`${path}.previous`)).toBe(true);
}

test.each([
  ["cut short", () => truncateSync(path, 2000)],
  ["empty", () => writeFileSync(path, "")],
  [
    "changed by a bit",
    () => {
      const bytes = readFileSync(path);
      bytes[bytes.length - 40] ^= 4;
      writeFileSync(path, bytes);
    },
  ],
  ["not there", () => rmSync(path)],
])(
  "a checkpoint that is %s: the one before is used, else the error says so",
  async (what, spoil) => {
    await two();
    spoil();
    copyFileSync(`${path}.previous`, join(root, "kept"));
    expect(resultOf(await resumed())).toBe(whole);
    if (what === "not there") return;
    await two();
    spoil();
    rmSync(`${path}.previous`);
    await expect(resumed()).rejects.toThrow(/cut short|check sum does not fit/);
  },
);

test("a damaged checkpoint does not take the place of the sound one before it", async () => {
  await two();
  const sound = readFileSync(`${path}.previous`);
  truncateSync(path, 100);
  await interrupted(1, usual(), true);
  expect(readFileSync(`${path}.previous`).equals(sound)).toBe(true);
  expect(resultOf(await resumed())).toBe(whole);
});

test.each<[string, RegExp, (options: FitOptions) => Promise<unknown>]>([
  ["batch size", /batchSize was 8 and is 9/, (o) => learner.fit({ x, y }, { ...o, batchSize: 9 })],
  ["seed", /seed was 0 and is 5/, (o) => learner.fit({ x, y }, { ...o, seed: 5 })],
  [
    "units",
    /(units was 12 and is 13)|("params\.dense\.kernel" is \[4, 12\], \[4, 13\] was expected)/,
    (o) => layers(13).compile(compile).fit({ x, y }, o),
  ],
  [
    "optimizer",
    /optimizer\.options\.learningRate was 0\.001 and is 0\.5/,
    (o) =>
      layers()
        .compile({ ...compile, optimizer: optimizers.adam(0.5) })
        .fit({ x, y }, o),
  ],
  ["data", /data\.x was "f32 \[90, 4\], check sum/, (o) => learner.fit({ x: x.add(1), y }, o)],
  [
    "callbacks",
    /its callbacks were \[.*\], they are \[/,
    (o) => learner.fit({ x, y }, { ...o, callbacks: [] }),
  ],
])("another %s is refused by its name", async (_, message, fit) => {
  await interrupted(5);
  const options = { ...usual(), checkpoint: { path }, resume: true };
  await expect(fit({ ...options, callbacks: [...options.callbacks!, {}] })).rejects.toThrow(
    message,
  );
});

test("checkpoints are written every so many updates and epochs, and not of what is spoiled", async () => {
  const sizes: number[] = [];
  const noting = {
    onBatchEnd: () => void sizes.push(existsSync(path) ? readFileSync(path).length : 0),
  };
  await learner.fit(
    { x, y },
    { batchSize: 10, epochs: 1, callbacks: [noting], checkpoint: { path, everySteps: 2 } },
  );
  // Two batches make an update.
  expect(sizes.map((size) => size > 0)).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
  rmSync(path);
  const { stopped } = await learner.fit({ x: x.mul(NaN), y }, { checkpoint: { path }, epochs: 2 });
  expect(stopped).toMatch(/not finite/);
  expect(existsSync(path)).toBe(false);
});

test("a step that spoils the parameters gets no checkpoint, though the loss before it was sound", async () => {
  const wild = layers().compile({
    ...compile,
    accumulate: 1,
    optimizer: optimizers.sgd((step) => (step === 2 ? 1e300 : 0.1)),
  });
  const { stopped, params } = await wild.fit(
    { x, y },
    { epochs: 3, batchSize: 10, checkpoint: { path, everySteps: 1 } },
  );
  expect(stopped).toMatch(/batch 4 in epoch 1 is NaN, though.*lower the learning rate/);
  expect(JSON.stringify(params)).toContain("null");
  const { tensors } = decode(readFileSync(path));
  for (const name of ["dense.kernel", "dense_1.kernel"]) {
    const kernel = tensors[`carry/params.${name}`].toArray() as number[][];
    expect(kernel.flat().every(Number.isFinite), name).toBe(true);
  }
});
