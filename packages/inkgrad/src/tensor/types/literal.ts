import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Size } from "./matmul.js";
import type { CanEqual } from "./reshape.js";
import type { Bad, Good, Loose, Of, Show } from "./rule.js";

/** Tensors written out: numbers or booleans in nested arrays. */
export type Nested = number | boolean | readonly Nested[];

export interface DTypeOfArray {
  Float32Array: "f32";
  Float64Array: "f64";
  Int32Array: "i32";
  Uint32Array: "u32";
  Uint8Array: "u8";
  Uint8ClampedArray: "u8";
}
export type TensorData =
  | Nested
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Uint8Array
  | Uint8ClampedArray
  // These need a dtype, since no element type is theirs.
  | Int8Array
  | Int16Array
  | Uint16Array;

/** The shape option of a flat array: as many elements as there are. */
export type Filled<T, S extends Shape> =
  CanEqual<Size<Of<Literal<T>>>, Size<S>> extends true
    ? Good<S>
    : Bad<`tensor: shape ${Show<S>} has ${Size<S>} elements, the data ${Size<Of<Literal<T>>>}`>;

/** The shape of a literal. Typed arrays are vectors of unknown length. */
export type Literal<T> = T extends { BYTES_PER_ELEMENT: number }
  ? Good<[number]>
  : ShapeOf<T> extends infer S extends number[]
    ? Even<S>
    : Loose;

type Even<S extends number[]> = -1 extends S[number]
  ? number extends S[number]
    ? Good<S>
    : Bad<"tensor: the rows differ in length">
  : Good<S>;

/**
 * Rows are seen as one union, so that a thousand rows cost what one costs; -1 marks a size in
 * which they differ.
 */
type ShapeOf<T> = T extends readonly unknown[] ? [Length<T["length"]>, ...Rows<T[number]>] : [];
type Rows<T> = [T] extends [never]
  ? []
  : [T] extends [number | boolean]
    ? []
    : [T] extends [readonly unknown[]]
      ? [Length<T["length"]>, ...Rows<T[number]>]
      : [-1];

type Length<L extends number> = [L] extends [OneOf<L>] ? L : -1;
/** One member of a union. */
type OneOf<L> = (L extends L ? (x: () => L) => 0 : never) extends (x: infer I) => 0
  ? I extends () => infer R
    ? R
    : never
  : never;

type Booleans = boolean | readonly Booleans[];

/** Typed arrays give their own type, booleans bool, everything else (nothing, too) the default. */
export type LiteralDType<T> = T extends {
  [Symbol.toStringTag]: infer Tag extends keyof DTypeOfArray;
}
  ? DTypeOfArray[Tag]
  : T extends { BYTES_PER_ELEMENT: number }
    ? DType
    : T extends readonly []
      ? "f32"
      : T extends Booleans
        ? "bool"
        : "f32";
