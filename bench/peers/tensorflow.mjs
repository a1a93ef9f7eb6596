/** TensorFlow.js on its WebAssembly backend, which has one thread in Node. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { absent, callsPerSecond, report, task } from "../harness/child.mjs";
import { batches, randomClasses, randomFloats, rows, widths } from "../harness/data.mjs";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");
wasm.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");
await tf.ready();

const { dense, conv2d, maxPooling2d, dropout, flatten } = tf.layers;

const perceptron = ([input, ...units]) =>
  units.map((n, i) =>
    dense({
      units: n,
      ...(i === 0 && { inputShape: [input] }),
      ...(i < units.length - 1 && { activation: "relu" }),
    }),
  );

const layers = {
  m1: () => perceptron(widths.m1),
  m2: () => perceptron(widths.m2),
  m3: () => [
    conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: "relu" }),
    conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
    maxPooling2d({ poolSize: 2 }),
    dropout({ rate: 0.25 }),
    flatten(),
    dense({ units: 128, activation: "relu" }),
    dropout({ rate: 0.5 }),
    dense({ units: 10 }),
  ],
};

const inputOf = (model) => (model === "m3" ? [28, 28, 1] : [784]);

function training(model, batch, rows) {
  const network = tf.sequential({ layers: layers[model]() });
  const images = tf.tensor(randomFloats(rows * 784), [rows, ...inputOf(model)]);
  const classes = tf.tidy(() => tf.oneHot(tf.tensor1d(randomClasses(rows), "int32"), 10).toFloat());
  const variables = network.trainableWeights.map((weight) => weight.val);
  const optimizer = tf.train.adam(1e-3);
  const order = batches(rows, batch);
  return () =>
    tf.tidy(() => {
      const index = tf.tensor1d(order.next().value, "int32");
      const [x, y] = [tf.gather(images, index), tf.gather(classes, index)];
      const loss = () => tf.losses.softmaxCrossEntropy(y, network.apply(x, { training: true }));
      return optimizer.minimize(loss, true, variables).dataSync()[0];
    });
}

const tasks = {
  async train({ model, batch }) {
    const step = training(model, batch, rows);
    try {
      step();
    } catch (error) {
      absent(`cannot: ${error.message.split("\n")[0]}`);
    }
    return { "": (await callsPerSecond(step)) * batch };
  },

  async inference({ model, batch }) {
    const network = tf.sequential({ layers: layers[model]() });
    const x = tf.tensor(randomFloats(batch * 784), [batch, ...inputOf(model)]);
    const predict = () => tf.tidy(() => network.predict(x, { batchSize: batch }).dataSync());
    return { "": 1000 / (await callsPerSecond(predict)) };
  },

  async scaling({ by, points }) {
    const square = (n) => tf.tensor(randomFloats(n * n), [n, n]);
    const product = (n) => {
      const [a, b] = [square(n), square(n)];
      return () => tf.tidy(() => tf.matMul(a, b).slice([0, 0], [1, 1]).dataSync());
    };
    const values = {};
    for (const n of points) {
      const work = by === "batch" ? training("m1", n, Math.max(4096, 2 * n)) : product(n);
      values[n] = 1000 / (await callsPerSecond(work));
    }
    return values;
  },
};

report(await tasks[task.kind](task), { threads: 1 });
process.exit(0);
