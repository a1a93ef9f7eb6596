import type { DType } from "../base/dtype.js";
import type { GraphNode } from "../graph/node.js";
import type { Schedule } from "../graph/schedule.js";
import type { Layout } from "../ops/lowering.js";
import type { ScalarName } from "../ops/scalar.js";

/**
 * What a compiler hands to a backend: the schedule of a graph, and the same computation as a short
 * list of kernels over buffers.
 */
export interface Program extends Schedule {
  /** Made when asked for: the reference backend goes by the schedule alone. */
  readonly kernels: () => KernelProgram;
}

export interface KernelProgram {
  readonly buffers: readonly Buffer[];
  readonly kernels: readonly Kernel[];
  /** The buffers of the schedule's inputs and outputs, in their order. */
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  /** How many run-time numbers there are; `scalar` values count them. */
  readonly scalars: number;
  /** Results that take the place of an input, which is given up: what reads it comes before. */
  readonly inPlace: ReadonlyMap<Buffer, Buffer>;
}

/** A stretch of memory that holds one tensor, row-major without gaps. */
export interface Buffer {
  readonly id: number;
  readonly dtype: DType;
  readonly elements: number;
}

/** Elements of a buffer as seen through a layout over a kernel's index space. */
export interface Access {
  readonly buffer: Buffer;
  readonly layout: Layout;
}

/** What a loop computes at each point of its index space. */
export type Value =
  | LoadValue
  | { readonly kind: "scalar"; readonly dtype: DType; readonly index: number }
  | { readonly kind: "number"; readonly dtype: DType; readonly value: number }
  | IndexValue
  | CallValue;

export interface LoadValue {
  readonly kind: "load";
  readonly dtype: DType;
  readonly from: Access;
}

/** The layout's own offset: what iota counts. */
export interface IndexValue {
  readonly kind: "index";
  readonly dtype: DType;
  readonly layout: Layout;
}

export interface CallValue {
  readonly kind: "call";
  readonly dtype: DType;
  readonly fn: ScalarName;
  readonly args: readonly Value[];
}

export type ReduceName = "sum" | "prod" | "max" | "min" | "any" | "all";

export type Kernel = LoopKernel | ReduceKernel | MatmulKernel | OperationKernel;

/** One pass over an index space: at each point, every value is computed, then all are stored. */
export interface LoopKernel {
  readonly kind: "loop";
  readonly space: readonly number[];
  readonly stores: readonly Store[];
}

export interface Store {
  readonly value: Value;
  readonly to: Access;
}

/** Folds over the last axes of an index space, at each point of the first ones: one pass for all. */
export interface ReduceKernel {
  readonly kind: "reduce";
  /** Axes that stay. */
  readonly outer: readonly number[];
  /** Axes that are folded. */
  readonly inner: readonly number[];
  readonly folds: readonly Folded[];
}

export interface Folded {
  readonly fn: ReduceName;
  /** Over outer and inner axes together. */
  readonly value: Value;
  readonly to: Buffer;
}

/** [batch…, m, k] times [batch…, k, n], each operand through any layout. */
export interface MatmulKernel {
  readonly kind: "matmul";
  readonly dtype: DType;
  readonly batch: readonly number[];
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly x: Access;
  readonly y: Access;
  readonly to: Buffer;
}

/**
 * An operation by itself, on buffers: a backend has a kernel of its own for it, or has it computed
 * on the host.
 */
export interface OperationKernel {
  readonly kind: "operation";
  /** The operation, apart from the graph it comes from. */
  readonly node: GraphNode;
  readonly inputs: readonly Buffer[];
  readonly to: Buffer;
  /** What a backend does with the result on the way to `to`, if that is more than nothing. */
  readonly epilogue?: Epilogue;
}

/** A loop with one store, done on elements of an operation's result before they reach memory. */
export interface Epilogue {
  readonly loop: LoopKernel;
  /** The buffer that the loop reads them from, which nothing writes any more. */
  readonly result: Buffer;
}

/** The loads of a value, each once. */
export function loadsOf(value: Value): LoadValue[] {
  const found = new Set<LoadValue>();
  const seen = new Set<Value>();
  const visit = (v: Value): void => {
    if (seen.has(v)) return;
    seen.add(v);
    if (v.kind === "load") found.add(v);
    else if (v.kind === "call") v.args.forEach(visit);
  };
  visit(value);
  return [...found];
}

/** A value with others in the place of what it reads and counts. */
export function withLeaves(value: Value, change: (leaf: LoadValue | IndexValue) => Value): Value {
  const done = new Map<Value, Value>();
  const changed = (v: Value): Value => {
    const before = done.get(v);
    if (before !== undefined) return before;
    const now =
      v.kind === "load" || v.kind === "index"
        ? change(v)
        : v.kind === "call"
          ? { ...v, args: v.args.map(changed) }
          : v;
    done.set(v, now);
    return now;
  };
  return changed(value);
}

/** A value seen through other layouts. */
export const withLayouts = (value: Value, change: (layout: Layout) => Layout): Value =>
  withLeaves(value, (leaf) =>
    leaf.kind === "load"
      ? { ...leaf, from: { ...leaf.from, layout: change(leaf.from.layout) } }
      : { ...leaf, layout: change(leaf.layout) },
  );

/** Buffers that a kernel reads. */
export function readsOf(kernel: Kernel): Buffer[] {
  switch (kernel.kind) {
    case "loop":
      return kernel.stores.flatMap(({ value }) => loadsOf(value).map(({ from }) => from.buffer));
    case "reduce":
      return kernel.folds.flatMap(({ value }) => loadsOf(value).map(({ from }) => from.buffer));
    case "matmul":
      return [kernel.x.buffer, kernel.y.buffer];
    case "operation":
      return [...kernel.inputs, ...readsOfEpilogue(kernel.epilogue)];
  }
}

/** Buffers that an epilogue reads, besides the operation's result. */
export const readsOfEpilogue = (epilogue?: Epilogue): Buffer[] =>
  epilogue === undefined
    ? []
    : readsOf(epilogue.loop).filter((buffer) => buffer !== epilogue.result);

/** Buffers that a kernel writes. */
export function writesOf(kernel: Kernel): Buffer[] {
  switch (kernel.kind) {
    case "loop":
      return kernel.stores.map(({ to }) => to.buffer);
    case "reduce":
      return kernel.folds.map(({ to }) => to);
    case "matmul":
    case "operation":
      return [kernel.to];
  }
}
