import { backend } from "../../backend/registry.js";
import { isFloat } from "../../base/dtype.js";
import { BackendError, TraceError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { backward } from "../../grad/backward.js";
import { builder as b } from "../../graph/builder.js";
import { draw, drawingOrder, type Drawing, toDot } from "../../graph/draw.js";
import { type GraphNode, nextId } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { evaluateNow } from "../evaluate.js";
import { isTensor, Tensor } from "../tensor.js";
import { toNested } from "../values.js";
import { dotLabel, type ExplainedNode, table } from "./explain-text.js";
import { resultOf } from "./leaves.js";
import { closing, standIn, traceOver } from "./trace.js";

export interface ExplainOptions {
  /** What to call the arguments; default arg0, arg1, … */
  readonly names?: readonly string[];
}

/** What a function computed, step by step. Printing it, or `toString()`, gives a table. */
export interface Explanation extends Drawing {
  /** The arguments, then every operation in the order in which it was asked for. Plain data. */
  readonly nodes: readonly ExplainedNode[];
  toString(): string;
  /** A picture in the language of Graphviz. */
  toDot(): string;
}

export interface Explain {
  <A extends readonly unknown[]>(f: (...args: A) => unknown, ...args: A): Explanation;
  <A extends readonly unknown[]>(
    options: ExplainOptions,
    f: (...args: A) => unknown,
    ...args: A
  ): Explanation;
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Runs `f` and tells what it computed: every operation with its inputs, shape, type and value, and,
 * when the result is one scalar, the derivative of the result with respect to it.
 *
 *     console.log(explain({ names: ["x", "y"] }, (x, y) => x.mul(y).add(x.sin()), tensor(2), tensor(3)))
 *
 * @param options  may be left out
 * @param f        takes tensors, trees of tensors or anything else; returns a tree of tensors
 * @param args     its arguments; their tensors get the names of their places: `arg0.weights[1]`
 * @throws TraceError    if `f` returns something else than tensors
 * @throws BackendError  if the backend computes in the background
 */
export const explain = ((...call: unknown[]): Explanation => {
  const given = typeof call[0] === "function" ? [{}, ...call] : call;
  const [options, f, ...args] = given as [ExplainOptions, AnyFunction, ...unknown[]];
  if (typeof f !== "function" || typeof options !== "object" || options === null)
    throw new TraceError(
      `explain: expected a function and its arguments, or { names } before them, got ` +
        describe(typeof f === "function" ? options : call[0]),
    );
  if (!backend().capabilities.synchronous)
    throw new BackendError(
      `explain: the backend "${backend().name}" computes in the background; choose another with ` +
        "setBackend first",
    );
  return explained(f, args, options.names ?? []);
}) as Explain;

function explained(
  f: AnyFunction,
  args: readonly unknown[],
  given: readonly string[],
): Explanation {
  const tensors: Tensor[] = [];
  args.forEach((arg) => mapTensors(arg, "", (x) => (tensors.push(x), x)));
  const trace = traceOver(tensors);
  return closing(trace, () => {
    const start = nextId();
    const names = new Map<Node, string>();
    const inputs: GraphNode[] = [];
    const call = args.map((arg, i) =>
      mapTensors(arg, given[i] ?? `arg${i}`, (x, name) => {
        const node = standIn(x, trace);
        inputs.push(node);
        names.set(node, name);
        return new Tensor(node);
      }),
    );
    const result = f(...call);
    const outputs = resultOf(result, "explain").leaves.map((x) => x.node);
    mapTensors(result, "out", (x, name) => {
      if (!names.has(x.node)) names.set(x.node, name);
      return x;
    });
    // What is older than the call is no part of it.
    const scope = { inputs, stop: (node: GraphNode) => node.id < start };
    return describeGraph(outputs, scope, names);
  });
}

interface Scope {
  readonly inputs: readonly GraphNode[];
  readonly stop: (node: GraphNode) => boolean;
}

function describeGraph(
  outputs: readonly GraphNode[],
  scope: Scope,
  names: Map<Node, string>,
): Explanation {
  const gradients = gradientsOf(outputs, scope.inputs);
  const order = drawingOrder(outputs, scope);
  let count = 0;
  for (const node of order) if (!names.has(node)) names.set(node, `%${++count}`);
  evaluateNow([...order, ...(gradients?.values() ?? [])]);
  const valueOf = (node: GraphNode): unknown => toNested(node.value!, node.shape, node.dtype);
  const drawing = draw(outputs, {
    ...scope,
    naming: (node) => names.get(node)!,
    value: valueOf,
    gradient: (node) => {
      const gradient = gradients?.get(node);
      return gradient === undefined ? null : valueOf(gradient);
    },
  }) as Drawing & { readonly nodes: readonly ExplainedNode[] };
  const toString = (): string => table(drawing.nodes);
  return {
    ...drawing,
    toString,
    toDot: () => toDot(drawing, dotLabel as Parameters<typeof toDot>[1]),
    // What `console.log` shows in Node.
    ...{ [Symbol.for("nodejs.util.inspect.custom")]: toString },
  };
}

/** The derivative of the result with respect to every node; null unless the result is one scalar. */
function gradientsOf(
  outputs: readonly GraphNode[],
  inputs: readonly GraphNode[],
): Map<Node, GraphNode> | null {
  const [node, ...others] = outputs;
  const wanted = inputs.filter((input) => isFloat(input.dtype));
  if (node === undefined || others.length > 0 || node.shape.length > 0) return null;
  if (!isFloat(node.dtype) || wanted.length === 0) return null;
  const cotangent = b.full({ shape: [], value: 1, dtype: node.dtype });
  const gradients = new Map<Node, GraphNode>();
  backward([{ node, cotangent }], wanted, (at, flow) => gradients.set(at, flow as GraphNode));
  return gradients;
}

/** The same tree with other tensors; what is none stays. */
function mapTensors(tree: unknown, name: string, f: (x: Tensor, name: string) => Tensor): unknown {
  if (isTensor(tree)) return f(tree, name);
  if (Array.isArray(tree)) return tree.map((part, i) => mapTensors(part, `${name}[${i}]`, f));
  if (typeof tree !== "object" || tree === null || tree.constructor !== Object) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, part]) => [key, mapTensors(part, `${name}.${key}`, f)]),
  );
}
