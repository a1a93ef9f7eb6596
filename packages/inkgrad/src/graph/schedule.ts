import { TraceError } from "../base/errors.js";
import { show } from "../base/shape.js";
import type { Node } from "../ops/op.js";
import { resultBytes } from "./memory.js";
import type { GraphNode } from "./node.js";

/** A node to compute, and the values that nothing needs afterwards. */
export interface Step {
  readonly node: GraphNode;
  readonly release: readonly GraphNode[];
}

/** A graph in the order in which it is to be run. */
export interface Schedule {
  /** Nodes whose values are given to each run. */
  readonly inputs: readonly GraphNode[];
  readonly steps: readonly Step[];
  readonly outputs: readonly GraphNode[];
  /** The most bytes that intermediate and final values take at any one time. */
  readonly peakBytes: number;
}

/**
 * Every node that `outputs` need, in the order in which they were made: inputs come before what uses them,
 * and gradients where the backward pass makes them. (From the outputs inwards, the gradient of the first
 * layer would pull the whole backward pass before any other gradient is used, and keep all of it.) Nodes
 * in `stop` are not entered.
 */
export function topological(
  outputs: readonly Node[],
  stop: (node: GraphNode) => boolean = () => false,
): GraphNode[] {
  const seen = new Set<GraphNode>(outputs as readonly GraphNode[]);
  for (const node of seen) if (!stop(node)) for (const x of node.src) seen.add(x);
  return [...seen].sort((a, b) => a.id - b.id);
}

const known = (node: GraphNode): boolean => node.known;

/** The program that computes `outputs` from `inputs` and from values that are already known. */
export function schedule(
  outputs: readonly GraphNode[],
  inputs: readonly GraphNode[] = [],
): Schedule {
  const given = new Set(inputs);
  const order = topological(outputs, (node) => known(node) || given.has(node));
  const sources = order.filter((node) => known(node) || given.has(node));
  const body = order.filter((node) => !known(node) && !given.has(node));
  for (const node of body)
    if (node.op === "placeholder")
      throw new TraceError(
        `a value was asked for inside a function that is being traced (vmap or compile): the ` +
          `${node.dtype} argument of shape ${show(node.shape)} has no value yet. Use tensor ` +
          "operations such as where() in place of if, or read the value outside",
      );
  return {
    inputs: [...new Set([...inputs, ...sources])],
    outputs,
    ...planReleases(body, outputs),
  };
}

/** Finds when each value is needed last, and what is alive at once. */
function planReleases(
  body: readonly GraphNode[],
  outputs: readonly GraphNode[],
): { steps: Step[]; peakBytes: number } {
  const lastUse = new Map<GraphNode, number>();
  body.forEach((node, i) => {
    lastUse.set(node, i);
    for (const x of node.src) if (lastUse.has(x)) lastUse.set(x, i);
  });
  for (const node of outputs) lastUse.delete(node);
  const releases = body.map((): GraphNode[] => []);
  for (const [node, i] of lastUse) releases[i].push(node);

  let [alive, peakBytes] = [0, 0];
  const steps = body.map((node, i) => {
    alive += bytesOf(node);
    peakBytes = Math.max(peakBytes, alive);
    for (const done of releases[i]) alive -= bytesOf(done);
    return { node, release: releases[i] };
  });
  return { steps, peakBytes };
}

const bytesOf = ({ op, shape, dtype }: GraphNode): number => resultBytes(op, shape, dtype);
