import type { Node } from "../ops/op.js";
import { makeNode } from "./builder.js";
import { topological } from "./schedule.js";

/** The same graph with other nodes in the places of some. What does not change is shared. */
export function substitute(
  outputs: readonly Node[],
  replacements: ReadonlyMap<Node, Node>,
): Node[] {
  const replaced = new Map<Node, Node>(replacements);
  for (const node of topological(outputs, (n) => replacements.has(n))) {
    if (replaced.has(node) || !node.src.some((x) => replaced.has(x))) continue;
    replaced.set(
      node,
      makeNode(
        node.op,
        node.src.map((x) => replaced.get(x) ?? x),
        node.attrs,
      ),
    );
  }
  return outputs.map((node) => replaced.get(node) ?? node);
}
