import { builder as b, makeNode } from "../graph/builder.js";
import type { GraphNode } from "../graph/node.js";
import { topological } from "../graph/schedule.js";
import type { Node, Op } from "../ops/op.js";
import { ops } from "../ops/table.js";

/**
 * Rewrites a graph that computes one example into one that computes a whole batch: each node by
 * its operation's batching rule. What no batched input reaches is computed once, as it was.
 *
 * @param inputs  placeholders, and the nodes that take their places, with the batch axis in front
 * @returns       the outputs with the batch axis in front; those that are the same for every
 *                example are stretched along it
 * @source        Bradbury et al., JAX: `vmap`
 */
export function batchGraph(
  outputs: readonly Node[],
  inputs: ReadonlyMap<Node, Node>,
  size: number,
): Node[] {
  const batched = new Map<Node, Node>(inputs);
  const oldest = Math.min(...[...inputs.keys()].map((node) => (node as GraphNode).id));
  for (const node of topological(outputs, (n) => n.id < oldest || inputs.has(n))) {
    if (batched.has(node) || node.id < oldest || !node.src.some((x) => batched.has(x))) continue;
    const { batch } = ops[node.op] as unknown as Op<"any", object>;
    batched.set(
      node,
      batch(b, {
        src: node.src.map((x) => batched.get(x) ?? x),
        batched: node.src.map((x) => batched.has(x)),
        size,
        attrs: node.attrs,
        again: (src, attrs) => makeNode(node.op, src, attrs),
      }),
    );
  }
  return outputs.map(
    (node) => batched.get(node) ?? b.expand(node, { shape: [size, ...node.shape] }),
  );
}
