import { computeType, type DType, isFloat, promote } from "../../base/dtype.js";
import { DTypeError, ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo, expandTo, nodeOf, number } from "../operand.js";

/** What users set or add. */

/**
 * Values in the type of the tensor they go into, which does not change: integers do not take
 * floats, nor u8 what may be an i32. Numbers must be values of the type.
 */
export function valuesFor(values: unknown, dtype: DType, op: string): Node {
  if (typeof values === "number" || typeof values === "boolean")
    return number(Number(values), [], dtype, op);
  const node = nodeOf(values, op);
  if (!isFloat(dtype) && promote(dtype, node.dtype) !== dtype)
    throw new DTypeError(
      `${op}: values of type ${node.dtype} do not fit into a tensor of type ${dtype}; cast them ` +
        `first, as values.cast("${dtype}"), or cast the tensor`,
    );
  return castTo(node, dtype);
}

/** Values stretched to a selection's shape. */
export function stretched(values: Node, shape: readonly number[], op: string): Node {
  requireStretchable(values, shape, op);
  return expandTo(values, shape);
}

/** Throws unless the values stretch to `shape`, in which null is a size that is not known. */
export function requireStretchable(
  values: Node,
  shape: readonly (number | null)[],
  op: string,
): void {
  const extra = shape.length - values.shape.length;
  const size = (n: number | null): string => (n === null ? "?" : String(n));
  if (extra < 0 || values.shape.some((n, i) => n !== 1 && n !== shape[extra + i]))
    throw new ShapeError(
      `${op}: values of shape ${show(values.shape)} cannot be stretched to the selection's shape ` +
        `[${shape.map(size).join(", ")}]; aligned at the last axis, each size must be equal or 1`,
    );
}

/** Two of one type added up; f16 and bf16 in f32. */
export function added(x: Node, y: Node): Node {
  const wide = computeType(x.dtype);
  return castTo(b.add(castTo(x, wide), castTo(y, wide)), x.dtype);
}
