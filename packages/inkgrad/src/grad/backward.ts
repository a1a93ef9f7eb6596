import { isFloat, isStorageOnly } from "../base/dtype.js";
import { builder as b } from "../graph/builder.js";
import type { GraphNode } from "../graph/node.js";
import { topological } from "../graph/schedule.js";
import type { Node, Op } from "../ops/op.js";
import { ops } from "../ops/table.js";

/** A result, and the derivative of the final scalar with respect to it. */
export interface Seed {
  readonly node: Node;
  readonly cotangent: Node;
}

/**
 * Reverse-mode differentiation: walks the graph from the results back to `inputs`, adding up what
 * each operation's gradient rule sends to its inputs. The answer is graph, and can be
 * differentiated again.
 *
 * @returns the cotangent of each input; null where no gradient reaches it
 * @source  Griewank & Walther, "Evaluating Derivatives", 2008, chapter 3
 */
export function backward(
  seeds: readonly Seed[],
  inputs: readonly Node[],
  visit?: (node: GraphNode, cotangent: Node) => void,
): (Node | null)[] {
  const order = dependents(
    seeds.map((seed) => seed.node),
    inputs,
  );
  const active = new Set<Node>(order);
  const cotangents = new Map<Node, Node>();
  const accumulate = (node: Node, cotangent: Node): void => {
    const before = cotangents.get(node);
    cotangents.set(node, before === undefined ? cotangent : addCotangents(before, cotangent));
  };
  for (const { node, cotangent } of seeds) if (active.has(node)) accumulate(node, cotangent);

  const ends = new Set(inputs);
  for (const node of order.reverse()) {
    const cotangent = cotangents.get(node);
    if (cotangent === undefined) continue;
    visit?.(node, cotangent);
    if (ends.has(node)) continue;
    cotangents.delete(node);
    const { vjp } = ops[node.op] as unknown as Op<"any", object>;
    const flows = vjp(b, { src: node.src, out: node, attrs: node.attrs, cotangent });
    node.src.forEach((x, i) => {
      const flow = flows[i];
      if (flow && active.has(x) && isFloat(x.dtype)) accumulate(x, flow);
    });
  }
  return inputs.map((input) => cotangents.get(input) ?? null);
}

/** The nodes on the way from `inputs` to `outputs`, in order. */
function dependents(outputs: readonly Node[], inputs: readonly Node[]): GraphNode[] {
  const wanted = new Set(inputs);
  // Nothing older than the oldest input can depend on one.
  const oldest = Math.min(...inputs.map((node) => (node as GraphNode).id));
  const active = new Set<Node>();
  return topological(outputs, (node) => node.id < oldest || wanted.has(node)).filter((node) => {
    const depends = wanted.has(node) || (node.id >= oldest && node.src.some((x) => active.has(x)));
    if (depends) active.add(node);
    return depends;
  });
}

function addCotangents(x: Node, y: Node): Node {
  if (!isStorageOnly(x.dtype)) return b.add(x, y);
  const sum = b.add(b.cast(x, { dtype: "f32" }), b.cast(y, { dtype: "f32" }));
  return b.cast(sum, { dtype: x.dtype });
}
