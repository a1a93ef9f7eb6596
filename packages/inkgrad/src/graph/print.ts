import { show } from "../base/shape.js";
import type { Node } from "../ops/op.js";
import type { GraphNode } from "./node.js";
import { topological } from "./schedule.js";

/** How a node is called in a text. */
export type Naming = (node: GraphNode) => string;

/** By the number that the node was given when it was made. */
export const byId: Naming = (node) => `%${node.id}`;

/** Nodes in order as %1, %2, …: the same for every graph of the same form. */
export function inOrder(order: readonly GraphNode[]): Naming {
  const numbers = new Map(order.map((node, i) => [node, i + 1]));
  return (node) => `%${numbers.get(node) ?? `?${node.id}`}`;
}

/**
 * A graph as text, one line a node, inputs before what uses them:
 *
 *     %1 = placeholder : f32[2, 3]
 *     %2 = full(2) : f32[2, 3]
 *     %3 = mul(%1, %2) : f32[2, 3]
 *     return %3
 *
 * @param naming  `byId` for the nodes' own numbers; default: %1, %2, … in the order of the lines
 */
export function print(outputs: readonly Node[], naming?: Naming): string {
  const order = topological(outputs);
  const name = naming ?? inOrder(order);
  const results = (outputs as readonly GraphNode[]).map(name).join(", ");
  return [...order.map((node) => printNode(node, name)), `return ${results}`].join("\n");
}

/** One node as a line. */
export const printNode = (node: GraphNode, name: Naming = byId): string =>
  `${name(node)} = ${printCall(node, name)} : ${typeOf(node)}`;

/** Element type and shape: `f32[2, 3]`, and for a scalar `f32`. */
export const typeOf = ({ dtype, shape }: Pick<Node, "dtype" | "shape">): string =>
  shape.length === 0 ? dtype : `${dtype}${show(shape)}`;

/** The operation with its inputs and attributes: `sum(%3, axes: [0, 1])`. */
export function printCall(node: GraphNode, name: Naming = byId): string {
  const inputs = node.src.map(name);
  const value = (node.attrs as { value?: unknown }).value;
  const parts = node.op === "full" ? [printAttr(value)] : [...inputs, ...printAttrs(node)];
  return parts.length === 0 ? node.op : `${node.op}(${parts.join(", ")})`;
}

/** Attributes that the node's own shape and type do not already tell. */
export function printAttrs({ op, attrs, shape, dtype }: Node): string[] {
  return Object.entries(attrs).flatMap(([key, value]) => {
    const told = (key === "shape" && op !== "randomBits") || (key === "dtype" && value === dtype);
    if (told || (op === "iota" && key === "size" && value === shape[0])) return [];
    return [`${key}: ${printAttr(value)}`];
  });
}

function printAttr(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return `[${value.map(printAttr).join(", ")}]`;
  if (typeof value === "function" || (typeof value === "object" && value !== null)) return "…";
  return String(value);
}
