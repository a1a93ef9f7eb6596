import { sizeOf } from "../../base/shape.js";
import { flatten } from "../../base/tree.js";
import type { Variables } from "../../nn/layer.js";
import type { Model } from "../../nn/model.js";
import type { LearningRate, Optimizer } from "../../nn/optimizers/optimizer.js";
import { adam } from "../../nn/optimizers/adam.js";
import type { Learner } from "../../nn/training/learner.js";
import { isTensor } from "../../tensor/tensor.js";
import { UsageError } from "../errors.js";
import { recipes, type Task } from "../models.js";
import type { Settings } from "./settings.js";

/** From settings to what trains. */

export function modelOf({ model, variation }: Settings, task: Task): Model {
  return recipes[model].build(task, variation);
}

export function learnerOf(model: Model, settings: Settings): Learner {
  return model.compile({
    loss: "sparseCategoricalCrossEntropy",
    optimizer: optimizerOf(settings),
    metrics: ["accuracy"],
  });
}

const optimizers: Readonly<Record<string, (rate: LearningRate) => Optimizer<never>>> = {
  adam: adam as never,
};
export const optimizerNames: readonly string[] = Object.keys(optimizers);

function optimizerOf({ optimizer, lr, schedule }: Settings): Optimizer {
  const make = Object.hasOwn(optimizers, optimizer) ? optimizers[optimizer] : undefined;
  if (make === undefined)
    throw new UsageError(
      `there is no optimizer "${optimizer}"; choose ${optimizerNames.join(", ")}`,
    );
  return make(scheduleOf(schedule, lr));
}

function scheduleOf(kind: Settings["schedule"], lr: number): LearningRate {
  if (kind === "constant") return lr;
  const down = (share: number): number => (lr / 2) * (1 + Math.cos(Math.PI * share));
  if (kind === "cosine") return (step, total) => down(step / total);
  const warm = 0.25;
  return (step, total) => {
    const share = step / total;
    return share < warm ? (lr * (0.04 + share)) / (warm + 0.04) : down((share - warm) / (1 - warm));
  };
}

/** How many numbers a model learns. */
export const countOf = (params: Variables): number =>
  flatten(params, { isLeaf: isTensor, what: "parameters: a tensor" }).leaves.reduce(
    (sum: number, leaf) => sum + (isTensor(leaf) ? sizeOf(leaf.shape) : 0),
    0,
  );

export const summaryOf = ({ inner = [] }: Model): string =>
  inner.map(({ name }) => name).join("\n");
