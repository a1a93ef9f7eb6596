import type { DType } from "../base/dtype.js";
import type { Value } from "../backend/program.js";
import type { ScalarName } from "../ops/scalar.js";

const truths: ReadonlySet<ScalarName> = new Set([
  "equal",
  "notEqual",
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
  "isNaN",
  "isFinite",
  "logicalNot",
  "logicalAnd",
  "logicalOr",
  "logicalXor",
] as const);

/** The type of a scalar instruction's result. Only `cast` has the type of the operation itself. */
export function callType(fn: ScalarName, args: readonly Value[], dtype: DType): DType {
  if (truths.has(fn)) return "bool";
  return fn === "cast" ? dtype : args.at(-1)!.dtype;
}
