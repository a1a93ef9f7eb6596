import { bytesPer } from "../base/dtype.js";
import { type Shape, sizeOf } from "../base/shape.js";
import { flatten } from "../base/tree.js";
import { type GraphNode, nextId } from "../graph/node.js";
import { topological } from "../graph/schedule.js";
import type { OpName } from "../ops/table.js";
import { zeros } from "../tensor/functions/create.js";
import { scoped } from "../tensor/scope.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";
import { inference, type Layer, type Variables } from "./layer.js";
import { table } from "./summary-table.js";

/** What a model is made of, for one example. Numbers are found by following it, not by a rule a layer. */
export interface Summary {
  /** Shape of an example, and of what is made of it. */
  readonly input: Shape;
  readonly output: Shape;
  /** Layers as they are gone through; those within another one come after it. */
  readonly layers: readonly SummaryRow[];
  /** Numbers that are learned, and numbers that layers keep besides (running means). */
  readonly trainable: number;
  readonly kept: number;
  /** Multiplications that are added up, of matrix products and convolutions. */
  readonly multiplyAdds: number;
  /** Memory of all that is learned and kept. */
  readonly parameterBytes: number;
  /** Memory of what the layers give, each once: for one example, before anything is fused. */
  readonly activationBytes: number;
  /** A table. */
  toString(): string;
}

export interface SummaryRow {
  readonly name: string;
  /** "conv2d". */
  readonly kind: string;
  /** Names of the layers that this one stands in, and its own. */
  readonly path: readonly string[];
  readonly output: Shape;
  readonly trainable: number;
  readonly kept: number;
  readonly multiplyAdds: number;
}

/** A layer's call: the nodes with numbers from `from` up to `to` were made by it. */
interface Call {
  readonly path: readonly string[];
  readonly layer: Layer;
  readonly from: number;
  to: number;
  output: GraphNode;
}

/** @internal */
export function summarize(layer: Layer, input: Shape): Summary {
  // In a scope nothing is computed, however large it becomes.
  return scoped(() => {
    const params = layer.init?.(zeros([2], { dtype: "u32" }), input) ?? {};
    const state = layer.initState?.(input) ?? {};
    const x = zeros([1, ...input]);
    const calls: Call[] = [];
    const whole = called([], layer);
    const { node } = layer.apply(params, x, {
      ...inference,
      state,
      watch(part, path) {
        const call = called(path, part.layer);
        calls.push(call);
        return (output) => finish(call, output);
      },
    });
    finish(whole, { node } as Tensor);
    if (calls.length === 0) calls.push({ ...whole, path: [layer.name ?? layer.kind] });

    const work = topological([node]).map((n) => [n.id, multiplyAdds(n)] as const);
    const rows = calls.map((call): SummaryRow => {
      const inside = call.path.length === 1 && call.layer === layer ? [] : call.path;
      return {
        name: call.path[call.path.length - 1],
        kind: call.layer.kind,
        path: call.path,
        output: call.output.shape.slice(1),
        trainable: countOf(at(params, inside)),
        kept: countOf(at(state, inside)),
        multiplyAdds: sum(work.filter(([id]) => id >= call.from && id < call.to)),
      };
    });
    const results = new Set([whole, ...calls].map(({ output }) => stored(output)));
    results.delete(stored(x.node));
    const summary = {
      input: [...input],
      output: node.shape.slice(1),
      layers: rows,
      trainable: countOf(params),
      kept: countOf(state),
      multiplyAdds: sum(work.filter(([id]) => id >= whole.from)),
      parameterBytes: bytesOf(leavesOf(params)) + bytesOf(leavesOf(state)),
      activationBytes: bytesOf([...results]),
    };
    return { ...summary, toString: () => table(summary) };
  });
}

const called = (path: readonly string[], layer: Layer): Call => ({
  path,
  layer,
  from: nextId(),
  to: 0,
  output: undefined as unknown as GraphNode,
});

function finish(call: Call, { node }: Tensor): void {
  call.to = nextId();
  call.output = node;
}

/** The node whose memory it is: another shape of the same elements has none of its own. */
const stored = (node: GraphNode): GraphNode =>
  node.op === "reshape" || node.op === "identity" ? stored(node.src[0]) : node;

/** For each kernel's element that ends in one output, one for each time it is used. */
const perOutput = ({ shape, src }: GraphNode): number => {
  const kernel = src[1].shape;
  return (sizeOf(shape) * sizeOf(kernel)) / kernel[kernel.length - 1];
};
const costs: Partial<Record<OpName, (node: GraphNode) => number>> = {
  matmul: ({ shape, src }) => sizeOf(shape) * src[0].shape[src[0].shape.length - 1],
  conv: perOutput,
  // The convolution that it is the transpose of does the same products.
  convInput: ({ src: [x, kernel] }) =>
    (sizeOf(x.shape) * sizeOf(kernel.shape)) / kernel.shape[kernel.shape.length - 1],
};
const multiplyAdds = (node: GraphNode): number => costs[node.op]?.(node) ?? 0;

const sum = (work: readonly (readonly [number, number])[]): number =>
  work.reduce((total, [, n]) => total + n, 0);

/** The part of a tree that a path of names leads to. */
const at = (tree: Variables, path: readonly string[]): Variables =>
  path.reduce((t, name) => (t as { readonly [name: string]: Variables })[name] ?? {}, tree);

const leavesOf = (tree: Variables): readonly GraphNode[] =>
  flatten(tree, { isLeaf: isTensor, what: "parameters: a tensor" }).leaves.map(({ node }) => node);

const countOf = (tree: Variables): number =>
  leavesOf(tree).reduce((n, { shape }) => n + sizeOf(shape), 0);

const bytesOf = (nodes: readonly GraphNode[]): number =>
  nodes.reduce((n, { shape, dtype }) => n + sizeOf(shape) * bytesPer(dtype), 0);
