import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { Operand, ShapeIn } from "./operand.js";

/** The types of functions that find positions. */

export interface NonZeroFunction {
  <X extends Tensor>(x: X): NonZero<X["shape"]>;
}
/** One list of positions for each axis. */
type NonZero<S extends Shape> = { -readonly [K in keyof S]: Tensor<[number], "i32"> };

export interface ArgWhereFunction {
  <X extends Tensor>(x: X): Tensor<[number, X["shape"]["length"]], "i32">;
}

export interface SearchSortedFunction {
  <V extends Operand>(
    sorted: Tensor,
    values: V,
    options?: { side?: "left" | "right" },
  ): Tensor<ShapeIn<V>, "i32">;
}

export interface PutAlongAxisFunction {
  <X extends Tensor>(
    x: X,
    index: Tensor,
    values: Operand,
    axis: number,
  ): Tensor<X["shape"], X["dtype"]>;
}
