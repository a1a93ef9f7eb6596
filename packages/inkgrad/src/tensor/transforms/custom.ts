import { ShapeError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { mapTree } from "../../base/tree.js";
import { builder as b } from "../../graph/builder.js";
import { type GraphNode, nextId } from "../../graph/node.js";
import { checkpointNode } from "../../grad/checkpoint.js";
import { customRule } from "../../grad/custom-rule.js";
import { stopped } from "../../ops/recipes.js";
import { castTo, nodeOf, wrap } from "../operand.js";
import { scoped } from "../scope.js";
import type { Tensor } from "../tensor.js";
import { isTensor } from "../tensor.js";
import type { AnyFunction } from "../types/transforms.js";
import { release, requireFunction, requireList, resultOf } from "./leaves.js";

/** Functions that change how a gradient is found, and not what the value is. */

/** The same values, through which no gradient flows. */
export function stopGradient<T>(tree: T): T {
  return mapTree<Tensor>(
    tree,
    { isLeaf: isTensor, what: "stopGradient: the argument to be a tensor" },
    (x) => wrap(stopped(b, x.node)),
  ) as T;
}

/**
 * The same function, whose backward pass computes it again instead of keeping its intermediate
 * values: memory for about a third more time. Values from outside that `f` uses get their
 * gradients as ever.
 *
 * @source Chen et al., arXiv:1604.06174
 */
export function checkpoint<F extends AnyFunction>(f: F): F {
  return ((...args: unknown[]) => {
    requireFunction(f, "checkpoint");
    const start = nextId();
    const { leaves, unflatten } = resultOf(
      scoped(() => f(...args)),
      "checkpoint",
    );
    const nodes = leaves.map((x) => checkpointNode(x.node, start) as GraphNode);
    return unflatten(release(nodes));
  }) as F;
}

/**
 * `f` with a gradient of your own.
 *
 * @param f     takes tensors, returns a tensor
 * @param rule  from the result's cotangent, the result and the arguments: one cotangent an argument,
 *              shaped like it; null where nothing flows. Written with tensor operations, it can be
 *              differentiated again
 */
export function customGradient<A extends readonly Tensor[], R extends Tensor>(
  f: (...args: A) => R,
  rule: (cotangent: R, result: R, ...args: A) => readonly (Tensor | null)[],
): (...args: A) => R {
  requireFunction(f, "customGradient");
  requireFunction(rule, "customGradient: the rule");
  return (...args) => {
    const inputs = args.map((x) => nodeOf(x, "customGradient"));
    const value = scoped(() => f(...args));
    const derivative = customRule((_b, sources, out, cotangent) =>
      scoped(() => {
        const stands = sources.map(wrap) as unknown as A;
        const flows = rule(wrap(cotangent) as R, wrap(out) as R, ...stands);
        requireList(flows, "customGradient: what the rule gives");
        if (flows.length !== sources.length)
          throw new ShapeError(
            `customGradient: expected ${sources.length} cotangents, one an argument, ` +
              `got ${flows.length}`,
          );
        return flows.map((flow, i) => {
          if (flow === null) return null;
          const node = nodeOf(flow, "customGradient: the rule");
          if (!sameShape(node.shape, sources[i].shape))
            throw new ShapeError(
              `customGradient: the cotangent of argument ${i} must have its shape ` +
                `${show(sources[i].shape)}, got ${show(node.shape)}`,
            );
          return castTo(node, sources[i].dtype);
        });
      }),
    );
    const node = nodeOf(value, "customGradient: the function");
    return wrap(b.custom([node, ...inputs], { rule: derivative })) as R;
  };
}
