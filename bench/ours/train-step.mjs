/** A whole training step, compiled: forward, backward, Adam. */
import { random, tensor, valueAndGrad } from "../../packages/inkgrad/dist/index.js";
import { batches, randomClasses, randomFloats } from "../harness/data.mjs";
import { adam } from "./adam.mjs";
import { compile } from "./library.mjs";
import { crossEntropy, networks } from "./networks.mjs";

/** A function that takes a batch of rows and returns the loss of the step it made. */
export function trainStep(model) {
  const network = networks[model];
  const drops = model === "m3";
  const key = random.key(1);

  const step = compile(
    (params, state, x, y) => {
      const loss = (p) =>
        crossEntropy(network.logits(p, x, drops ? random.foldIn(key, state.step) : undefined), y);
      const [value, gradient] = valueAndGrad(loss)(params);
      return { ...adam.update(params, gradient, state), loss: value };
    },
    { donate: [0, 1] },
  );

  let params = network.init();
  let state = adam.init(params);
  return (x, y) => {
    let loss;
    ({ params, state, loss } = step(params, state, x, y));
    return loss.item();
  };
}

/** A function that makes one step on the next shuffled batch of random data. */
export function training(model, batch, rows) {
  const { input } = networks[model];
  const images = randomFloats(rows * 784);
  const classes = randomClasses(rows);
  const order = batches(rows, batch);
  const step = trainStep(model);
  return () => {
    const x = new Float32Array(batch * 784);
    const y = new Int32Array(batch);
    order.next().value.forEach((row, i) => {
      x.set(images.subarray(row * 784, (row + 1) * 784), i * 784);
      y[i] = classes[row];
    });
    return step(tensor(x, { shape: [batch, ...input] }), tensor(y));
  };
}
