import type { DType } from "../base/dtype.js";
import { show } from "../base/shape.js";
import type { Node } from "../ops/op.js";
import type { GraphNode } from "./node.js";
import { inOrder, type Naming, printAttrs } from "./print.js";
import { topological } from "./schedule.js";

/** A node as it is drawn: plain data, fit for JSON but for what `value` and `gradient` hold. */
export interface DrawnNode {
  /** 1, 2, …: inputs before what uses them. */
  readonly id: number;
  readonly name: string;
  readonly op: string;
  /** Attributes that shape and dtype do not already tell, as text: `axes: [0]`. */
  readonly attrs: readonly string[];
  readonly inputs: readonly number[];
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly value?: unknown;
  readonly gradient?: unknown;
}

export interface DrawnEdge {
  readonly from: number;
  readonly to: number;
  /** Which input of `to` it is, from 0. */
  readonly position: number;
}

/** A graph to be drawn. */
export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly outputs: readonly number[];
}

export interface DrawOptions {
  /** Default: %1, %2, … */
  readonly naming?: Naming;
  /** Nodes whose inputs are left out. */
  readonly stop?: (node: GraphNode) => boolean;
  /** What to show beside a node. */
  readonly value?: (node: GraphNode) => unknown;
  readonly gradient?: (node: GraphNode) => unknown;
}

/** A graph as plain nodes and edges. */
export function draw(outputs: readonly Node[], options: DrawOptions = {}): Drawing {
  const { stop = () => false, value, gradient } = options;
  const order = topological(outputs, stop);
  const naming = options.naming ?? inOrder(order);
  const ids = new Map<Node, number>(order.map((node, i) => [node, i + 1]));
  const inputsOf = (node: GraphNode): readonly GraphNode[] => (stop(node) ? [] : node.src);
  return {
    nodes: order.map((node, i) => ({
      id: i + 1,
      name: naming(node),
      op: node.op,
      attrs: printAttrs(node),
      inputs: inputsOf(node).map((x) => ids.get(x)!),
      shape: [...node.shape],
      dtype: node.dtype,
      ...(value && { value: value(node) }),
      ...(gradient && { gradient: gradient(node) }),
    })),
    edges: order.flatMap((node, i) =>
      inputsOf(node).map((x, position) => ({ from: ids.get(x)!, to: i + 1, position })),
    ),
    outputs: outputs.map((node) => ids.get(node)!),
  };
}

/** Lines of text that a node's box shows. */
export type Label = (node: DrawnNode) => readonly string[];

const plain: Label = ({ name, op, attrs, shape, dtype }) => [
  `${name} = ${op}`,
  ...attrs,
  `${dtype}${show(shape)}`,
];

/** A drawing in the language of Graphviz. @source https://graphviz.org/doc/info/lang.html */
export function toDot({ nodes, edges, outputs }: Drawing, label: Label = plain): string {
  const results = new Set(outputs);
  const box = (node: DrawnNode): string => {
    const style = results.has(node.id) ? ", style=bold" : "";
    return `  n${node.id} [label=${quote(label(node).join("\n"))}${style}];`;
  };
  return [
    "digraph {",
    "  node [shape=box, fontname=monospace];",
    ...nodes.map(box),
    ...edges.map(({ from, to }) => `  n${from} -> n${to};`),
    "}",
    "",
  ].join("\n");
}

/** Backslashes and quotes are what has a meaning inside quotes; \n is a line break there. */
const quote = (text: string): string =>
  `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\r?\n/g, "\\n")}"`;
