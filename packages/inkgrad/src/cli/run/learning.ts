import { inference } from "../../nn/layer.js";
import { type Model, model, optimizers, schedules } from "../../nn/index.js";
import type { LearningRate, Optimizer } from "../../nn/optimizers/optimizer.js";
import type { Learner } from "../../nn/training/learner.js";
import { transforms } from "../../data/index.js";
import { foldIn } from "../../tensor/random/key.js";
import { UsageError } from "../errors.js";
import { recipes, type Task } from "../models.js";
import type { Settings } from "./settings.js";

/** From settings to what trains. */

/** The network, and the same as it is trained: with distorted pictures, if that was chosen. */
export function modelOf(
  { model: name, variation, augment }: Settings,
  task: Task,
): { readonly model: Model; readonly trained: Model } {
  const plain = recipes[name].build(task, variation);
  return { model: plain, trained: augment ? distorted(plain, recipes[name].distortion) : plain };
}

/** Learns from pictures that are never the same twice. Saved, it is the plain network. */
function distorted(plain: Model, distortion: transforms.RandomWarpOptions): Model {
  const distort = transforms.randomWarp(distortion);
  return model({
    ...plain,
    apply(params, x, context = inference) {
      const { training, key } = context;
      // Layers draw from the key by their small numbers.
      const seen = training && key !== undefined ? distort(x, foldIn(key, 2 ** 31 - 1)) : x;
      return plain.apply(params, seen, context);
    },
  });
}

export function learnerOf(model: Model, settings: Settings): Learner {
  return model.compile({
    loss: "sparseCategoricalCrossEntropy",
    optimizer: optimizerOf(settings),
    metrics: ["accuracy"],
  });
}

function optimizerOf({ optimizer, lr, schedule, averaging }: Settings): Optimizer {
  const make = makers[optimizerName(optimizer)] as (rate: LearningRate) => Optimizer;
  const made = make(scheduleOf(schedule, lr));
  return averaging === 0 ? made : optimizers.averaged(made, { decay: averaging });
}

const { averaged: _, ...makers } = optimizers;
/** Checks a name from the command line, where Keras's "adamw" and "Adam" will do as well. */
export function optimizerName(name: string): keyof typeof makers {
  const known = Object.keys(makers).find((own) => own.toLowerCase() === name.toLowerCase());
  if (known !== undefined) return known as keyof typeof makers;
  throw new UsageError(`there is no optimizer "${name}"; choose ${Object.keys(makers).join(", ")}`);
}

const scheduleOf = (kind: Settings["schedule"], lr: number): LearningRate =>
  kind === "constant" ? lr : schedules[kind](lr);
