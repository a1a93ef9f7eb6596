import { assertDType, type DType, isInteger } from "../../base/dtype.js";
import { DTypeError, ShapeError } from "../../base/errors.js";
import { builder as b } from "../../graph/builder.js";
import { withinAxis } from "../../ops/recipes.js";
import { castTo, expandTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { DTypeOption, OneHotFunction } from "../types/functions.js";

/**
 * 1 at the position that each element names, 0 elsewhere: [...] of classes to [..., depth].
 *
 * @param classes  integers from 0 to depth − 1
 * @throws IndexError  (when evaluated) for a class that is not there
 */
export const oneHot = ((
  classes: Tensor,
  depth: number,
  { dtype = "f32" }: DTypeOption<DType> = {},
): Tensor => {
  const node = nodeOf(classes, "oneHot");
  assertDType(dtype, "oneHot");
  if (!isInteger(node.dtype))
    throw new DTypeError(
      `oneHot: classes must be integers, got ${node.dtype}; use .cast("i32") first`,
    );
  if (!(Number.isSafeInteger(depth) && depth >= 0))
    throw new ShapeError(`oneHot: the depth must be a whole number ≥ 0, got ${String(depth)}`);
  const positions = b.iota({ size: depth, dtype: "i32" });
  const known = withinAxis(b, castTo(node, "i32"), depth);
  const shape = [...node.shape, depth];
  const column = expandTo(b.reshape(known, { shape: [...node.shape, 1] }), shape);
  return wrap(castTo(b.equal(column, expandTo(positions, shape)), dtype));
}) as OneHotFunction;
