import { FormatError } from "../../base/errors.js";
import * as safetensors from "../../data/formats/safetensors.js";
import type { Variables } from "../../nn/layer.js";
import type { Model } from "../../nn/model.js";
import { predictStep } from "../../nn/training/step.js";
import { concat } from "../../tensor/functions/join.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import { recipes, type Task, type Variation } from "../models.js";
import type { ModelName } from "../names.js";

/** What a model's file says besides its parameters. */
export interface ModelInfo {
  readonly model: ModelName;
  readonly variation: Variation;
  readonly task: Task;
  readonly classes: readonly string[];
  /** Are the pictures characters, brought to MNIST's form before they are read? */
  readonly characters: boolean;
  readonly trainedOn: string;
  readonly epochs: number;
  readonly seed: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
}

export interface LoadedModel {
  readonly model: Model;
  readonly params: Variables;
  readonly state: Variables;
  readonly info: ModelInfo;
}

const key = "inkgrad.cli";

export async function saveModelFile(
  path: string,
  { params, state, info }: Omit<LoadedModel, "model">,
): Promise<void> {
  const tensors = { ...named(params, "params"), ...named(state, "state") };
  await safetensors.write(path, tensors, { [key]: JSON.stringify(info) });
}

export async function loadModelFile(path: string): Promise<LoadedModel> {
  const { tensors, metadata } = await safetensors.read(path);
  const text = metadata[key];
  if (text === undefined)
    throw new FormatError(`${path} is not a model that inkgrad's command has saved`);
  const info = JSON.parse(text) as ModelInfo;
  const model = recipes[info.model].build(info.task, info.variation);
  return { model, params: tree(tensors, "params"), state: tree(tensors, "state"), info };
}

function named(tree: Variables, path: string): Record<string, Tensor> {
  if (isTensor(tree)) return { [path]: tree };
  return Object.assign(
    {},
    ...Object.entries(tree).map(([name, inner]) => named(inner, `${path}.${name}`)),
  ) as Record<string, Tensor>;
}

function tree(tensors: Readonly<Record<string, Tensor>>, prefix: string): Variables {
  const root: Record<string, unknown> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const [first, ...path] = name.split(".");
    if (first !== prefix) continue;
    const last = path.pop()!;
    let at = root;
    for (const part of path) at = (at[part] ??= {}) as Record<string, unknown>;
    at[last] = tensor;
  }
  return root as Variables;
}

/** What the model makes of pictures [n, h, w, c], batch by batch. */
export function predictWith({ model, params, state }: LoadedModel, x: Tensor): Tensor {
  const step = predictStep(model);
  const n = x.shape[0];
  const parts: Tensor[] = [];
  for (let from = 0; from < n; from += 256)
    parts.push(step(params, state, x.slice([[from, Math.min(from + 256, n)]] as never), null));
  return parts.length === 1 ? parts[0] : concat(parts, 0);
}
