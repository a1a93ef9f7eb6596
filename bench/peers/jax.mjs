/**
 * jax-js on its WebAssembly backend, which has one thread in Node. Its own Adam is in a package
 * that the registry does not have, so it is written out and compiled with the step.
 */
import { absent, callsPerSecond, report, task } from "../harness/child.mjs";
import { batches, randomClasses, randomFloats, rows, widths } from "../harness/data.mjs";

if (globalThis.navigator === undefined) absent("needs Node 21 or newer");
const jax = await import("@jax-js/jax");
const { defaultDevice, init, jit, lax, nn, numpy: np, random, tree, valueAndGrad } = jax;
await init();
defaultDevice("wasm");

const [rate, decay1, decay2, epsilon] = [1e-3, 0.9, 0.999, 1e-8];

/** Uniform within ±1/√(what goes into one unit). */
function layer(shape, fanIn, units, seed) {
  const bound = { minval: -1 / Math.sqrt(fanIn), maxval: 1 / Math.sqrt(fanIn) };
  return { w: random.uniform(random.key(seed), shape, bound), b: np.zeros([units]) };
}

const dense = (x, { w, b }) => np.dot(x, w).add(b);

const perceptron = (widths) => ({
  input: [784],
  init: () => widths.slice(1).map((n, i) => layer([widths[i], n], widths[i], n, i)),
  logits: (params, x) => params.reduce((h, p, i) => dense(i === 0 ? h : nn.relu(h), p), x),
});

/** Channels first, and pooling as a maximum over an axis: its windows have no gradient. */
const convolutional = {
  input: [1, 28, 28],
  init: () => [
    layer([32, 1, 3, 3], 9, 32, 0),
    layer([64, 32, 3, 3], 288, 64, 1),
    layer([9216, 128], 9216, 128, 2),
    layer([128, 10], 128, 10, 3),
  ],
  logits([first, second, third, fourth], x, keys) {
    const batch = x.shape[0];
    const conv = (x, { w, b }) => lax.conv(x, w, [1, 1], "VALID").add(b.reshape([-1, 1, 1]));
    const [key1, key2] = [keys.ref.slice(0), keys.slice(1)];
    const drop = (x, rate, key) =>
      np.where(random.bernoulli(key, 1 - rate, x.shape), x.mul(1 / (1 - rate)), 0);
    const h = nn.relu(conv(nn.relu(conv(x, first)), second));
    const pooled = drop(np.max(h.reshape([batch, 64, 12, 2, 12, 2]), [3, 5]), 0.25, key1);
    const flat = pooled.reshape([batch, 9216]);
    return dense(drop(nn.relu(dense(flat, third)), 0.5, key2), fourth);
  },
};

const networks = {
  m1: perceptron(widths.m1),
  m2: perceptron(widths.m2),
  m3: convolutional,
};

const crossEntropy =
  (network) =>
  (params, x, y, ...keys) =>
    nn
      .logSoftmax(network.logits(params, x, ...keys))
      .mul(nn.oneHot(y, 10))
      .sum()
      .mul(-1 / x.shape[0]);

/** A step that owns its arguments, as all of jax-js does: `.ref` is a further use. */
const adamStep =
  (network) =>
  (params, m, v, correction1, correction2, x, y, ...keys) => {
    const [loss, gradient] = valueAndGrad(crossEntropy(network))(tree.ref(params), x, y, ...keys);
    const mix = (decay) => (old, now) => old.mul(decay).add(now.mul(1 - decay));
    const nextM = tree.map(mix(decay1), m, tree.ref(gradient));
    const nextV = tree.map((old, g) => mix(decay2)(old, g.ref.mul(g)), v, gradient);
    const next = tree.map(
      (p, m, v) =>
        p.sub(
          m
            .div(correction1.ref)
            .div(np.sqrt(v.div(correction2.ref)).add(epsilon))
            .mul(rate),
        ),
      params,
      tree.ref(nextM),
      tree.ref(nextV),
    );
    correction1.dispose();
    correction2.dispose();
    return [next, nextM, nextV, loss];
  };

function training(model, batch, rows) {
  const network = networks[model];
  const images = np.array(randomFloats(rows * 784)).reshape([rows, ...network.input]);
  const classes = np.array(randomClasses(rows));
  const order = batches(rows, batch);
  const step = jit(adamStep(network));
  const zeros = (tensors) => tree.map(np.zerosLike, tree.ref(tensors));
  let params = network.init();
  let [m, v, t] = [zeros(params), zeros(params), 0];
  return async () => {
    const index = np.array(order.next().value);
    const [x, y] = [images.ref.slice(index.ref), classes.ref.slice(index)];
    t++;
    const corrections = [1 - decay1 ** t, 1 - decay2 ** t].map((c) => np.array(c));
    let loss;
    const keys = model === "m3" ? [random.split(random.key(t))] : [];
    [params, m, v, loss] = step(params, m, v, ...corrections, x, y, ...keys);
    await jax.blockUntilReady(params);
    return loss.jsAsync();
  };
}

const tasks = {
  async train({ model, batch }) {
    return { "": (await callsPerSecond(training(model, batch, rows))) * batch };
  },

  async overhead({ part }) {
    if (part === "first") {
      const step = training("m1", 64, 64);
      const start = performance.now();
      await step();
      return { "": performance.now() - start };
    }
    const x = np.array([1, 2, 3, 4]);
    const addOne = jit((x) => x.add(1));
    return { "": 1e6 / (await callsPerSecond(() => addOne(x.ref).js())) };
  },

  async scaling({ by, points }) {
    const square = (n) => np.array(randomFloats(n * n)).reshape([n, n]);
    const product = (n) => {
      const [a, b] = [square(n), square(n)];
      return async () => {
        const c = np.dot(a.ref, b.ref);
        await jax.blockUntilReady(c.ref);
        c.dispose();
      };
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
