import type { DType } from "../../../base/dtype.js";
import type { ScalarName } from "../../../ops/scalar.js";
import type { Buffer } from "../../program.js";
import type { ImportedFunction, ModuleBuilder } from "../assembler/module.js";

/** A scalar instruction to be computed by the host, on one element. */
export interface LaneCall {
  readonly fn: ScalarName;
  readonly input: DType;
  readonly output: DType;
}

/** What the kernels of one module have in common. */
export interface ModuleContext {
  readonly module: ModuleBuilder;
  readonly addressOf: (buffer: Buffer) => number;
  readonly scalarAddress: (index: number) => number;
  /** Address of memory that a kernel may use while it runs. */
  readonly scratch: number;
  /** `lane(which, x, y, z)`: the host's computation of one element. */
  readonly laneFunction: ImportedFunction;
  /** The number by which the host knows an instruction. */
  readonly laneCall: (call: LaneCall) => number;
}
