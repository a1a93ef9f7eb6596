import type { DType } from "../../../base/dtype.js";
import { InternalError } from "../../../base/errors.js";
import type { FunctionBuilder } from "../assembler/function.js";

/**
 * How the elements of a type lie in a vector register. A loop works on 4 elements at a time, or on
 * 2 where any of its values is f64; values of four bytes then use the lower half. Truth values are
 * masks (all bits set for true) in 32-bit lanes in either case.
 */
export type LaneCount = 2 | 4;
export type LaneType = "f32" | "f64" | "i32" | "u32" | "mask";

export const laneType = (dtype: DType): LaneType => {
  switch (dtype) {
    case "f32":
    case "f64":
    case "i32":
    case "u32":
      return dtype;
    case "u8":
      return "u32";
    case "bool":
      return "mask";
    default:
      throw new InternalError(`loops do not compute in ${dtype}`);
  }
};

/** The low halves of two 64-bit lanes side by side: a 64-bit mask as a 32-bit one. */
export const narrowMask = (f: FunctionBuilder): FunctionBuilder =>
  f.i32x4(0).shuffle([0, 1, 2, 3, 8, 9, 10, 11, 16, 16, 16, 16, 16, 16, 16, 16]);

/** Two 32-bit masks, each twice: a 64-bit mask. The vector is in a local, for it is named twice. */
export function widenMask(f: FunctionBuilder): FunctionBuilder {
  const mask = f.local("v128");
  f.tee(mask).get(mask).shuffle([0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7]);
  f.release(mask);
  return f;
}

/** Loads `count` elements of a type that lie side by side, from the address on the stack. */
export function loadVector(f: FunctionBuilder, dtype: DType, lanes: LaneCount): void {
  switch (dtype) {
    case "f64":
      f.mem("v128.load", 0, 3);
      return;
    case "f32":
    case "i32":
    case "u32":
      f.mem(lanes === 4 ? "v128.load" : "v128.load64_zero", 0, 2);
      return;
    default:
      // Bytes become 32-bit lanes; what lies behind the ones wanted is not looked at.
      f.mem(lanes === 4 ? "v128.load32_zero" : "v128.load16_splat", 0, 0);
      f.op("i16x8.extend_low_i8x16_u").op("i32x4.extend_low_i16x8_u");
      if (dtype === "bool") f.i32x4(0).op("i32x4.ne");
  }
}

/** Loads one element and gives it to every lane. */
export function loadSplat(f: FunctionBuilder, dtype: DType): void {
  if (dtype === "f64") f.mem("v128.load64_splat");
  else if (dtype === "u8" || dtype === "bool") {
    f.mem("i32.load8_u").op("i32x4.splat");
    if (dtype === "bool") f.i32x4(0).op("i32x4.ne");
  } else f.mem("v128.load32_splat");
}

const bytes = (dtype: DType): number =>
  dtype === "f64" ? 8 : dtype === "u8" || dtype === "bool" ? 1 : 4;

/** Loads elements a fixed step (in elements) apart, the first at the address in `address`. */
export function loadStrided(
  f: FunctionBuilder,
  dtype: DType,
  pushAddress: (f: FunctionBuilder) => void,
  step: number,
  count: number,
): void {
  const size = bytes(dtype);
  const wide = dtype === "f64";
  const vector = f.local("v128");
  f.i32x4(0).set(vector);
  for (let i = 0; i < count; i++) {
    // A step may be negative, and an instruction's own offset may not.
    const at = (g: FunctionBuilder): void => {
      pushAddress(g);
      if (i > 0) g.plus(i * step * size);
    };
    if (size === 1) {
      f.get(vector);
      at(f);
      f.mem("i32.load8_u").lane("i32x4.replace_lane", i).set(vector);
    } else {
      at(f);
      f.get(vector)
        .memLane(wide ? "v128.load64_lane" : "v128.load32_lane", 0, i)
        .set(vector);
    }
  }
  f.get(vector);
  if (dtype === "bool") f.i32x4(0).op("i32x4.ne");
  f.release(vector);
}

/** Stores the first `count` lanes of `vector` side by side (or `step` elements apart). */
export function storeVector(
  f: FunctionBuilder,
  dtype: DType,
  pushAddress: (f: FunctionBuilder) => void,
  step: number,
  count: number,
  lanes: LaneCount,
): void {
  const vector = f.local("v128");
  if (dtype === "bool") f.i32x4(1).op("v128.and");
  f.set(vector);
  const size = bytes(dtype);
  if (step === 1 && count === lanes && !(lanes === 2 && size === 1)) {
    pushAddress(f);
    f.get(vector);
    if (size === 1) {
      f.get(vector).shuffle([0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
      const packed = f.local("v128");
      f.set(packed).get(packed).memLane("v128.store32_lane", 0, 0);
      f.release(packed);
    } else if (size === 4 && lanes === 2) f.memLane("v128.store64_lane", 0, 0);
    else f.mem("v128.store", 0, size === 8 ? 3 : 2);
  } else
    for (let i = 0; i < count; i++) {
      pushAddress(f);
      if (i > 0) f.plus(i * step * size);
      f.get(vector);
      if (size === 8) f.memLane("v128.store64_lane", 0, i);
      else if (size === 4) f.memLane("v128.store32_lane", 0, i);
      else f.memLane("v128.store8_lane", 0, 4 * i);
    }
  f.release(vector);
}
