import { ValueError } from "../base/errors.js";
import { describe } from "../base/tree.js";
import { elu, gelu, leakyRelu, relu, sigmoid, silu } from "../tensor/functions/activation.js";
import { tanh } from "../tensor/functions/elementwise.js";
import { softmax } from "../tensor/functions/reduce.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Context } from "./layer.js";
import { camelCase } from "./names.js";

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

type Kind = keyof typeof activations;
/** What Keras calls them, where that is another name. */
const aliases = { swish: "silu", leaky_relu: "leakyRelu" } as const;

export type ActivationName = Kind | keyof typeof aliases;
/** A name, or a function of one's own (with which the layer cannot be saved). */
export type Activation = ActivationName | ((x: Tensor) => Tensor);

/** A function on tensors that shows its results to whoever looks on. */
export type Activate = (x: Tensor, context: Context) => Tensor;

/** Applies f and shows what it gives. */
export const observed =
  (kind: string, f: (x: Tensor) => Tensor): Activate =>
  (x, { observe, path }) => {
    const output = f(x);
    observe?.({ path, kind, output });
    return output;
  };

/** The activation of a name, or of a function; nothing: none. */
export function activationOf(activation: Activation | undefined, op: string): Activate {
  if (activation === undefined) return (x) => x;
  if (typeof activation === "function")
    return observed(activation.name === "" ? "function" : activation.name, activation);
  if (typeof activation === "string") {
    const kind = Object.hasOwn(aliases, activation)
      ? aliases[activation as keyof typeof aliases]
      : camelCase(activation);
    if (Object.hasOwn(activations, kind)) return observed(kind, activations[kind as Kind]);
  }
  throw new ValueError(
    `${op}: unknown activation ${typeof activation === "string" ? `"${String(activation)}"` : describe(activation)}; ` +
      `there are ${Object.keys(activations).join(", ")}, or give a function`,
  );
}
