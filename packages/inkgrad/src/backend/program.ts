import type { DType } from "../base/dtype.js";
import type { GraphNode } from "../graph/node.js";
import type { Schedule } from "../graph/schedule.js";
import type { Layout } from "../ops/lowering.js";
import type { ScalarName } from "../ops/scalar.js";

/**
 * What a compiler hands to a backend: the schedule of a graph, and the same computation as a short
 * list of kernels over buffers in one planned stretch of memory.
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
  /** How many `full` nodes there are; `scalar` values count them in the order of the steps. */
  readonly scalars: number;
  /** Bytes of the memory in which all buffers lie. */
  readonly arenaBytes: number;
}

/** A stretch of memory that holds one tensor, row-major without gaps. */
export interface Buffer {
  readonly id: number;
  readonly dtype: DType;
  readonly elements: number;
  /** Where it begins, in bytes from the start of the memory: a multiple of 16. */
  offset: number;
}

/** Elements of a buffer as seen through a layout over a kernel's index space. */
export interface Access {
  readonly buffer: Buffer;
  readonly layout: Layout;
}

/** What a loop computes at each point of its index space. */
export type Value =
  | { readonly kind: "load"; readonly dtype: DType; readonly from: Access }
  | { readonly kind: "scalar"; readonly dtype: DType; readonly index: number }
  | { readonly kind: "number"; readonly dtype: DType; readonly value: number }
  /** The layout's own offset: what iota counts. */
  | { readonly kind: "index"; readonly dtype: DType; readonly layout: Layout }
  | {
      readonly kind: "call";
      readonly dtype: DType;
      readonly fn: ScalarName;
      readonly args: readonly Value[];
    };

export type ReduceName = "sum" | "prod" | "max" | "min" | "any" | "all";

export type Kernel = LoopKernel | ReduceKernel | MatmulKernel | HostKernel;

/** One pass over an index space: a value computed and stored at each point. */
export interface LoopKernel {
  readonly kind: "loop";
  readonly space: readonly number[];
  readonly value: Value;
  readonly to: Access;
}

/** A fold over the last axes of an index space, at each point of the first ones. */
export interface ReduceKernel {
  readonly kind: "reduce";
  readonly fn: ReduceName;
  /** Axes that stay. */
  readonly outer: readonly number[];
  /** Axes that are folded. */
  readonly inner: readonly number[];
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

/** An operation without a kernel of the backend's own: computed on the host. */
export interface HostKernel {
  readonly kind: "host";
  /** The operation, apart from the graph it comes from. */
  readonly node: GraphNode;
  readonly inputs: readonly Buffer[];
  readonly to: Buffer;
}
