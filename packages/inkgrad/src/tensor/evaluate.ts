import { backend, loadOptions } from "../backend/registry.js";
import type { TypedArray } from "../base/dtype.js";
import { BackendError } from "../base/errors.js";
import { debugging } from "../graph/debug.js";
import { type GraphNode, isOpen } from "../graph/node.js";
import { topological } from "../graph/schedule.js";
import type { Stored } from "../graph/stored.js";
import { verify } from "../graph/verify.js";
import { execute } from "../compile/execute.js";

/** Evaluates nodes at once, on backends that can. */
export function evaluateNow(nodes: readonly GraphNode[]): TypedArray[] {
  if (nodes.some((node) => !node.known)) {
    const { outputs, results } = run(nodes);
    if (results instanceof Promise)
      throw new BackendError(
        `the backend "${backend().name}" computes in the background; use await x.data()`,
      );
    settle(outputs, results);
  }
  return valuesOf(nodes);
}

/** Evaluates nodes on any backend. */
export async function evaluateLater(nodes: readonly GraphNode[]): Promise<TypedArray[]> {
  if (nodes.some((node) => !node.known)) {
    const { outputs, results } = run(nodes);
    settle(outputs, await results);
  }
  return valuesOf(nodes);
}

/** A trace may have been closed since a node was evaluated. */
const valuesOf = (nodes: readonly GraphNode[]): TypedArray[] =>
  nodes.map((node) => {
    node.forget();
    return node.value!;
  });

function run(nodes: readonly GraphNode[]): {
  outputs: readonly GraphNode[];
  results: Stored[] | Promise<Stored[]>;
} {
  const outputs = withHeld(nodes);
  if (debugging) verify(outputs);
  return { outputs, results: execute(outputs, backend(), loadOptions()) };
}

/**
 * What is asked for, and every tensor on the way to it that a user may hold: it is computed
 * anyway, and would have to be computed again from the start if its value were dropped. (A tensor
 * of one number is as good as its number.) Results of one transform come together likewise.
 */
function withHeld(nodes: readonly GraphNode[]): GraphNode[] {
  const wanted = new Set<GraphNode>();
  for (const node of nodes) for (const one of node.siblings ?? [node]) wanted.add(one);
  for (const node of topological([...wanted], (n) => n.known))
    if (node.held && !node.known && node.op !== "full") wanted.add(node);
  return [...wanted].filter((node) => !node.known);
}

function settle(nodes: readonly GraphNode[], values: readonly Stored[]): void {
  nodes.forEach((node, i) => node.settle(values[i]));
}

/** Beyond these a pending graph is evaluated before it grows further. */
const maxPendingDepth = 200;
const maxPendingBytes = 64 * 2 ** 20;

const isLarge = (node: GraphNode): boolean =>
  !node.known &&
  (node.pendingDepth > maxPendingDepth || node.pendingBytes > maxPendingBytes) &&
  backend().capabilities.synchronous;

/**
 * Evaluates a tensor whose pending graph has become large, so that a loop that never reads does
 * not pile up its whole history. Inside a trace the history is wanted, and kept.
 */
export function keepSmall(node: GraphNode): void {
  if (isLarge(node) && (node.trace === null || !isOpen(node.trace))) evaluateNow([node]);
}

/**
 * The same for what a variable carries from one step of a training loop to the next: there some
 * variable's trace is always open. The history stays until it closes.
 */
export function keepSmallInTrace(node: GraphNode): void {
  if (!isLarge(node)) return;
  const pending = topological([node], (n) => n.known);
  if (!pending.some((n) => n.op === "placeholder")) evaluateNow([node]);
}
