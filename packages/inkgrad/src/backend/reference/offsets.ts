import { sizeOf } from "../../base/shape.js";
import type { Layout } from "../../ops/lowering.js";

/** Where each element lies, in row-major order of the index. */
export function offsetsOf({ shape, strides, offset }: Layout): Float64Array {
  const out = new Float64Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < out.length; i++) {
    out[i] = at;
    // Count up like an odometer: the last axis first, carrying to the one before.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
