import {
  elu as eluOf,
  gelu as geluOf,
  leakyRelu as leakyReluOf,
} from "../../tensor/functions/activation.js";
import { ValueError } from "../../base/errors.js";
import { softmax as softmaxOf } from "../../tensor/functions/reduce.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type ActivationName, activations, observed } from "../activations.js";
import type { Json, Layer } from "../layer.js";
import type { SameShape } from "../types/rules.js";

function activation(
  kind: keyof typeof activations,
  options: Json,
  f: (x: Tensor) => Tensor,
): Layer<SameShape> {
  const apply = observed(kind, f);
  return { kind, options, apply: (_params, x, context) => apply(x, context) };
}

const plain = (kind: ActivationName & keyof typeof activations) => (): Layer<SameShape> =>
  activation(kind, {}, activations[kind]);

/** Nothing: x. */
export const linear = plain("linear");
/** max(x, 0). */
export const relu = plain("relu");
/** x · sigmoid(x), also known as swish. @source Elfwing et al., arXiv:1702.03118 */
export const silu = plain("silu");
/** 1 / (1 + e^−x). */
export const sigmoid = plain("sigmoid");
/** The hyperbolic tangent. */
export const tanh = plain("tanh");

export interface LeakyReluOptions {
  /** Default 0.01, as in PyTorch; Keras's layer has 0.3. */
  readonly slope?: number;
}
/** x where it is positive, else slope · x. */
export const leakyRelu = ({ slope = 0.01 }: LeakyReluOptions = {}): Layer<SameShape> => {
  requireFinite(slope, "slope", "leakyRelu");
  return activation("leakyRelu", { slope }, (x) => leakyReluOf(x, slope));
};

export interface EluOptions {
  /** Default 1. */
  readonly alpha?: number;
}
/** x where it is positive, else alpha · (e^x − 1). @source Clevert et al., arXiv:1511.07289 */
export const elu = ({ alpha = 1 }: EluOptions = {}): Layer<SameShape> => {
  requireFinite(alpha, "alpha", "elu");
  return activation("elu", { alpha }, (x) => eluOf(x, alpha));
};

export interface GeluOptions {
  /** By the form with tanh (default false: with the error function). */
  readonly approximate?: boolean;
}
/** x · Φ(x). @source Hendrycks & Gimpel, arXiv:1606.08415 */
export const gelu = ({ approximate = false }: GeluOptions = {}): Layer<SameShape> =>
  activation("gelu", { approximate }, (x) => geluOf(x, { approximate }));

/** e^x over its sum along the last axis. Losses take logits: as a last layer it is not needed. */
export const softmax = (): Layer<SameShape> => activation("softmax", {}, (x) => softmaxOf(x));

function requireFinite(value: number, what: string, op: string): void {
  if (!Number.isFinite(value))
    throw new ValueError(`${op}: ${what} must be a finite number, got ${String(value)}`);
}
