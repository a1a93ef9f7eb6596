import { isStorageOnly } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import type { GraphNode } from "../graph/node.js";
import type { Schedule } from "../graph/schedule.js";
import type { Lowering } from "../ops/lowering.js";
import { ops } from "../ops/table.js";

export const lowerOf = (node: GraphNode): Lowering<object> =>
  ops[node.op].lower as unknown as Lowering<object>;

/** Types that loops do not compute in: operations on them are done on the host. */
export const onHost = (node: GraphNode): boolean =>
  isStorageOnly(node.dtype) || node.src.some((x) => isStorageOnly(x.dtype));

/** Kernels that take any value as input, not only what lies in memory. */
const fusing = new Set(["sum", "prod", "max", "min", "any", "all", "pad", "concat"]);

/** What is stretched to this many times its size is computed before, not at every element. */
const muchLarger = 16;
/** A value worth more than this many cheap operations is not computed twice. */
const worthKeeping = 4;
/** A loop's expression is cut when it becomes longer than this. */
const longest = 64;

const dear = new Set<string>([
  ...["exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh"],
  ...["tanh", "erf", "lgamma", "polygamma", "pow", "atan2", "xlogy", "mod", "div", "sqrt"],
]);

/**
 * Which nodes must lie in memory: the outputs, what kernels of their own give and take, and what
 * several need and is dear to compute.
 */
export function materialised(
  { steps, outputs }: Schedule,
  copies: ReadonlySet<GraphNode>,
): Set<GraphNode> {
  const stored = new Set<GraphNode>([...outputs, ...copies]);
  const uses = new Map<GraphNode, number>();
  for (const { node } of steps)
    for (const x of new Set(node.src)) uses.set(x, (uses.get(x) ?? 0) + 1);

  for (const { node } of steps) {
    const lower = lowerOf(node);
    if (lower.kind === "kernel" && !isFree(lower.kernel)) {
      stored.add(node);
      if (lower.kernel === "matmul") for (const x of node.src) stored.add(base(x));
      else if (!fusing.has(lower.kernel)) for (const x of node.src) stored.add(x);
    }
    if (onHost(node)) {
      stored.add(node);
      for (const x of node.src) stored.add(x);
    }
  }

  for (const { node } of steps) {
    if (node.op !== "expand" || node.known) continue;
    const small = base(node.src[0]);
    if (lowerOf(small).kind === "map" && sizeOf(node.shape) >= muchLarger * sizeOf(small.shape))
      stored.add(small);
  }

  const cost = new Map<GraphNode, number>();
  const costOf = (node: GraphNode): number => (stored.has(node) ? 1 : (cost.get(node) ?? 1));
  for (const { node } of steps) {
    const lower = lowerOf(node);
    const own = lower.kind === "map" ? (dear.has(node.op) ? worthKeeping + 1 : 1) : 0;
    const total = own + node.src.reduce((sum, x) => sum + costOf(x), 0);
    cost.set(node, total);
    if (lower.kind !== "map") continue;
    const shared = (uses.get(node) ?? 0) > 1 && total > worthKeeping;
    if (shared || total > longest) stored.add(node);
  }
  return stored;
}

/** Values that need no memory: a number, or a count. */
const isFree = (kernel: string): boolean => kernel === "full" || kernel === "iota";

/** What lies under a chain of views. */
function base(node: GraphNode): GraphNode {
  const { kind } = lowerOf(node);
  return (kind === "view" || kind === "forward") && !node.known ? base(node.src[0]) : node;
}
