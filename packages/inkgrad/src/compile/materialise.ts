import { bytesPer, isStorageOnly } from "../base/dtype.js";
import { sameShape, sizeOf } from "../base/shape.js";
import type { GraphNode } from "../graph/node.js";
import type { Schedule } from "../graph/schedule.js";
import type { Lowering } from "../ops/lowering.js";
import type { Node } from "../ops/op.js";
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
/**
 * What is larger than the nearest cache (in bytes) is worth this many: writing it and reading it
 * again takes as long as a dozen operations and more, and all threads share the memory's speed.
 */
const large = 1 << 20;
const worthKeepingLarge = 10;
/** What so few make of one array is always sooner made of it again than of an array of its own. */
const fewOperations = 3;
/** And is computed this often at most. */
const mostTimes = 4;
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

  for (const node of ends(steps.map(({ node }) => node))) stored.add(node);

  const cost = new Map<GraphNode, number>();
  const costOf = (node: GraphNode): number => (stored.has(node) ? 1 : (cost.get(node) ?? 1));
  const works = new Map<GraphNode, Work | null>();
  const several = stretched(steps.map(({ node }) => node));
  const again = (node: GraphNode): boolean =>
    !several.has(node) && uses.get(node)! <= mostTimes && cheapForItsSize(node, works.get(node)!);
  for (const { node } of steps) {
    const lower = lowerOf(node);
    if (widens(node) && works.get(node.src[0]) === null) stored.add(base(node.src[0]));
    const own = lower.kind === "map" ? (dear.has(node.op) ? worthKeeping + 1 : 1) : 0;
    const total = own + node.src.reduce((sum, x) => sum + costOf(x), 0);
    cost.set(node, total);
    works.set(node, workOf(node, stored, works));
    if (lower.kind !== "map") continue;
    const shared = (uses.get(node) ?? 0) > 1 && total > worthKeeping;
    if (total > longest || (shared && !again(node))) stored.add(node);
  }
  return stored;
}

/** Nodes that follow a convolution at most. */
const mostFollowing = 16;

/**
 * The last node of what is computed from a convolution's result, element by element, where nobody
 * else needs that: after bias and activation, or the mask of a derivative. Its elements take the place
 * of the convolution's own, so that they need no more memory and are not computed again by each of
 * those that read them: the windows of a pooling, the sums of a gradient.
 */
function ends(nodes: readonly GraphNode[]): GraphNode[] {
  const users = new Map<Node, GraphNode[]>();
  for (const node of nodes)
    for (const x of new Set(node.src)) users.set(x, [...(users.get(x) ?? []), node]);
  return nodes.flatMap((first, i) => {
    if (first.op !== "conv" && first.op !== "convInput") return [];
    const chain = new Set<Node>([first]);
    let last: GraphNode[] = [];
    for (const node of nodes.slice(i + 1)) {
      if (!node.src.some((x) => chain.has(x))) continue;
      if (lowerOf(node).kind !== "map" || !sameShape(node.shape, first.shape)) continue;
      chain.add(node);
      if (chain.size > mostFollowing) break;
      const closed = [...chain].every(
        (x) => x === node || (users.get(x)?.every((user) => chain.has(user)) ?? false),
      );
      if (closed && node.dtype === first.dtype) last = [node];
    }
    return last;
  });
}

/** What it takes to compute an element of a node from what lies in memory, each thing counted once. */
interface Work {
  readonly operations: ReadonlySet<GraphNode>;
  /** What is read whole: not the few elements that are stretched. */
  readonly reads: ReadonlySet<GraphNode>;
}

const nothing: Work = { operations: new Set(), reads: new Set() };

/** Null if it is too much to be done twice. */
function workOf(
  node: GraphNode,
  stored: ReadonlySet<GraphNode>,
  works: ReadonlyMap<GraphNode, Work | null>,
): Work | null {
  const { kind } = lowerOf(node);
  if (kind === "map" && dear.has(node.op)) return null;
  if (kind === "kernel") return nothing;
  const operations = new Set<GraphNode>(kind === "map" ? [node] : []);
  const reads = new Set<GraphNode>();
  for (const x of node.src) {
    const source = base(x);
    if (stored.has(source) || !works.has(source)) {
      if (muchLarger * sizeOf(source.shape) > sizeOf(node.shape)) reads.add(source);
      continue;
    }
    const work = works.get(x)!;
    if (work === null) return null;
    work.operations.forEach((op) => operations.add(op));
    work.reads.forEach((read) => reads.add(read));
  }
  return operations.size > worthKeepingLarge ? null : { operations, reads };
}

/** Nodes whose elements are met several times: windows that overlap lie on them, say. */
function stretched(nodes: readonly GraphNode[]): Set<GraphNode> {
  const found = new Set<GraphNode>();
  for (const node of [...nodes].reverse()) {
    if (node.known || lowerOf(node).kind === "kernel") continue;
    for (const x of node.src)
      if (found.has(node) || sizeOf(node.shape) > sizeOf(x.shape)) found.add(x);
  }
  return found;
}

/** Is it sooner computed again than written and read again? */
const cheapForItsSize = ({ shape, dtype }: GraphNode, work: Work | null): boolean =>
  work !== null &&
  (sizeOf(shape) * bytesPer(dtype) >= large
    ? work.reads.size <= 2
    : work.reads.size === 0 || (work.reads.size === 1 && work.operations.size <= fewOperations));

/**
 * Does a vector hold fewer of its elements than of what it is made of? Computed in one pass with it, that
 * would have no more lanes either, which what is dear should have.
 */
const widens = ({ op, dtype, src }: GraphNode): boolean =>
  op === "cast" && bytesPer(dtype) > bytesPer(src[0].dtype);

/** Values that need no memory: a number, or a count. */
const isFree = (kernel: string): boolean => kernel === "full" || kernel === "iota";

/** What lies under a chain of views. */
function base(node: GraphNode): GraphNode {
  const { kind } = lowerOf(node);
  return (kind === "view" || kind === "forward") && !node.known ? base(node.src[0]) : node;
}
