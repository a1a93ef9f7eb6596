/**
 * jax-js on its WebAssembly backend, which has one thread in Node. Its own Adam is in a package
 * that the registry does not have, so it is written out and compiled with the step.
 */
import { absent, callsPerSecond, report, task } from "../harness/child.mjs";
import { batches, randomClasses, randomFloats, rows, widths } from "../harness/data.mjs";

if (globalThis.navigator === undefined) absent("needs Node 21 or newer");
const jax = await import("@jax-js/jax");
const { defaultDevice, init, jit, nn, numpy: np, random, tree, valueAndGrad } = jax;
await init();
defaultDevice("wasm");

const [rate, decay1, decay2, epsilon] = [1e-3, 0.9, 0.999, 1e-8];

const initial = (widths) =>
  widths.slice(1).map((units, i) => {
    const bound = { minval: -1 / Math.sqrt(widths[i]), maxval: 1 / Math.sqrt(widths[i]) };
    return {
      w: random.uniform(random.key(i), [widths[i], units], bound),
      b: np.zeros([units]),
    };
  });

const logits = (params, x) =>
  params.reduce((h, { w, b }, i) => np.dot(i === 0 ? h : nn.relu(h), w).add(b), x);

const crossEntropy = (params, x, y) =>
  nn
    .logSoftmax(logits(params, x))
    .mul(nn.oneHot(y, 10))
    .sum()
    .mul(-1 / x.shape[0]);

/** A step that owns its arguments, as all of jax-js does: `.ref` is a further use. */
function adamStep(params, m, v, correction1, correction2, x, y) {
  const [loss, gradient] = valueAndGrad(crossEntropy)(tree.ref(params), x, y);
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
}

function training(model, batch, rows) {
  const images = np.array(randomFloats(rows * 784)).reshape([rows, 784]);
  const classes = np.array(randomClasses(rows));
  const order = batches(rows, batch);
  const step = jit(adamStep);
  const zeros = (tensors) => tree.map(np.zerosLike, tree.ref(tensors));
  let params = initial(widths[model]);
  let [m, v, t] = [zeros(params), zeros(params), 0];
  return async () => {
    const index = np.array(order.next().value);
    const [x, y] = [images.ref.slice(index.ref), classes.ref.slice(index)];
    t++;
    const corrections = [1 - decay1 ** t, 1 - decay2 ** t].map((c) => np.array(c));
    let loss;
    [params, m, v, loss] = step(params, m, v, ...corrections, x, y);
    await jax.blockUntilReady(params);
    return loss.jsAsync();
  };
}

const tasks = {
  async train({ model, batch }) {
    if (widths[model] === undefined)
      absent("the gradient of its max-pooling is not part of this measurement");
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
