import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { floatNode, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";

/** Activations, each in a form that neither overflows nor loses digits. */

/** 1 / (1 + e^−x). */
export const sigmoid = (x: Tensor): Tensor => wrap(sigmoidNode(floatNode(x, "sigmoid")));

/** 1 / (1 + e^−|x|) and its complement, so that tiny results keep all their digits. */
function sigmoidNode(x: Node): Node {
  const decay = b.exp(b.neg(b.abs(x)));
  const larger = b.div(1, b.add(1, decay));
  return b.where(b.less(x, 0), b.mul(decay, larger), larger);
}
