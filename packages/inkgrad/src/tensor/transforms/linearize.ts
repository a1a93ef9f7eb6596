import { ShapeError, TraceError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { builder as b } from "../../graph/builder.js";
import { type GraphNode, placeholderNode } from "../../graph/node.js";
import { substitute } from "../../graph/substitute.js";
import { backward } from "../../grad/backward.js";
import type { Node } from "../../ops/op.js";
import { zerosLike } from "../../ops/recipes.js";
import { castTo } from "../operand.js";
import { scoped } from "../scope.js";
import { Tensor } from "../tensor.js";
import type { AnyFunction, Jvp, Vjp } from "../types/transforms.js";
import { orZeros } from "./grad.js";
import { release, requireFunction, requireList, resultOf, tensorsOf } from "./leaves.js";
import { requireFloats, traced } from "./trace.js";

/**
 * The two ways to apply a derivative without forming its matrix: to cotangents of the result
 * (vjp, reverse mode) and to tangents of the arguments (jvp, forward mode).
 */

/** A function's graph at some arguments, with the derivative's graph in both directions. */
export interface Linearized {
  readonly inputs: readonly GraphNode[];
  readonly outputs: readonly GraphNode[];
  /** Stand for the cotangents of the outputs. */
  readonly cotangents: readonly GraphNode[];
  /** What reaches the inputs: linear in the cotangents. */
  readonly pulled: readonly GraphNode[];
  readonly unflattenInputs: (leaves: readonly unknown[]) => unknown;
  readonly unflattenOutputs: (leaves: readonly unknown[]) => unknown;
}

/** Traces `f` and writes down the graph of its vjp, with placeholders for the cotangents. */
export function linearize(f: AnyFunction, args: readonly unknown[], op: string): Linearized {
  requireFunction(f, op);
  if (!Array.isArray(args))
    throw new TraceError(`${op}: expected a list of arguments, got ${describe(args)}`);
  const { leaves, unflatten } = tensorsOf(
    [...(args as readonly unknown[])],
    `${op}: expected the argument`,
  );
  requireFloats(leaves, `${op}: the argument`);
  return traced(leaves, (inputs) => {
    const stands = unflatten(inputs.map((node) => new Tensor(node))) as unknown[];
    const result = resultOf(f(...stands), op);
    requireFloats(result.leaves, `${op}: the result`);
    const outputs = result.leaves.map((x) => x.node);
    const trace = { open: true, outer: [] };
    const cotangents = outputs.map((y) => placeholderNode(y.shape, y.dtype, trace));
    const seeds = outputs.map((node, i) => ({ node, cotangent: cotangents[i] }));
    return {
      inputs,
      outputs,
      cotangents,
      pulled: orZeros(backward(seeds, inputs), inputs),
      unflattenInputs: unflatten,
      unflattenOutputs: result.unflatten,
    };
  });
}

/**
 * How the outputs change with the inputs: the derivative of the vjp, which is linear in the
 * cotangents, with respect to them. Two reverse passes make a forward one; the first leaves no
 * computation behind. @source Bradbury & Townsend, "A new trick for calculating Jacobian vector
 * products", 2017
 */
export function pushForward(
  { pulled, cotangents }: Linearized,
  tangents: readonly Node[],
): GraphNode[] {
  const seeds = pulled.map((node, i) => ({ node, cotangent: tangents[i] }));
  const pushed = orZeros(backward(seeds, cotangents), cotangents);
  // What is linear in the cotangents has a derivative without them; only an order of computation
  // (`after`) may still name one.
  const zeros = new Map<Node, Node>(cotangents.map((place) => [place, zerosLike(b, place)]));
  return substitute(pushed, zeros) as GraphNode[];
}

/** Vectors brought by the user, each like the tensor it belongs to. */
function vectors(tree: unknown, like: readonly Node[], what: string): Node[] {
  const { leaves } = tensorsOf(tree, `expected ${what}`);
  if (leaves.length !== like.length)
    throw new ShapeError(`${what}: expected ${like.length} tensors, got ${leaves.length}`);
  return leaves.map(({ node }, i) => {
    if (!sameShape(node.shape, like[i].shape))
      throw new ShapeError(
        `${what}: expected shape ${show(like[i].shape)}, got ${show(node.shape)}`,
      );
    return castTo(node, like[i].dtype);
  });
}

/**
 * The value of `f`, and the function that takes a cotangent of the value (a tree like it) to the
 * cotangents of the arguments: a product with the Jacobian from the left.
 */
export const vjp = ((f: AnyFunction, ...args: unknown[]) => {
  const { outputs, cotangents, pulled, unflattenInputs, unflattenOutputs } = linearize(
    f,
    args,
    "vjp",
  );
  const pullBack = (cotangent: unknown): unknown => {
    const given = vectors(cotangent, cotangents, "vjp: the cotangent");
    const places = new Map<Node, Node>(cotangents.map((place, i) => [place, given[i]]));
    return unflattenInputs(release(scoped(() => substitute(pulled, places)) as GraphNode[]));
  };
  return [unflattenOutputs(release(outputs)), pullBack];
}) as Vjp;

/**
 * The value of `f`, and how fast it changes when the arguments move along `tangents` (a list of
 * trees like them): a product with the Jacobian from the right.
 */
export const jvp = ((f: AnyFunction, primals: unknown[], tangents: unknown[]) => {
  requireList(primals, "jvp: the arguments");
  requireList(tangents, "jvp: the tangents");
  const linear = linearize(f, primals, "jvp");
  const given = vectors(tangents, linear.inputs, "jvp: the tangent");
  const pushed = scoped(() => pushForward(linear, given));
  const results = release([...linear.outputs, ...pushed]);
  const count = linear.outputs.length;
  return [
    linear.unflattenOutputs(results.slice(0, count)),
    linear.unflattenOutputs(results.slice(count)),
  ];
}) as Jvp;

/** Rate of change of `f` at `x` along `direction` (a tree like x, not normalised). */
export function directionalDerivative<X, Y>(f: (x: X) => Y, x: X, direction: X): Y {
  return jvp(f as AnyFunction, [x], [direction])[1] as Y;
}
