/** A whole training step, compiled: forward, backward, Adam. */
import { random, take, tensor, valueAndGrad } from "../../packages/inkgrad/dist/index.js";
import { batches, randomClasses, randomFloats } from "../harness/data.mjs";
import { adam } from "./adam.mjs";
import { compile } from "./library.mjs";
import { crossEntropy, networks } from "./networks.mjs";

/**
 * A function that takes the data and the numbers of a batch's rows, and returns the loss of the step
 * it made.
 */
export function trainStep(model) {
  const network = networks[model];
  const drops = model === "m3";
  const key = random.key(1);

  const step = compile(
    (params, state, images, classes, rows) => {
      const x = take(images, rows, 0);
      const y = take(classes, rows, 0);
      const loss = (p) =>
        crossEntropy(network.logits(p, x, drops ? random.foldIn(key, state.step) : undefined), y);
      const [value, gradient] = valueAndGrad(loss)(params);
      return { ...adam.update(params, gradient, state), loss: value };
    },
    { donate: [0, 1] },
  );

  let params = network.init();
  let state = adam.init(params);
  return (images, classes, rows) => {
    let loss;
    ({ params, state, loss } = step(params, state, images, classes, rows));
    return loss.item();
  };
}

/** A function that makes one step on the next shuffled batch of random data. */
export function training(model, batch, rows) {
  const { input } = networks[model];
  const images = tensor(randomFloats(rows * 784), { shape: [rows, ...input] });
  const classes = tensor(randomClasses(rows));
  const order = batches(rows, batch);
  const step = trainStep(model);
  return () => step(images, classes, tensor(Int32Array.from(order.next().value)));
}
