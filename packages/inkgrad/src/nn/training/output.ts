import { InkgradError, ValueError } from "../../base/errors.js";
import { sigmoid } from "../../tensor/functions/activation.js";
import { softmax } from "../../tensor/functions/reduce.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Layer } from "../layer.js";
import type { Loss } from "../losses/loss.js";

/**
 * What a model's numbers mean: logits of which softmax or sigmoid makes probabilities, these
 * themselves (of classes, or each of a yes of its own), or plain numbers.
 */
export const outputs = [
  "softmax",
  "sigmoid",
  "probabilities",
  "binaryProbabilities",
  "values",
] as const;
export type Output = (typeof outputs)[number];

/** As the last layer and the loss say. */
export function outputOf(model: Layer, { kind, fromLogits }: Loss): Output {
  const binary = kind.startsWith("binary");
  if (fromLogits === false || givesProbabilities(model))
    return binary ? "binaryProbabilities" : "probabilities";
  if (binary) return "sigmoid";
  return /categorical/i.test(kind) ? "softmax" : "values";
}

/** Does it end with softmax or sigmoid? */
export const givesProbabilities = (model: Layer): boolean =>
  ["softmax", "sigmoid"].includes(lastActivation(model));

/** Throws for a loss that takes something else than the model gives: it would learn, but badly. */
export function requireFitting(model: Layer, { kind, fromLogits }: Loss): void {
  const last = lastActivation(model);
  if (fromLogits === true && givesProbabilities(model))
    throw new ValueError(
      `compile: the model ends with ${last}, and ${kind} takes logits, so that it would be taken twice; ` +
        `leave ${last} out (better), or give the loss { fromLogits: false }`,
    );
  if (fromLogits === false && ["dense", "linear"].includes(last))
    throw new ValueError(
      `compile: ${kind} with fromLogits: false takes probabilities, and the model ends with plain numbers; ` +
        "leave fromLogits out (better), or end the model with softmax or sigmoid",
    );
}

function lastActivation({ kind, options, inner = [] }: Layer): string {
  if (kind === "sequential" && inner.length > 0)
    return lastActivation(inner[inner.length - 1].layer);
  const { activation } = (options ?? {}) as { activation?: unknown };
  return typeof activation === "string" ? activation : kind;
}

export function probabilitiesOf(predictions: Tensor, output: Output): Tensor {
  if (output === "softmax") return softmax(predictions);
  if (output === "sigmoid") return sigmoid(predictions);
  if (output === "probabilities" || output === "binaryProbabilities") return predictions;
  throw new InkgradError(
    "predictProbabilities: this model was trained to predict numbers, not classes; use predict",
  );
}

/**
 * Class numbers [n] of what has [n, classes]; 0 or 1 for each number if each stands for itself, as with
 * a binary cross-entropy.
 */
export function classesOf(predictions: Tensor, output: Output): Tensor {
  const size = predictions.shape[predictions.rank - 1];
  if (output === "sigmoid" || output === "binaryProbabilities" || size === 1) {
    const flags = probabilitiesOf(predictions, output).greater(0.5).cast("i32") as Tensor;
    return size === 1 ? flags.reshape(predictions.shape.slice(0, -1)) : flags;
  }
  return predictions.argmax(-1);
}
