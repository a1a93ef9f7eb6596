import { onesLike, Tensor } from "inkgrad";
import { backward } from "@src/grad/backward.js";
import { builder as b } from "@src/graph/builder.js";
import type { GraphNode } from "@src/graph/node.js";

/** The derivative of the sum of f(x), itself a function of x: twice gives the second derivative. */
export const derivative =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor => {
    const input = new Tensor(b.identity(x.node) as GraphNode);
    const trace = { open: true, outer: x.node.trace === null ? [] : [x.node.trace] };
    input.node.trace = trace;
    const y = f(input);
    const [flow] = backward([{ node: y.node, cotangent: onesLike(y).node }], [input.node]);
    trace.open = false;
    return flow === null ? x.mul(0) : new Tensor(flow as GraphNode);
  };
