import { describe, type Flattened, flatten } from "../../base/tree.js";
import { TraceError } from "../../base/errors.js";
import type { GraphNode } from "../../graph/node.js";
import { inScope } from "../scope.js";
import { isTensor, Tensor } from "../tensor.js";
import type { AnyFunction } from "../types/transforms.js";

/** What transforms are given: functions, and the trees of tensors they take and give. */

/** Throws unless `f` can be called. */
export function requireFunction(f: unknown, op: string): asserts f is AnyFunction {
  if (typeof f !== "function")
    throw new TraceError(
      `${op}: expected a function of tensors, got ${describe(f)}; ` +
        "give it the function itself, not what it returns",
    );
}

/** Throws unless the arguments of a function came as a list. */
export function requireList(args: unknown, what: string): asserts args is readonly unknown[] {
  if (!Array.isArray(args))
    throw new TraceError(`${what} must be a list, one entry an argument, got ${describe(args)}`);
}

/** The tensors of a tree, and how to put others in their places. */
export const tensorsOf = (tree: unknown, what: string): Flattened<Tensor> =>
  flatten(tree, { isLeaf: isTensor, what: `${what} to be a tensor` });

/** The result of a function as a tree of tensors. */
export function resultOf(result: unknown, op: string): Flattened<Tensor> {
  if (result instanceof Promise)
    throw new TraceError(
      `${op}: the function must return tensors, it returned ${describe(result)}; ` +
        "functions that are transformed cannot be async",
    );
  return tensorsOf(result, `${op}: expected the result of the function`);
}

/**
 * Hands results out to the caller. At the top level they are remembered as belonging together, so
 * that reading one computes the others too, and the work they share is done once.
 */
export function release(nodes: readonly GraphNode[]): Tensor[] {
  if (!inScope() && nodes.length > 1) for (const node of nodes) node.siblings = nodes;
  return nodes.map((node) => new Tensor(node));
}
