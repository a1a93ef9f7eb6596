import { allocate, type TypedArray } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import { constantNode } from "../graph/node.js";
import { elementsOf } from "../tensor/operand.js";
import { Tensor } from "../tensor/tensor.js";

/** Rows of arrays, copied on the host: for a batch, quicker than a program would be. */

/** The rows of a tensor at the given places, which are known to be there. */
export function rowsOf(x: Tensor, rows: ArrayLike<number>): Tensor {
  const size = sizeOf(x.shape.slice(1));
  const out = allocate(x.dtype, rows.length * size);
  copyRows(elementsOf(x.node), size, rows, out);
  return tensorAround(out, [rows.length, ...x.shape.slice(1)], x.dtype);
}

/** `out` becomes the rows, one after another. */
export function copyRows(
  from: TypedArray,
  size: number,
  rows: ArrayLike<number>,
  out: TypedArray,
): void {
  if (size === 1) for (let i = 0; i < rows.length; i++) out[i] = from[rows[i]];
  else
    for (let i = 0; i < rows.length; i++) {
      const start = rows[i] * size;
      out.set(from.subarray(start, start + size), i * size);
    }
}

/** A tensor of elements that nobody else will write to: they are not copied. */
export const tensorAround = (
  elements: TypedArray,
  shape: readonly number[],
  dtype: Tensor["dtype"],
): Tensor => new Tensor(constantNode(elements, [...shape], dtype));
