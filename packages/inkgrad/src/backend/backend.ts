import type { DType, TypedArray } from "../base/dtype.js";
import type { GraphNode } from "../graph/node.js";
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
   * @param inputs   the elements of `program.inputs`, in their order; they are not changed
   * @param numbers  the values of the program's `full` nodes, in the order of its steps
   * @returns        the elements of `program.outputs`, in arrays of their own
   */
  run(
    inputs: readonly TypedArray[],
    numbers: readonly number[],
  ): TypedArray[] | Promise<TypedArray[]>;
}

/** The contract that every backend keeps. */
export interface Backend {
  readonly name: string;
  readonly capabilities: Capabilities;
  load(program: Program): Executable;
}

/** Computes one node from its inputs' elements: lent to backends by the reference. */
export type HostCompute = (node: GraphNode, inputs: readonly TypedArray[]) => TypedArray;
