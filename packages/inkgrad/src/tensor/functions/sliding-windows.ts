import { normalizeAxis } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { windows } from "../../ops/windows.js";
import { nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";

export interface WindowOptions {
  /** Default −1. */
  readonly axis?: number;
  /** Elements from one window to the next (default 1). */
  readonly stride?: number;
  /** Elements from one of a window's points to the next (default 1). */
  readonly dilation?: number;
}

/**
 * The windows of `size` elements along an axis: the axis counts them, and a new last axis holds
 * what is in each. [n] to [⌊(n − dilation · (size − 1) − 1) / stride⌋ + 1, size].
 *
 * @throws ShapeError  if not even one window fits
 */
export function slidingWindows(
  x: Tensor,
  size: number,
  { axis = -1, stride = 1, dilation = 1 }: WindowOptions = {},
): Tensor {
  const node = nodeOf(x, "slidingWindows");
  const axes = [normalizeAxis(axis, node.shape.length, "slidingWindows")];
  const attrs = { axes, size: [size], strides: [stride], dilation: [dilation] };
  // Asked here for its message to name this function.
  windows.shape([node], attrs, "slidingWindows");
  return wrap(b.windows(node, attrs));
}
