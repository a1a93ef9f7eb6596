import { flatten } from "../../base/tree.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";

/** Applies f to the tensors that stand in the same place of trees of one form. */
export function mapVariables<T extends Variables>(
  f: (...tensors: Tensor[]) => Tensor,
  first: T,
  ...others: Variables[]
): T {
  const options = { isLeaf: isTensor, what: "parameters: a tensor" };
  const { leaves, unflatten } = flatten(first, options);
  const rest = others.map((tree) => flatten(tree, options).leaves);
  return unflatten(leaves.map((leaf, i) => f(leaf, ...rest.map((list) => list[i])))) as T;
}
