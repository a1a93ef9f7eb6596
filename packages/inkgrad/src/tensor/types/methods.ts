import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { IndexMethods } from "./at.js";
import type { BinaryMethods } from "./methods-binary.js";
import type { MovementMethods, ProductMethods } from "./methods-movement.js";
import type { ReduceMethods } from "./methods-reduce.js";
import type { UnaryMethods } from "./methods-unary.js";

/** All methods whose types are computed: what the class Tensor merges with. */
export interface TensorMethods<S extends Shape, D extends DType>
  extends
    UnaryMethods<S, D>,
    BinaryMethods,
    ReduceMethods,
    MovementMethods,
    IndexMethods,
    ProductMethods {}

export type {
  IndexMethods,
  BinaryMethods,
  MovementMethods,
  ProductMethods,
  ReduceMethods,
  UnaryMethods,
};
