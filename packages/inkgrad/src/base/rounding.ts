import { type DType, isFloat, type TypedArray } from "./dtype.js";
import { fromBrainBits, fromHalfBits, toBrainBits, toHalfBits } from "./half.js";

/** A float64 as the type keeps it: floats go to the nearest value, integers wrap. */
export function roundTo(dtype: DType, x: number): number {
  switch (dtype) {
    case "f32":
      return Math.fround(x);
    case "f16":
      return fromHalfBits(toHalfBits(x));
    case "bf16":
      return fromBrainBits(toBrainBits(x));
    case "i32":
      return x | 0;
    case "u32":
      return x >>> 0;
    case "u8":
      return x & 255;
    case "f64":
    case "bool":
      return x;
  }
}

/** An element as a number. */
export function elementAt(values: TypedArray, dtype: DType, index: number): number {
  const stored = values[index];
  return dtype === "f16" ? fromHalfBits(stored) : dtype === "bf16" ? fromBrainBits(stored) : stored;
}

/** A number of the type as it is stored. */
export const stored = (dtype: DType, x: number): number =>
  dtype === "f16" ? toHalfBits(x) : dtype === "bf16" ? toBrainBits(x) : x;

/** Bits of a float's fraction, the leading one included; of an integer all that it has. */
export const precisionOf = (dtype: DType): number =>
  ({ f64: 53, f32: 24, f16: 11, bf16: 8, i32: 31, u32: 32, u8: 8, bool: 1 })[dtype];

/** Does every value of `from` exist in `to`? (Its meaning is kept, NaN and −0 too.) */
export function embeds(from: DType, to: DType): boolean {
  if (from === to) return true;
  if (isFloat(from)) return isFloat(to) && widerFloats[from]!.includes(to);
  if (isFloat(to)) return precisionOf(from) <= precisionOf(to);
  if (to === "bool") return false;
  return from === "bool" || from === "u8";
}

/** f16 has more digits than bf16, which has the greater range: neither holds the other. */
const widerFloats: { readonly [D in DType]?: readonly DType[] } = {
  f16: ["f32", "f64"],
  bf16: ["f32", "f64"],
  f32: ["f64"],
  f64: [],
};
