import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { FormatError, random, tensor, type Tensor, zeros } from "inkgrad";
import {
  conv2d,
  dense,
  flatten,
  input,
  loadModel,
  maxPool2d,
  model,
  relu,
  rescale,
  sequential,
  softmax,
} from "inkgrad/nn";
import { decode, encode } from "@src/data/formats/safetensors.js";
import { seal, unseal } from "@src/nn/saving/sealed.js";
import { libraryVersion } from "@src/nn/saving/version.js";
import { readJson, writeJson } from "@src/nn/saving/json.js";
import { afterAll, expect, test } from "vitest";
import { runningMean } from "../../support/running-mean.js";

const folder = mkdtempSync(join(tmpdir(), "inkgrad-saving-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const loss = "sparseCategoricalCrossEntropy";
const images = random.integers(random.key(0), [40, 8, 8, 1], { min: 0, max: 256, dtype: "u8" });
const labels = random.integers(random.key(1), [40], { min: 0, max: 3 });
const network = sequential(
  input(8, 8, 1),
  rescale(),
  conv2d(4, 3, { activation: "relu", padding: "same" }),
  maxPool2d(2),
  flatten(),
  dense(6, { name: "features" }),
  relu(),
  dense(3),
);
const data = { x: images, y: labels, classes: ["cat", "dog", "eel"] };
const learner = network.compile({ loss, metrics: ["accuracy"] });
const trained = await learner.fit(data, { epochs: 2 });
const bytes = trained.toBytes({ preprocessing: { crop: [0, 8] } });

const text = (x: unknown): string => JSON.stringify(x);

test("a model that was saved predicts the same to the bit, from a file and from bytes", async () => {
  const path = join(folder, "model.safetensors");
  const saved = await trained.save(path);
  expect(saved).toEqual({ bytes: readFileSync(path).length, withLayers: true, note: null });
  for (const source of [path, bytes, bytes.buffer]) {
    const loaded = await loadModel(source);
    expect(text(loaded.predict(images))).toBe(text(trained.predict(images)));
    expect(loaded.classes).toEqual(["cat", "dog", "eel"]);
    expect(loaded.history).toEqual(trained.history);
    expect(loaded.input).toEqual([8, 8, 1]);
  }
  expect((await loadModel(bytes)).preprocessing).toEqual({ crop: [0, 8] });
});

test("tensors go by the names of the parameters, and any reader of safetensors finds them", () => {
  const { tensors, metadata } = decode(bytes);
  expect(Object.keys(tensors).sort()).toEqual([
    "conv2d.bias",
    "conv2d.kernel",
    "dense.bias",
    "dense.kernel",
    "features.bias",
    "features.kernel",
  ]);
  expect(tensors["features.kernel"].shape).toEqual([64, 6]);
  expect(JSON.parse(metadata.inkgrad)).toMatchObject({ kind: "model", library: libraryVersion });
});

test("the library's version in files is that of its package", () => {
  const { version } = JSON.parse(
    readFileSync(new URL("../../../packages/inkgrad/package.json", import.meta.url), "utf8"),
  ) as { version: string };
  expect(libraryVersion).toBe(version);
});

test("a loaded model evaluates and trains on, if it is told the loss", async () => {
  const loaded = await loadModel(bytes, { loss, metrics: ["accuracy"] });
  expect(await loaded.evaluate(data)).toEqual(await trained.evaluate(data));
  const further = await loaded.fit(data, { epochs: 3 });
  expect(further.history[2].train.loss).toBeLessThan(trained.history[0].train.loss);
  expect(further.classes).toEqual(["cat", "dog", "eel"]);
  const dumb = await loadModel(bytes);
  await expect(dumb.evaluate(data)).rejects.toThrow(/loaded without a loss.*loadModel\(file/s);
});

test("classes and probabilities are those of the logits", async () => {
  const loaded = await loadModel(bytes);
  const logits = loaded.predict(images);
  const classes = logits.argmax(-1).toArray() as number[];
  expect(text(loaded.predictClasses(images))).toBe(text(logits.argmax(-1)));
  expect(loaded.predictNames(images)).toEqual(classes.map((i) => data.classes[i]));
  const sums = loaded.predictProbabilities(images).sum(-1).toArray() as number[];
  for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
  const ending = await sequential(input(2), dense(2), softmax())
    .compile({ loss })
    .fit({ x: zeros([4, 2]), y: zeros([4], { dtype: "i32" }) });
  expect(text(ending.predictProbabilities(zeros([4, 2])))).toBe(
    text(ending.predict(zeros([4, 2]))),
  );
});

test("of a function of one's own the parameters are saved, and the file says so", async () => {
  const own = model({
    kind: "mine",
    options: null,
    init: () => ({ w: tensor([[1, 2]]) }),
    apply: (params, x) => x.matmul((params as { w: Tensor }).w) as Tensor,
  });
  const fitted = await own
    .compile({ loss })
    .fit({ x: zeros([4, 1]), y: zeros([4], { dtype: "i32" }) });
  const path = join(folder, "own.safetensors");
  const { withLayers, note } = await fitted.save(path);
  expect(withLayers).toBe(false);
  expect(note).toMatch(
    /parameters only, since mine is, or has, a function of one's own.*\{ model \}/,
  );
  await expect(loadModel(path)).rejects.toThrow(/parameters only.*loadModel\(file, \{ model \}\)/s);
  const loaded = await loadModel(path, { model: own });
  expect(text(loaded.predict(tensor([[3]])))).toBe(text(fitted.predict(tensor([[3]]))));
  const other = network;
  await expect(loadModel(path, { model: other })).rejects.toThrow(
    /nothing about|do not fit|must|apply/,
  );
});

test("what keeps a model from being saved whole is named, wherever it stands", async () => {
  const half = sequential(input(2), runningMean(), dense(2, { activation: (x) => x.sin() }));
  const fitted = await half
    .compile({ loss })
    .fit({ x: zeros([4, 2]), y: zeros([4], { dtype: "i32" }) });
  const { note } = await fitted.save(join(folder, "half.safetensors"));
  expect(note).toMatch(/runningMean is, or has, a function/);
  const loaded = await loadModel(join(folder, "half.safetensors"), { model: half });
  expect(text(loaded.state)).toBe(text(fitted.state));
  const sine = sequential(input(2), dense(2, { activation: (x) => x.sin() }));
  const fitted2 = await sine
    .compile({ loss })
    .fit({ x: zeros([4, 2]), y: zeros([4], { dtype: "i32" }) });
  const saved = await fitted2.save(join(folder, "sine.safetensors"));
  expect(saved.note).toMatch(/dense is, or has, a function/);
});

/** The file with other content, sealed as if it were meant. */
function forged(change: (about: Record<string, any>, tensors: Map<string, Tensor>) => void) {
  const { about, tensors } = unseal("model", bytes, "test");
  const copy = JSON.parse(JSON.stringify(about)) as Record<string, unknown>;
  const others = new Map(tensors);
  change(copy, others);
  return seal("model", copy, others);
}

test.each<[string, RegExp, Parameters<typeof forged>[0]]>([
  ["misses a tensor", /no tensor "dense.bias"/, (_, t) => t.delete("dense.bias")],
  ["has one too many", /"more", which belongs nowhere/, (_, t) => t.set("more", zeros([1]))],
  [
    "has one of another shape",
    /"dense.bias" is \[4\], \[3\] was expected/,
    (_, t) => t.set("dense.bias", zeros([4])),
  ],
  [
    "has one of another type",
    /"dense.bias" is of type f64/,
    (_, t) => t.set("dense.bias", zeros([3], { dtype: "f64" })),
  ],
  ["has another input", /do not fit|cannot|must/, (a) => (a.input = [9, 9, 1])],
  ["has no input", /shape of an example is missing/, (a) => delete a.input],
  ["has an unknown layer", /there is no layer "magic"/, (a) => (a.architecture.kind = "magic")],
  [
    "names a property of objects as a layer",
    /there is no layer "constructor"/,
    (a) => (a.architecture.kind = "constructor"),
  ],
  ["has no architecture", /not a layer with kind/, (a) => (a.architecture = 7)],
  [
    "has layers without end",
    /./,
    (a) => {
      for (let i = 0; i < 200; i++)
        a.architecture = { kind: "sequential", options: { layers: [a.architecture] } };
    },
  ],
  [
    "has a layer that is larger than all memory",
    /is \[64, 6\], \[64, 1000000000000\] was expected|do not fit|cannot/,
    (a) => (a.architecture.options.layers[5].options.units = 1e12),
  ],
  [
    "has nonsense for options",
    /units must be a whole number/,
    (a) => (a.architecture.options.layers[5].options.units = "many"),
  ],
  ["is of a later version", /version 2.*update inkgrad/, (a) => (a.version = 2)],
  [
    "is of another kind",
    /a model was expected, the file holds a checkpoint/,
    (a) => (a.kind = "checkpoint"),
  ],
])("a file that %s is refused", async (_, message, change) => {
  const file = forged(change);
  await expect(loadModel(file)).rejects.toThrow(FormatError);
  await expect(loadModel(file)).rejects.toThrow(message);
});

test("a safetensors file of something else is no model, and the message says what it lacks", async () => {
  await expect(loadModel(encode({ a: zeros([2]) }))).rejects.toThrow(/nothing about the model/);
});

test("bytes that were changed anywhere are refused", async () => {
  // The header is filled up with spaces, where a tab would do as well.
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const isFilling = (at: number): boolean => at < start && bytes[at] === 0x20 && at > start - 8;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bytes.length - 1).filter((at) => !isFilling(at)),
      fc.integer({ min: 1, max: 255 }),
      async (at, change) => {
        const damaged = bytes.slice();
        damaged[at] ^= change;
        await expect(loadModel(damaged)).rejects.toThrow(FormatError);
      },
    ),
    { numRuns: 300 },
  );
  for (const length of [0, 7, 8, 100, bytes.length - 1])
    await expect(loadModel(bytes.slice(0, length))).rejects.toThrow(FormatError);
});

test("JSON in files has all numbers", () => {
  const values = [NaN, Infinity, -Infinity, -0, 0.1, 5e-324, null, "NaN", { a: [NaN] }];
  expect(readJson(writeJson(values))).toEqual(values);
});
