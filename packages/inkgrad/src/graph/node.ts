import type { DType, TypedArray } from "../base/dtype.js";
import type { ReadonlyShape } from "../base/shape.js";
import type { Node } from "../ops/op.js";
import type { OpName } from "../ops/table.js";
import { resultBytes } from "./memory.js";
import { elementsOf, type Stored } from "./stored.js";

/**
 * A stretch of time in which somebody may still ask how a value came about: while a function is
 * being differentiated, or a variable is waiting for `backward()`. It is closed for good, and only
 * after the graph has been walked for the last time.
 */
export interface Trace {
  open: boolean;
  /** Traces in which this one takes place. */
  readonly outer: readonly Trace[];
}

export const isOpen = (trace: Trace): boolean => trace.open || trace.outer.some(isOpen);

const includes = (trace: Trace, other: Trace): boolean =>
  trace === other || trace.outer.some((outer) => includes(outer, other));

/**
 * The trace of what depends on both: the inner of the two, or one within both. Such a one lists
 * the open traces themselves, for traces of traces would double with every step of a loop.
 */
function joinTraces(a: Trace | null, b: Trace): Trace {
  if (a === null || includes(b, a)) return b;
  if (includes(a, b)) return a;
  const open = openTraces(a);
  const added = openTraces(b).filter((trace) => !open.some((other) => includes(other, trace)));
  return added.length === 0 ? a : { open: false, outer: [...open, ...added] };
}

const openTraces = (trace: Trace): readonly Trace[] =>
  trace.open ? [trace] : trace.outer.flatMap(openTraces);

let count = 0;
/** The number that the next node will have: what is there already has a smaller one. */
export const nextId = (): number => count + 1;

const nothing: readonly GraphNode[] = [];
const noAttrs = {};

/**
 * A node of the graph. The value it stands for never changes. What may change is how it is known:
 * once evaluated, a node that no trace asks about forgets its recipe and becomes a constant, so
 * that a graph that grows without end does not stay in memory.
 */
export class GraphNode implements Node {
  op: OpName;
  src: readonly GraphNode[];
  attrs: object;
  readonly shape: ReadonlyShape;
  readonly dtype: DType;
  /** Nodes are numbered as they are made: inputs have smaller numbers than what uses them. */
  readonly id = ++count;
  /** The elements, once known, wherever they are. */
  stored: Stored | null = null;
  trace: Trace | null = null;
  /** Does a user hold this tensor? Then its value is kept when something behind it is evaluated. */
  held = false;
  /** Results of one computation, worth evaluating together (this node among them). */
  siblings: readonly GraphNode[] | null = null;
  /** Operations on the longest way to known values, and the bytes of their results. */
  pendingDepth: number;
  pendingBytes: number;

  constructor(
    op: OpName,
    src: readonly GraphNode[],
    attrs: object,
    shape: ReadonlyShape,
    dtype: DType,
  ) {
    this.op = op;
    this.src = src;
    this.attrs = attrs;
    this.shape = shape;
    this.dtype = dtype;
    let [depth, bytes] = [0, 0];
    for (let i = 0; i < src.length; i++) {
      const x = src[i];
      if (x.pendingDepth > depth) depth = x.pendingDepth;
      if (x.pendingBytes > bytes) bytes = x.pendingBytes;
      if (x.trace === null) continue;
      if (isOpen(x.trace)) this.trace = joinTraces(this.trace, x.trace);
      else x.forget();
    }
    this.pendingDepth = depth + 1;
    this.pendingBytes = bytes + resultBytes(op, shape, dtype);
  }

  /** Is the value known? */
  get known(): boolean {
    return this.stored !== null;
  }

  /** The elements, once known; they are fetched if a backend has them. */
  get value(): TypedArray | null {
    return this.stored === null ? null : elementsOf(this.stored);
  }

  /** Takes note of the value. The recipe is forgotten unless a trace may ask for it. */
  settle(value: Stored): void {
    this.stored = value;
    this.pendingDepth = 0;
    this.pendingBytes = 0;
    this.siblings = null;
    this.forget();
  }

  /** Lets go of what only an open trace could ask for. */
  forget(): void {
    if (this.trace !== null && isOpen(this.trace)) return;
    this.trace = null;
    if (!this.known) return;
    this.op = "constant";
    this.src = nothing;
    this.attrs = noAttrs;
  }
}

/** A node of known elements. The array is taken over, not copied. */
export function constantNode(value: Stored, shape: ReadonlyShape, dtype: DType): GraphNode {
  const node = new GraphNode("constant", nothing, noAttrs, shape, dtype);
  node.settle(value);
  return node;
}

/** An argument whose elements are not known yet. */
export function placeholderNode(shape: ReadonlyShape, dtype: DType, trace: Trace): GraphNode {
  const node = new GraphNode("placeholder", nothing, { shape, dtype }, shape, dtype);
  node.trace = trace;
  return node;
}
