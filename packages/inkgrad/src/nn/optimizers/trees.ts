import { flatten } from "../../base/tree.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";

const options = { isLeaf: isTensor, what: "parameters: a tensor" };

/** Applies f to the tensors that stand in the same place of trees of one form. */
export function mapVariables<T extends Variables>(
  f: (...tensors: Tensor[]) => Tensor,
  first: T,
  ...others: Variables[]
): T {
  const { leaves, unflatten } = flatten(first, options);
  const rest = others.map(tensorsOf);
  return unflatten(leaves.map((leaf, i) => f(leaf, ...rest.map((list) => list[i])))) as T;
}

/** The tensors of a tree, always in the same order. */
export const tensorsOf = (tree: Variables): Tensor[] => flatten(tree, options).leaves;

/** A tree of the same form with other tensors. */
export const withTensors = <T extends Variables>(tree: T, tensors: readonly Tensor[]): T =>
  flatten(tree, options).unflatten(tensors) as T;

/** Where each tensor of a tree stands, in the same order: "dense.kernel". */
export function pathsOf(tree: Variables): string[] {
  const names = pathTree(tree, "");
  return flatten<string>(names, {
    isLeaf: (x): x is string => typeof x === "string",
    what: "a path",
  }).leaves;
}

function pathTree(tree: Variables, path: string): unknown {
  const within = (key: string | number): string => (path === "" ? String(key) : `${path}.${key}`);
  if (isTensor(tree)) return path;
  if (Array.isArray(tree))
    return (tree as readonly Variables[]).map((part, i) => pathTree(part, within(i)));
  return Object.fromEntries(
    Object.entries(tree).map(([key, part]) => [key, pathTree(part, within(key))]),
  );
}
