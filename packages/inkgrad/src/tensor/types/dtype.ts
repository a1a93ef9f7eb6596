import type { DType } from "../../base/dtype.js";

/**
 * Which element type an operation gives: the same tables as at run time (`base/dtype.ts`).
 * Lookups instead of conditional types: they are cheap, they take unions apart, and they keep
 * `Tensor` covariant in its dtype.
 */

type Row<R extends readonly DType[]> = {
  f32: R[0];
  f64: R[1];
  i32: R[2];
  u32: R[3];
  u8: R[4];
  bool: R[5];
  f16: R[6];
  bf16: R[7];
};

// prettier-ignore
interface Kept {
  //          f32    f64    i32    u32    u8     bool    f16    bf16
  f32:  Row<["f32", "f64", "f32", "f32", "f32", "f32",  "f32", "f32" ]>;
  f64:  Row<["f64", "f64", "f64", "f64", "f64", "f64",  "f64", "f64" ]>;
  i32:  Row<["f32", "f64", "i32", "f64", "i32", "i32",  "f32", "f32" ]>;
  u32:  Row<["f32", "f64", "f64", "u32", "u32", "u32",  "f32", "f32" ]>;
  u8:   Row<["f32", "f64", "i32", "u32", "u8",  "u8",   "f32", "f32" ]>;
  bool: Row<["f32", "f64", "i32", "u32", "u8",  "bool", "f32", "f32" ]>;
  f16:  Row<["f32", "f64", "f32", "f32", "f32", "f32",  "f16", "f32" ]>;
  bf16: Row<["f32", "f64", "f32", "f32", "f32", "f32",  "f32", "bf16"]>;
}

// prettier-ignore
export type ComputedOf = Row<["f32", "f64", "i32", "u32", "u8",  "i32", "f32", "f32"]>;
// prettier-ignore
export type FloatOf = Row<["f32", "f64", "f32", "f32", "f32", "f32", "f32", "f32"]>;
// prettier-ignore
type SummedOf = Row<["f32", "f64", "i32", "u32", "u32", "i32", "f32", "f32"]>;

/** Of a dtype that is not known nothing is known: the short name, not a list, in every hover. */
type Wide<A extends DType, B extends DType, Else> = [DType] extends [A]
  ? DType
  : [DType] extends [B]
    ? DType
    : Else;

/** The type that holds the values of both: where, concat, stack, maximum. Equal types stay. */
export type PromoteKeep<A extends DType, B extends DType> = Wide<A, B, Kept[A][B]>;

/** The type of A + B: as `PromoteKeep`, but bools count and storage types widen. */
export type Promote<A extends DType, B extends DType> = Wide<A, B, ComputedOf[Kept[A][B]]>;

/** The type of arithmetic with a plain number, which takes the tensor's side. */
export type Computed<D extends DType> = Wide<D, D, ComputedOf[D]>;

/** The type of sin, exp, mean, softmax or a true division. */
export type Float<D extends DType> = [D] extends ["f32"] ? "f32" : FloatOf[D];

/** The type of a sum or product: wide enough that adding does not at once overflow. */
export type Summed<D extends DType> = Wide<D, D, SummedOf[D]>;
