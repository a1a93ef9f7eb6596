import type { DType, TypedArray } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { describe } from "../base/tree.js";
import { constantNode, type GraphNode } from "../graph/node.js";
import { evaluateLater, evaluateNow } from "../tensor/evaluate.js";
import { isTensor, Tensor } from "../tensor/tensor.js";

/** A tensor over an array that nobody else will write to; it is not copied. */
export const tensorOf = <D extends DType>(
  elements: TypedArray,
  shape: readonly number[],
  dtype: D,
): Tensor<number[], D> => new Tensor<number[], D>(constantNode(elements, [...shape], dtype));

/** The elements as they are stored (f16 and bf16 as bits), not to be written to. */
export const storedElements = (x: Tensor): TypedArray => evaluateNow([x.node])[0];

/** Computes what is still to be computed, so that `storedElements` answers on every backend. */
export async function settled(tensors: readonly unknown[]): Promise<void> {
  const nodes: GraphNode[] = tensors.filter(isTensor).map((x) => x.node);
  if (nodes.length > 0) await evaluateLater(nodes);
}

export function assertTensor(x: unknown, op: string): asserts x is Tensor {
  if (!isTensor(x))
    throw new ValueError(`${op}: expected a tensor, got ${describe(x)}; make one with tensor(…)`);
}
