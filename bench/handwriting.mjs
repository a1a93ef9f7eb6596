/**
 * How well a network that has seen nothing but the handwriting generator reads real digits.
 *   node bench/handwriting.mjs [--count 60000] [--epochs 3] [--seed 1] [--on train,test] [--size N]
 *        [--data DIR] [--threads 2] [--style JSON] [--worst FILE]
 * Prints which digits were taken for which, and the accuracy, on MNIST's training images, on which the
 * generator was tuned, or on its test images, on which it was not. --size reads only the first N;
 * --style is tried instead of the standard one; --worst lists the mistakes. `npm run build` first.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import {
  compile,
  conv2d,
  logSoftmax,
  maxPool2d,
  oneHot,
  random,
  relu,
  setThreads,
  take,
  tensor,
  valueAndGrad,
  where,
  zeros,
} from "../packages/inkgrad/dist/index.js";
import { handwriting } from "../packages/inkgrad/dist/data/index.js";
import { adam } from "./ours/adam.mjs";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "60000" },
    epochs: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    on: { type: "string", default: "train" },
    size: { type: "string", default: "60000" },
    threads: { type: "string", default: "2" },
    data: {
      type: "string",
      default: fileURLToPath(new URL("../../shared/data/mnist", import.meta.url)),
    },
    style: { type: "string", default: "{}" },
    worst: { type: "string" },
  },
});
const [count, epochs, seed] = [values.count, values.epochs, values.seed].map(Number);
const batch = 64;
setThreads(Number(values.threads));

/** Two convolutions with pooling, and a dense layer. */
function init(key) {
  const shapes = [
    [3, 3, 1, 16],
    [3, 3, 16, 32],
    [800, 128],
    [128, 10],
  ];
  return shapes.map((shape, i) => {
    const bound = Math.sqrt(6 / shape.slice(0, -1).reduce((n, m) => n * m, 1));
    const w = random.uniform(random.foldIn(key, i), shape, { min: -bound, max: bound });
    return { w, b: zeros([shape.at(-1)]) };
  });
}

const drop = (h, rate, key) =>
  key === undefined
    ? h
    : where(random.bernoulli(key, h.shape, { p: 1 - rate }), h.mul(1 / (1 - rate)), 0);

function logits([first, second, third, fourth], x, key) {
  const [a, b] = key === undefined ? [] : random.split(key);
  let h = maxPool2d(relu(conv2d(x, first.w).add(first.b)), 2);
  h = maxPool2d(relu(conv2d(h, second.w).add(second.b)), 2);
  h = drop(h.reshape([x.shape[0], 800]), 0.25, a);
  h = drop(relu(h.matmul(third.w).add(third.b)), 0.5, b);
  return h.matmul(fourth.w).add(fourth.b);
}

const pixels = (x) => x.cast("f32").mul(1 / 255);
const dropKey = random.key(seed + 1000);
const step = compile(
  (params, state, images, classes, rows) => {
    const x = pixels(take(images, rows, 0));
    const y = oneHot(take(classes, rows, 0), 10);
    const loss = (p) =>
      logSoftmax(logits(p, x, random.foldIn(dropKey, state.step)))
        .mul(y)
        .sum(-1)
        .mean()
        .neg();
    const [value, gradient] = valueAndGrad(loss)(params);
    return { ...adam.update(params, gradient, state), loss: value };
  },
  { donate: [0, 1] },
);
const read = compile((params, images) => logits(params, pixels(images)).argmax(-1));

let started = performance.now();
const train = handwriting({ count, seed, style: JSON.parse(values.style) });
await train.x.data();
const drawn = (performance.now() - started) / 1000;

started = performance.now();
let params = init(random.key(seed));
let state = adam.init(params);
for (let epoch = 0; epoch < epochs; epoch++) {
  const order = await random.permutation(random.key(seed * 100 + epoch), count).data();
  for (let i = 0; i + batch <= count; i += batch) {
    const rows = tensor(order.slice(i, i + batch));
    ({ params, state } = step(params, state, train.x, train.y, rows));
  }
}
const trained = (performance.now() - started) / 1000;

console.log(
  `${count} pictures drawn in ${drawn.toFixed(1)} s, ${epochs} epochs in ${trained.toFixed(1)} s, seed ${seed}`,
);
const mistakes = [];
for (const on of values.on.split(",")) {
  const { confusion, right, n } = await readDigits(on === "test" ? "t10k" : "train");
  console.log("true \\ read" + [...Array(10).keys()].map((d) => `${d}`.padStart(6)).join(""));
  confusion.forEach((row, d) => {
    const share = (100 * row[d]) / row.reduce((a, b) => a + b, 0);
    const counts = row.map((k) => `${k}`.padStart(6)).join("");
    console.log(`${d}`.padEnd(11) + counts + `  ${share.toFixed(1)} %`);
  });
  const which = on === "test" ? "test" : "training";
  console.log(`${((100 * right) / n).toFixed(2)} % of ${n} of MNIST's ${which} images`);
}

/** Reads MNIST's images with the trained network. */
async function readDigits(part) {
  const idx = (name, header) =>
    gunzipSync(readFileSync(`${values.data}/${part}-${name}-ubyte.gz`)).subarray(header);
  const labels = idx("labels-idx1", 8);
  const images = idx("images-idx3", 16);
  const n = Math.min(Number(values.size), labels.length);
  const confusion = Array.from({ length: 10 }, () => new Array(10).fill(0));
  let right = 0;
  const chunk = 500;
  for (let i = 0; i < n; i += chunk) {
    const x = tensor(new Uint8Array(images.subarray(i * 784, (i + chunk) * 784)), {
      shape: [chunk, 28, 28, 1],
    });
    (await read(params, x).data()).forEach((guess, j) => {
      confusion[labels[i + j]][guess]++;
      if (guess === labels[i + j]) right++;
      else mistakes.push({ part, i: i + j, guess, label: labels[i + j] });
    });
  }
  return { confusion, right, n };
}

if (values.worst !== undefined) writeFileSync(values.worst, JSON.stringify(mistakes));
