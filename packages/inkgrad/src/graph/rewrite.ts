import { InternalError } from "../base/errors.js";
import { elementAt, roundTo } from "../base/rounding.js";
import { sameShape } from "../base/shape.js";
import type { Node } from "../ops/op.js";
import type { OpName } from "../ops/table.js";
import { builderOf, makeNode } from "./builder.js";
import { keyOf } from "./key.js";
import type { GraphNode } from "./node.js";
import { printNode } from "./print.js";
import { maxSmall, type NodeOf, type Rule, type Site } from "./rewrites/rule.js";
import { type RuleName, ruleNames, rules as table } from "./rewrites/table.js";
import { topological } from "./schedule.js";

export interface RewriteOptions {
  /** Nodes whose values are given to each run: what they are made of is not looked at. */
  readonly inputs?: readonly Node[];
  /** The rules to apply; default: all. Equal nodes are merged in any case. */
  readonly rules?: readonly RuleName[];
  /** Called with the name of a rule and the node it replaces. */
  readonly onRule?: (rule: RuleName, node: Node) => void;
}

/**
 * A simpler graph with the same results: what is known is computed, what changes nothing is left
 * out, what is computed twice is computed once. One pass from the leaves up, in which every node is
 * simplified when it is made; so the result is a fixed point, and rewriting it again gives itself.
 *
 * For graphs that are about to be run: `identity` and `custom`, which only steer differentiation,
 * are gone afterwards. `after` stays: what it holds back is not merged with what it repeats.
 */
export function rewrite(outputs: readonly Node[], options: RewriteOptions = {}): GraphNode[] {
  const given = new Set<Node>(options.inputs);
  const isLeaf = (node: GraphNode): boolean => node.known || given.has(node);
  const rules = options.rules === undefined ? allRules : byOperation(options.rules);
  const known = new Map<string, GraphNode>();

  /** The simplest form of a node whose inputs are in theirs. */
  const simplest = (node: GraphNode): GraphNode => {
    if (isLeaf(node) || node.op === "placeholder") return node;
    const key = keyOf(node);
    const same = known.get(key);
    if (same !== undefined) return same;
    const result = firstOf(rules.get(node.op), node) ?? node;
    known.set(key, result);
    return result;
  };
  const firstOf = (candidates: readonly NamedRule[] = [], node: GraphNode): GraphNode | null => {
    for (const { name, rule } of candidates) {
      const simpler = rule.apply(node, site) as GraphNode | null;
      if (simpler === null) continue;
      requireAlike(name, node, simpler);
      options.onRule?.(name, node);
      return simpler;
    }
    return null;
  };
  const make = (op: OpName, src: readonly Node[], attrs?: object): GraphNode =>
    simplest(makeNode(op, src, attrs));
  const isKnown = (x: Node): x is GraphNode => (x as GraphNode).known && !given.has(x);
  const site: Site = {
    b: builderOf(make),
    make,
    as: <K extends OpName>(x: Node, op: K) =>
      x.op === op && !isLeaf(x as GraphNode) ? (x as unknown as NodeOf<K>) : null,
    uniform(x) {
      if (given.has(x)) return null;
      if (isKnown(x)) return x.value!.length === 1 ? elementAt(x.value!, x.dtype, 0) : null;
      return x.op === "full" ? roundTo(x.dtype, (x.attrs as { value: number }).value) : null;
    },
    isSmall: (x) => isKnown(x) && x.value!.length <= maxSmall,
  };

  const done = new Map<Node, GraphNode>();
  for (const node of topological(outputs, isLeaf)) {
    const src = isLeaf(node) ? node.src : node.src.map((x) => done.get(x)!);
    const unchanged = src.every((x, i) => x === node.src[i]);
    done.set(node, simplest(unchanged ? node : makeNode(node.op, src, node.attrs)));
  }
  return outputs.map((node) => done.get(node)!);
}

interface NamedRule {
  readonly name: RuleName;
  readonly rule: Rule;
}

/** The rules for each operation, in the order of the table. */
function byOperation(names: readonly RuleName[]): ReadonlyMap<OpName, readonly NamedRule[]> {
  const wanted = new Set(names);
  const found = new Map<OpName, NamedRule[]>();
  for (const name of ruleNames) {
    if (!wanted.has(name)) continue;
    for (const op of table[name].ops) {
      const list = found.get(op) ?? [];
      found.set(op, list);
      list.push({ name, rule: table[name] });
    }
  }
  return found;
}

const allRules = byOperation(ruleNames);

function requireAlike(name: RuleName, node: GraphNode, simpler: GraphNode): void {
  if (!sameShape(node.shape, simpler.shape) || node.dtype !== simpler.dtype)
    throw new InternalError(
      `the rewrite rule ${name} made ${printNode(simpler)} of ${printNode(node)}`,
    );
}
