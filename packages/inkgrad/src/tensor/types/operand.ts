import type { DType } from "../../base/dtype.js";
import type { Tensor } from "../tensor.js";
import type { Computed, Float, Promote, PromoteKeep } from "./dtype.js";

/** What a binary operation takes on its right side. A number has shape [] and a weak type. */
export type Operand = Tensor | number;

export type ShapeIn<O> = O extends number
  ? []
  : O extends { shape: infer S extends number[] }
    ? S
    : number[];

type DTypeIn<O> = O extends { dtype: infer E extends DType } ? E : DType;

/** The dtype of x + o. */
export type PromoteWith<D extends DType, O> = O extends number
  ? Computed<D>
  : Promote<D, DTypeIn<O>>;

/** The dtype of x / o. */
export type FloatWith<D extends DType, O> = O extends number
  ? Float<D>
  : Float<Promote<D, DTypeIn<O>>>;

/** The dtype of maximum(x, o): equal types stay as they are. */
export type KeepWith<D extends DType, O> = O extends number
  ? Computed<D>
  : PromoteKeep<D, DTypeIn<O>>;

/** The dtype of where(c, a, b), both of which may be numbers. */
export type PromoteBoth<A, B> = A extends number
  ? B extends number
    ? "f32"
    : Computed<DTypeIn<B>>
  : KeepWith<DTypeIn<A>, B>;
