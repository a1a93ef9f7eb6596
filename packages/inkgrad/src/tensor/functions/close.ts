import { arithmeticType, type DType, floatType, isFloat } from "../../base/dtype.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { elementsOf, meet, type Operand, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { CloseOptions, IsCloseFunction } from "../types/functions.js";

/** Comparison with a tolerance: |x − y| ≤ atol + rtol · |y|. */

/**
 * Which elements are equal but for rounding. Infinities are close to themselves only, NaN to
 * nothing (to NaN, with `equalNaN`).
 *
 * @param options.rtol  relative to |y| (default 1e-5)
 * @param options.atol  absolute (default 1e-8)
 * @source NumPy `isclose`
 */
export const isClose = ((x: Operand, y: Operand, options: CloseOptions = {}): Tensor =>
  wrap(closeness(x, y, options, "isClose"))) as IsCloseFunction;

/** Are all elements close? Evaluates at once. */
export function allClose(x: Tensor, y: Operand, options: CloseOptions = {}): boolean {
  const close = closeness(x, y, options, "allClose");
  return elementsOf(b.all(close, { axes: [...close.shape.keys()] }))[0] !== 0;
}

function closeness(
  x: Operand,
  y: Operand,
  { rtol = 1e-5, atol = 1e-8, equalNaN = false }: CloseOptions,
  op: string,
): Node {
  const [a, c] = meet(x, y, op, comparable);
  const within = b.lessEqual(b.abs(b.sub(a, c)), b.add(atol, b.mul(rtol, b.abs(c))));
  // An infinite y would tolerate everything.
  const close = b.logicalOr(b.equal(a, c), b.logicalAnd(within, b.isFinite(c)));
  return equalNaN ? b.logicalOr(close, b.logicalAnd(b.isNaN(a), b.isNaN(c))) : close;
}

/** Integers are compared in f64, which holds them all. */
const comparable = (s: DType, t: DType): DType => {
  const common = arithmeticType(s, t);
  return isFloat(common) ? floatType(common) : "f64";
};
