import type { AttrsOf, Builder, Node, Sources } from "../../ops/op.js";
import type { Lowering } from "../../ops/lowering.js";
import { type OpName, ops } from "../../ops/table.js";

/** A node of a known operation. */
export interface NodeOf<K extends OpName> extends Node {
  readonly op: K;
  readonly src: Sources[(typeof ops)[K]["arity"]];
  readonly attrs: AttrsOf<K>;
}

/** What a rule sees of the graph it works in, and what it makes new nodes with. */
export interface Site {
  /** Makes nodes that are simplified at once, and shared with equal ones. */
  readonly b: Builder;
  /** The same for an operation that is not known beforehand. */
  readonly make: (op: OpName, src: readonly Node[], attrs: object) => Node;
  /** `x` as an application of `op`; null if it is another, or a leaf: known, or given to each run. */
  readonly as: <K extends OpName>(x: Node, op: K) => NodeOf<K> | null;
  /** The one number that all elements of `x` are known to be, as its type rounds it. */
  readonly uniform: (x: Node) => number | null;
  /** Are the elements of `x` known, and no more than `maxSmall`? */
  readonly isSmall: (x: Node) => boolean;
}

/**
 * A simpler form of some nodes. `apply` gives the node to take instead, of the same shape and type,
 * or null where the rule has nothing to say. Its inputs are in their simplest form already. The
 * new node must be nearer to the leaves or of fewer operations, or rewriting would not end.
 */
export interface Rule<K extends OpName = OpName> {
  readonly ops: readonly K[];
  /**
   * Default: exact, to the bit, for every input: NaN, −0, ±∞ and integer overflow included. Where
   * not, this says in what the result differs.
   */
  readonly inexact?: string;
  // Written as a method: a rule for some operations is a rule.
  apply(node: NodeOf<K>, site: Site): Node | null;
}

/** Gives a rule the type of the nodes that it is for. */
export const rule = <K extends OpName>(
  ops: readonly K[],
  apply: (node: NodeOf<K>, site: Site) => Node | null,
  inexact?: string,
): Rule<K> => ({ ops, apply, ...(inexact !== undefined && { inexact }) });

/** Both orders of an operation that does not care: [x, y] and [y, x]. */
export const eitherWay = ({ src: [x, y] }: { readonly src: Sources[2] }): readonly Sources[2][] => [
  [x, y],
  [y, x],
];

/** A tensor full of `value` in the place of `node`. */
export const fill = ({ b }: Site, { shape, dtype }: Node, value: number): Node =>
  b.full({ shape, dtype, value });

/** The operations that are computed in one way. */
export const loweredBy = (kind: Lowering["kind"]): OpName[] =>
  (Object.keys(ops) as OpName[]).filter((op) => ops[op].lower.kind === kind);

/** Elements of a constant that is computed with at once; more are better left to a backend. */
export const maxSmall = 64;
