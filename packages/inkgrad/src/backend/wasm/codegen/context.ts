import type { DType } from "../../../base/dtype.js";
import type { ScalarName } from "../../../ops/scalar.js";
import type { Buffer } from "../../program.js";
import type { FunctionBuilder } from "../assembler/function.js";
import type { ImportedFunction, ModuleBuilder } from "../assembler/module.js";
import type { TileMode } from "./tile-shapes.js";

/** A scalar instruction to be computed by the host, on one element. */
export interface LaneCall {
  readonly fn: ScalarName;
  readonly input: DType;
  readonly output: DType;
}

/** What the steps of one module have in common. */
export interface ModuleContext {
  readonly module: ModuleBuilder;
  /**
   * Leaves the address of a buffer's byte on the stack. Where things lie is known when the program
   * runs: the first parameter of every step's function says it.
   */
  readonly pushAddress: (f: FunctionBuilder, buffer: Buffer, byte?: number) => void;
  /** Leaves a run-time number on the stack, as f64. */
  readonly pushNumber: (f: FunctionBuilder, index: number) => void;
  /** `lane(which, x, y, z)`: the host's computation of one element. */
  readonly laneFunction: ImportedFunction;
  /** The number by which the host knows an instruction. */
  readonly laneCall: (call: LaneCall) => number;
  /** `fail(which, value)`: throws an error. Only a step that `callsHost` can call it. */
  readonly failFunction: ImportedFunction;
  /** The number by which the host knows an error, which is made from the value. */
  readonly failure: (error: (value: number) => Error) => number;
  /** May products be added without rounding between (`relaxed_madd`)? */
  readonly fused: boolean;
  /** What the tiles of products are made of. */
  readonly tiles: TileMode;
}
