import { bytesPer, type DType } from "../base/dtype.js";
import { type ReadonlyShape, sizeOf } from "../base/shape.js";
import { type OpName, ops } from "../ops/table.js";

/** Bytes that an operation's own result takes: views, forwarded values and single numbers, none. */
export function resultBytes(op: OpName, shape: ReadonlyShape, dtype: DType): number {
  const { kind } = ops[op].lower;
  if (kind === "view" || kind === "forward" || op === "full") return 0;
  return sizeOf(shape) * bytesPer(dtype);
}
