import { InkgradError } from "../base/errors.js";
import { describe } from "../base/tree.js";
import { elu, gelu, leakyRelu, relu, sigmoid, silu } from "../tensor/functions/activation.js";
import { tanh } from "../tensor/functions/elementwise.js";
import { softmax } from "../tensor/functions/reduce.js";
import type { Tensor } from "../tensor/tensor.js";

/** Functions of single numbers (softmax: of the last axis) that stand between layers. */
export const activations = {
  linear: (x: Tensor): Tensor => x,
  relu: (x: Tensor): Tensor => relu(x),
  leakyRelu: (x: Tensor): Tensor => leakyRelu(x),
  elu: (x: Tensor): Tensor => elu(x),
  gelu: (x: Tensor): Tensor => gelu(x),
  silu: (x: Tensor): Tensor => silu(x),
  sigmoid: (x: Tensor): Tensor => sigmoid(x),
  tanh: (x: Tensor): Tensor => tanh(x),
  softmax: (x: Tensor): Tensor => softmax(x),
};

export type ActivationName = keyof typeof activations;
/** A name, or a function of one's own (which cannot be saved). */
export type Activation = ActivationName | ((x: Tensor) => Tensor);

/** The function of a name; nothing: none. */
export function activationOf(
  activation: Activation | undefined,
  op: string,
): (x: Tensor) => Tensor {
  if (activation === undefined) return activations.linear;
  if (typeof activation === "function") return activation;
  const found = activations[activation] as ((x: Tensor) => Tensor) | undefined;
  if (found !== undefined) return found;
  throw new InkgradError(
    `${op}: unknown activation ${typeof activation === "string" ? `"${String(activation)}"` : describe(activation)}; ` +
      `there are ${Object.keys(activations).join(", ")}, or give a function`,
  );
}
