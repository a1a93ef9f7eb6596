import type { DType, TypedArray } from "../base/dtype.js";
import type { GraphNode } from "../graph/node.js";
import type { Stored } from "../graph/stored.js";
import type { Program } from "./program.js";

/** What a backend can do. */
export interface Capabilities {
  readonly dtypes: readonly DType[];
  /** Does `run` return its results at once? If not, values can only be awaited. */
  readonly synchronous: boolean;
  /** Does it go through a program node by node? Then nothing is gained by keeping programs. */
  readonly interprets: boolean;
  /** Does it compute f64 with the precision of f64? */
  readonly float64: boolean;
}

/** A program made ready to run, as often as wanted. */
export interface Executable {
  /**
   * @param inputs   the elements of `program.inputs`, in their order; arrays are not changed, and
   *                 what the backend itself keeps only where the program says that it is given up
   * @param numbers  the values of the program's run-time numbers, in their order
   * @returns        the elements of `program.outputs`: arrays of their own, or, for an output that
   *                 takes over an input's memory, where the backend keeps them
   */
  run(inputs: readonly Stored[], numbers: readonly number[]): Stored[] | Promise<Stored[]>;
  /** What it does, kernel by kernel; absent where there are no kernels. */
  readonly report?: ProgramReport;
  /** As `run`, with the time each kernel took. */
  profile?(inputs: readonly Stored[], numbers: readonly number[]): KernelTime[];
  /** Lets go of what it holds outside of JavaScript's memory. It can still be run. */
  dispose?(): void;
}

/** A kernel as `inspect` shows it. */
export interface KernelReport {
  readonly name: string;
  /** Bytes read and written, each once. */
  readonly bytes: number;
  /** Floating-point (or integer) operations. */
  readonly operations: number;
  /** Kernels with the same phase run side by side; threads wait for each other between phases. */
  readonly phase: number;
}

export interface ProgramReport {
  readonly kernels: readonly KernelReport[];
  /** Bytes of working memory besides inputs and results. */
  readonly arenaBytes: number;
  /** Bytes of the compiled program. */
  readonly codeBytes: number;
  readonly threads: number;
}

export interface KernelTime {
  readonly kernel: KernelReport;
  readonly microseconds: number;
}

/** The contract that every backend keeps. */
export interface Backend {
  readonly name: string;
  readonly capabilities: Capabilities;
  load(program: Program, options?: LoadOptions): Executable;
  /** What the machine gives at best, measured when first asked for. */
  readonly peak?: () => Peak;
  /** Has the engine vectors of twice the width? They are tried out. */
  readonly hasWideVectors?: () => boolean;
  /** Threads that programs run on, where there can be several. */
  readonly threads?: Threads;
}

export interface LoadOptions {
  /** The same bits on every machine: no instruction whose rounding is left to the machine. */
  readonly deterministic?: boolean;
  /** Vectors of twice the width, which the backend has said that it has. */
  readonly wide?: boolean;
  /** Stands in messages. */
  readonly name?: string;
}

/** Computes one node from its inputs' elements: lent to backends by the reference. */
export type HostCompute = (node: GraphNode, inputs: readonly TypedArray[]) => TypedArray;

/** The most that the backend can do on this machine with the threads it has. */
export interface Peak {
  /** f32 operations a second: multiplications and additions in registers. */
  readonly operations: number;
}

export interface Threads {
  count: number;
  /** Programs with less to do than this (in operations, about) stay on the caller's thread. */
  threshold: number;
  /** Resolves with the number of threads once all of them can be used. */
  ready(): Promise<number>;
}
