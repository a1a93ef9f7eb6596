import { ShapeError } from "../../base/errors.js";
import { normalizeAxis, show } from "../../base/shape.js";
import { constantNode } from "../../graph/node.js";
import { nodeOf, type Operand, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { PutAlongAxisFunction } from "../types/functions-search.js";
import { at } from "./at.js";

/**
 * x with `values` at the positions `index` along an axis, separately at each place of the others:
 * what `takeAlongAxis` would take from the result. The last of several values for one place stays.
 *
 * @param index   i32, as many axes as `x`; sizes of the other axes equal x's, or 1
 * @param values  broadcast to the shape of `index`
 * @source NumPy `put_along_axis`
 */
export const putAlongAxis = ((x: Tensor, index: Tensor, values: Operand, axis: number): Tensor => {
  const { shape } = nodeOf(x, "putAlongAxis");
  const along = normalizeAxis(axis, shape.length, "putAlongAxis");
  if (nodeOf(index, "putAlongAxis").shape.length !== shape.length)
    throw new ShapeError(
      `putAlongAxis: index of shape ${show(index.shape)} needs as many axes as ${show(shape)}`,
    );
  const entries = shape.map((size, i) => {
    if (i === along) return index;
    const aligned = shape.map((_, j) => (j === i ? size : 1));
    return wrap(
      constantNode(
        Int32Array.from({ length: size }, (_, k) => k),
        aligned,
        "i32",
      ),
    );
  });
  return at(x, ...entries).set(values);
}) as PutAlongAxisFunction;
