import { type Shape, sizeOf } from "../../base/shape.js";

/**
 * How many numbers go into one unit (fan-in) and how many units one number goes to (fan-out), for a
 * kernel [...window, in, out]: fan-in is window · in, fan-out window · out. A vector counts as both.
 *
 * @source Keras `compute_fans`
 */
export function fansOf(shape: Shape): { in: number; out: number } {
  if (shape.length < 2) return { in: sizeOf(shape), out: sizeOf(shape) };
  const window = sizeOf(shape.slice(0, -2));
  return { in: window * shape[shape.length - 2], out: window * shape[shape.length - 1] };
}
