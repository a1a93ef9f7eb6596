/**
 * What is measured. A case is one task, given to ours and to each peer that is named; `keys` are the
 * names under which a child reports several numbers (none: one number), and `keyIs` says which field
 * of a result they fill if it is not the case's name that they extend. `once`: it does not depend on
 * the machine's mood or the Node version.
 */

/** Units of which more is better; of all others less is. */
export const rates = new Set(["samples/s", "GFLOP/s"]);

const training = (threads) =>
  ["m1", "m2", "m3"].flatMap((model) =>
    [64, 128].map((batch) => ({
      name: model,
      batch,
      threads,
      unit: "samples/s",
      task: { kind: "train", model, batch },
      peers: ["torch", "tensorflow", "jax"],
    })),
  );

const inference = (threads) =>
  [1, 256].map((batch) => ({
    name: "inference m3",
    batch,
    threads,
    unit: "ms",
    task: { kind: "inference", model: "m3", batch },
    peers: ["onnxruntime", "torch", "tensorflow"],
  }));

/** [name, m, k, n, which operand is read transposed] */
const forms = [
  ["AB", ""],
  ["ABᵀ", "b"],
  ["AᵀB", "a"],
  ["AᵀBᵀ", "ab"],
];
const products = [
  ...[512, 1024].flatMap((n) => forms.map(([form, t]) => [`${n}³ ${form}`, n, n, n, t])),
  ["64×784·784×128", 64, 784, 128, ""],
  ["784×64·64×128, first transposed", 784, 64, 128, "a"],
  ["64×128·128×784, second transposed", 64, 128, 784, "b"],
];

const matmul = (threads) =>
  [...new Set([1, threads])].map((threads) => ({
    name: "matmul",
    keys: products.map(([name]) => name),
    threads,
    unit: "GFLOP/s",
    task: { kind: "matmul", products, seconds: 0.4 },
    peers: ["peak", "torch"],
  }));

const overhead = (threads) => [
  ...[
    ["first call of the step of m1", "first", "ms"],
    ["cached call of x + 1", "cached", "µs"],
  ].map(([what, part, unit]) => ({
    name: `overhead: ${what}`,
    threads,
    unit,
    task: { kind: "overhead", part, seconds: 1 },
    peers: ["torch", "jax"],
  })),
  ...(threads === 1 ? [] : ["m1", "m2", "m3"]).map((model) => ({
    name: `overhead: threads in ${model}`,
    batch: 128,
    threads,
    unit: "samples/s",
    task: { kind: "train", model, batch: 128 },
    peers: ["one thread"],
  })),
];

const powersOfTwo = (from, to) => (from > to ? [] : [from, ...powersOfTwo(2 * from, to)]);

const scaling = (threads) =>
  [
    ["batch", powersOfTwo(1, 4096)],
    ["size", powersOfTwo(16, 2048)],
  ].map(([by, points]) => ({
    name: by === "batch" ? "scaling of m1's step" : "scaling of a square product",
    keys: points,
    keyIs: by,
    threads,
    unit: "ms",
    task: { kind: "scaling", by, points, seconds: 0.3 },
    peers: ["torch", "tensorflow", "jax"],
  }));

const size = () => [
  {
    name: "size of the bundle, gzipped",
    threads: 1,
    unit: "KB",
    task: { kind: "size" },
    peers: ["tensorflow bundle", "jax bundle"],
    once: true,
  },
];

/** All cases, in order; `threads` is how many those get that can use them. */
export const cases = (threads) =>
  [training, inference, matmul, overhead, scaling, size].flatMap((some) => some(threads));
