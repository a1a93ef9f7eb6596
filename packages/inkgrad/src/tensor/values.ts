import type { DType, TypedArray } from "../base/dtype.js";
import { fromBrainBits, fromHalfBits } from "../base/half.js";
import type { ReadonlyShape, Shape } from "../base/shape.js";

interface Arrays {
  f32: Float32Array<ArrayBuffer>;
  f64: Float64Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  u32: Uint32Array<ArrayBuffer>;
  u8: Uint8Array<ArrayBuffer>;
  bool: Uint8Array<ArrayBuffer>;
  f16: Float32Array<ArrayBuffer>;
  bf16: Float32Array<ArrayBuffer>;
}

/** The array in which a user gets the elements: f16 and bf16 as f32, bool as 0 and 1. */
export type ArrayOf<D extends DType> = Arrays[D];

type Nest<S extends Shape, L> = number extends S["length"]
  ? L | NestedOf<L>[]
  : S extends readonly [number, ...infer R extends Shape]
    ? Nest<R, L>[]
    : L;
type NestedOf<L> = L | NestedOf<L>[];

/** Arrays nested as deep as the shape is long. */
export type NestedArray<S extends Shape, D extends DType> = Nest<
  S,
  D extends "bool" ? boolean : number
>;

/** A copy of the elements, for the user to do with as they like. */
export function userValue(value: TypedArray, dtype: DType): TypedArray {
  if (dtype === "f16") return Float32Array.from(value, fromHalfBits);
  if (dtype === "bf16") return Float32Array.from(value, fromBrainBits);
  return value.slice();
}

/** The elements as nested arrays. */
export function toNested(value: TypedArray, shape: ReadonlyShape, dtype: DType): unknown {
  const flat = dtype === "f16" || dtype === "bf16" ? userValue(value, dtype) : value;
  const leaf = (at: number): number | boolean => (dtype === "bool" ? flat[at] !== 0 : flat[at]);
  const nest = (axis: number, at: number, size: number): unknown =>
    axis === shape.length
      ? leaf(at)
      : Array.from({ length: shape[axis] }, (_, i) =>
          nest(axis + 1, at + (i * size) / shape[axis], size / shape[axis]),
        );
  return nest(0, 0, flat.length);
}
