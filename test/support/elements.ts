import { allocate, type DType, type TypedArray } from "@src/base/dtype.js";
import { fromBrainBits, fromHalfBits, toBrainBits, toHalfBits } from "@src/base/half.js";
import { constantNode, type GraphNode } from "@src/graph/node.js";

/** Numbers as elements of a type. */
export function encode(values: ArrayLike<number>, dtype: DType): TypedArray {
  const out = allocate(dtype, values.length);
  const bits = dtype === "f16" ? toHalfBits : dtype === "bf16" ? toBrainBits : undefined;
  for (let i = 0; i < out.length; i++) out[i] = bits ? bits(values[i]) : values[i];
  return out;
}

/** Elements of a type as numbers. */
export function decode(array: TypedArray, dtype: DType): number[] {
  const values = Array.from(array);
  if (dtype === "f16") return values.map(fromHalfBits);
  return dtype === "bf16" ? values.map(fromBrainBits) : values;
}

/** A known node of the given numbers. */
export const constant = (
  values: ArrayLike<number>,
  shape: readonly number[],
  dtype: DType,
): GraphNode => constantNode(encode(values, dtype), [...shape], dtype);
