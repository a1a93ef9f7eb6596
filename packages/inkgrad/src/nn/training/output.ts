import { InkgradError } from "../../base/errors.js";
import { sigmoid } from "../../tensor/functions/activation.js";
import { softmax } from "../../tensor/functions/reduce.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Layer } from "../layer.js";
import type { Loss } from "../losses/loss.js";

/**
 * What a model's numbers mean: logits of which softmax or sigmoid makes probabilities, these
 * themselves, or plain numbers.
 */
export type Output = "softmax" | "sigmoid" | "probabilities" | "values";

/** As the last layer and the loss say. */
export function outputOf(model: Layer, { kind }: Loss): Output {
  if (["softmax", "sigmoid"].includes(lastActivation(model))) return "probabilities";
  if (kind.startsWith("binary")) return "sigmoid";
  return /categorical/i.test(kind) ? "softmax" : "values";
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
  if (output === "probabilities") return predictions;
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
  if (output === "sigmoid" || size === 1) {
    const flags = probabilitiesOf(predictions, output).greater(0.5).cast("i32") as Tensor;
    return size === 1 ? flags.reshape(predictions.shape.slice(0, -1)) : flags;
  }
  return predictions.argmax(-1);
}
