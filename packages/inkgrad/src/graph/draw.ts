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
  /** Drawn first, as arguments: what they are made of is left out. */
  readonly inputs?: readonly Node[];
  /** Nodes that are drawn as constants. */
  readonly stop?: (node: GraphNode) => boolean;
  /** What to show beside a node. */
  readonly value?: (node: GraphNode) => unknown;
  readonly gradient?: (node: GraphNode) => unknown;
}

/** A graph as plain nodes and edges, in the order in which the nodes were made. */
export function draw(outputs: readonly Node[], options: DrawOptions = {}): Drawing {
  const { value, gradient } = options;
  const order = drawingOrder(outputs, options);
  const naming = options.naming ?? inOrder(order);
  const ids = new Map<Node, number>(order.map((node, i) => [node, i + 1]));
  const given = new Set(options.inputs);
  const nodes = order.map((node, i): DrawnNode => {
    const leaf = given.has(node) ? "argument" : options.stop?.(node) ? "constant" : null;
    return {
      id: i + 1,
      name: naming(node),
      op: leaf ?? node.op,
      attrs: leaf ? [] : printAttrs(node),
      inputs: leaf ? [] : node.src.map((x) => ids.get(x)!),
      shape: [...node.shape],
      dtype: node.dtype,
      ...(value && { value: value(node) }),
      ...(gradient && { gradient: gradient(node) }),
    };
  });
  const edges = nodes.flatMap(({ id, inputs }) =>
    inputs.map((from, position) => ({ from, to: id, position })),
  );
  return { nodes, edges, outputs: outputs.map((node) => ids.get(node)!) };
}

/** The arguments first, then all others by age. */
export function drawingOrder(
  outputs: readonly Node[],
  { inputs = [], stop = () => false }: DrawOptions,
): GraphNode[] {
  const given = new Set(inputs);
  const others = topological(outputs, (node) => given.has(node) || stop(node));
  return [
    ...(inputs as readonly GraphNode[]),
    ...others.filter((node) => !given.has(node)).sort((x, y) => x.id - y.id),
  ];
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
