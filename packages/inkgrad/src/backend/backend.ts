import type { DType, TypedArray } from "../base/dtype.js";
import type { Program } from "../graph/schedule.js";

/** What a backend can do. */
export interface Capabilities {
  readonly dtypes: readonly DType[];
  /** Does `run` return its results at once? If not, values can only be awaited. */
  readonly synchronous: boolean;
  /** Does it compute f64 with the precision of f64? */
  readonly float64: boolean;
}

/** A program made ready to run, as often as wanted. */
export interface Executable {
  /**
   * @param inputs  the elements of `program.inputs`, in their order; they are not changed
   * @returns       the elements of `program.outputs`, in arrays of their own
   */
  run(inputs: readonly TypedArray[]): TypedArray[] | Promise<TypedArray[]>;
}

/** The contract that every backend keeps. */
export interface Backend {
  readonly name: string;
  readonly capabilities: Capabilities;
  load(program: Program): Executable;
}
