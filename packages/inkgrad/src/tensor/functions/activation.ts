import { computeType } from "../../base/dtype.js";
import { DTypeError, ValueError } from "../../base/errors.js";
import { customRule } from "../../grad/custom-rule.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo, floatNode, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type {
  ActivationFunction,
  GeluFunction,
  GeluOptions,
  ReluFunction,
  ScaledActivationFunction,
} from "../types/functions.js";

/**
 * Activations, each in a form that neither overflows nor loses digits. Sigmoid and softplus have
 * gradient rules of their own: what is written with |x| would have none at 0.
 */

/** 1 / (1 + e^−x). */
export const sigmoid = ((x: Tensor) =>
  wrap(sigmoidNode(floatNode(x, "sigmoid")))) as ActivationFunction;

/** 1 / (1 + e^−|x|) and its complement, so that tiny results keep all their digits. */
function sigmoidNode(x: Node): Node {
  const decay = b.exp(b.neg(b.abs(x)));
  const larger = b.div(1, b.add(1, decay));
  return b.custom([b.where(b.less(x, 0), b.mul(decay, larger), larger), x], { rule: sigmoidRule });
}

/** σ(x) σ(−x), where σ (1 − σ) would lose the digits of 1 − σ. */
const sigmoidRule = customRule((_b, [x], out, cotangent) => [
  b.mul(cotangent, b.mul(out, sigmoidNode(b.neg(x)))),
]);

/** log(1 + e^x), finite for every finite x; its derivative is the sigmoid. */
export const softplus = ((x: Tensor) =>
  wrap(softplusNode(floatNode(x, "softplus")))) as ActivationFunction;

const softplusNode = (x: Node): Node =>
  b.custom([b.add(b.maximum(x, 0), b.log1p(b.exp(b.neg(b.abs(x))))), x], { rule: softplusRule });
const softplusRule = customRule((_b, [x], _out, cotangent) => [b.mul(cotangent, sigmoidNode(x))]);

/** log(1 / (1 + e^−x)), finite for every finite x. */
export const logSigmoid = ((x: Tensor) =>
  wrap(b.neg(softplusNode(b.neg(floatNode(x, "logSigmoid")))))) as ActivationFunction;

/** max(x, 0) in x's own type; NaN stays NaN. The derivative at 0 is 0. */
export const relu = ((x: Tensor) => {
  const node = nodeOf(x, "relu");
  if (node.dtype === "bool")
    throw new DTypeError('relu: takes numbers, got bool; use x.cast("i32") first');
  const wide = castTo(node, computeType(node.dtype));
  const value = b.where(b.lessEqual(wide, 0), 0, wide);
  return wrap(castTo(b.custom([value, wide], { rule: reluRule }), node.dtype));
}) as ReluFunction;

/** The result says where the gradient goes on, so that what it was computed from need not be kept. */
const reluRule = customRule((_b, _inputs, out, cotangent) => [
  b.where(b.lessEqual(out, 0), 0, cotangent),
]);

/** x where it is positive, else `slope` · x. The derivative at 0 is the slope. */
export const leakyRelu = ((x: Tensor, slope = 0.01) => {
  const node = floatNode(x, "leakyRelu");
  return wrap(b.where(b.greater(node, 0), node, b.mul(finite(slope, "leakyRelu"), node)));
}) as ScaledActivationFunction;

/**
 * x where it is positive, else `alpha` · (e^x − 1). The derivative at 0 is alpha.
 * @source Clevert et al., arXiv:1511.07289
 */
export const elu = ((x: Tensor, alpha = 1) => {
  const node = floatNode(x, "elu");
  const positive = b.greater(node, 0);
  // e^x of a large x is ∞, and its gradient NaN even where it is not chosen: it never sees one.
  const below = b.expm1(b.where(positive, 0, node));
  return wrap(b.where(positive, node, b.mul(finite(alpha, "elu"), below)));
}) as ScaledActivationFunction;

/** x · sigmoid(x), also known as swish. @source Elfwing et al., arXiv:1702.03118 */
export const silu = ((x: Tensor) => {
  const node = floatNode(x, "silu");
  return wrap(b.mul(node, sigmoidNode(node)));
}) as ActivationFunction;

/**
 * x Φ(x), where Φ is the normal distribution function.
 *
 * @param options.approximate  with Φ(x) ≈ sigmoid(2 √(2/π) (x + 0.044715 x³)), which is the form
 *   with tanh, instead of the error function
 * @source Hendrycks & Gimpel, arXiv:1606.08415
 */
export const gelu = ((x: Tensor, { approximate = false }: GeluOptions = {}) => {
  const node = floatNode(x, "gelu");
  if (!approximate)
    return wrap(b.mul(node, b.mul(0.5, b.add(1, b.erf(b.mul(node, Math.SQRT1_2))))));
  const cubic = b.mul(node, b.add(1, b.mul(0.044715, b.mul(node, node))));
  return wrap(b.mul(node, sigmoidNode(b.mul(2 * Math.sqrt(2 / Math.PI), cubic))));
}) as GeluFunction;

function finite(value: number, op: string): number {
  if (!Number.isFinite(value))
    throw new ValueError(`${op}: the factor must be a finite number, got ${String(value)}`);
  return value;
}
