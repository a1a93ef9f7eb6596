import type { GraphNode } from "../graph/node.js";
import type { Schedule } from "../graph/schedule.js";

/**
 * What two graphs have in common when one program serves both: operations, attributes, shapes,
 * types and how they hang together. The numbers of `full` nodes may differ.
 */
export function signature({ inputs, steps, outputs }: Schedule): string {
  const slots = new Map<GraphNode, number>();
  const parts: string[] = [];
  for (const node of inputs) {
    slots.set(node, slots.size);
    parts.push(`${node.dtype}${node.shape.join()}`);
  }
  parts.push("|");
  for (const { node } of steps) {
    let part = node.op as string;
    for (const x of node.src) part += ` ${slots.get(x)!}`;
    slots.set(node, slots.size);
    parts.push(`${part}${attributes(node)}`);
  }
  parts.push("|", ...outputs.map((node) => String(slots.get(node))));
  return parts.join(";");
}

function attributes(node: GraphNode): string {
  if (node.op === "full") return `${node.dtype}${node.shape.join()}`;
  // A gradient rule of one's own says nothing about the value.
  if (node.op === "custom") return "";
  for (const _ in node.attrs) return JSON.stringify(node.attrs, spelled);
  return "";
}

/** JSON has no word for what is not finite. */
const spelled = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
