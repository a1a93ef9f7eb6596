import type { Tensor } from "../tensor.js";
import type { Operand, ShapeIn } from "./operand.js";
import type { AnyRank } from "./rule.js";

/** The types of functions that find positions. */

export interface NonZeroFunction {
  <X extends Tensor>(
    x: X,
  ): AnyRank<X["shape"]> extends true
    ? Tensor<[number], "i32">[]
    : { -readonly [K in keyof X["shape"]]: Tensor<[number], "i32"> };
}

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
