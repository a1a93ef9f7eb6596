/** The networks of the training and inference cases, of bare tensors: there are no layers yet. */
import {
  conv2d,
  logSoftmax,
  maxPool2d,
  oneHot,
  random,
  relu,
  where,
  zeros,
} from "../../packages/inkgrad/dist/index.js";
import { widths } from "../harness/data.mjs";

/** Uniform within ±1/√(what goes into one unit), as PyTorch does. */
function layer(key, shape) {
  const bound = 1 / Math.sqrt(shape.slice(0, -1).reduce((n, m) => n * m, 1));
  return {
    w: random.uniform(key, shape, { min: -bound, max: bound }),
    b: zeros([shape.at(-1)]),
  };
}

const layers = (shapes) => {
  const keys = random.split(random.key(0), shapes.length);
  return shapes.map((shape, i) => layer(keys[i], shape));
};

const dense = (x, { w, b }) => x.matmul(w).add(b);
const conv = (x, { w, b }) => conv2d(x, w).add(b);

function dropout(x, rate, key) {
  const kept = random.bernoulli(key, x.shape, { p: 1 - rate });
  return where(kept, x.mul(1 / (1 - rate)), 0);
}

/** Layers with relu between them. */
const perceptron = (widths) => ({
  input: [784],
  init: () => layers(widths.slice(1).map((units, i) => [widths[i], units])),
  logits: (params, x) => params.reduce((h, p, i) => dense(i === 0 ? h : relu(h), p), x),
});

const convolutional = {
  input: [28, 28, 1],
  init: () =>
    layers([
      [3, 3, 1, 32],
      [3, 3, 32, 64],
      [9216, 128],
      [128, 10],
    ]),
  /** With a key there is dropout, without one there is none. */
  logits([first, second, third, fourth], x, key) {
    const keys = key === undefined ? [] : random.split(key);
    const drop = (h, rate, i) => (key === undefined ? h : dropout(h, rate, keys[i]));
    const h = relu(conv(relu(conv(x, first)), second));
    const pooled = drop(maxPool2d(h, 2), 0.25, 0);
    const flat = pooled.reshape([x.shape[0], 9216]);
    return dense(drop(relu(dense(flat, third)), 0.5, 1), fourth);
  },
};

export const networks = {
  m1: perceptron(widths.m1),
  m2: perceptron(widths.m2),
  m3: convolutional,
};

/** The mean of −log p of the right class. */
export const crossEntropy = (logits, classes) =>
  logSoftmax(logits).mul(oneHot(classes, 10)).sum(-1).mean().neg();
