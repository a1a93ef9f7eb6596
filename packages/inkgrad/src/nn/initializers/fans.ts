import { type Shape, sizeOf } from "../../base/shape.js";

/**
 * How many numbers go into one unit (fan-in) and how many units one number goes to (fan-out):
 *
 * - matrices [in, out] and kernels [...window, in / groups, out]: fan-in is window · in / groups,
 *   fan-out window · out;
 * - embeddings [count, size]: count and size, as of any matrix;
 * - vectors [n]: n and n; single numbers: 1 and 1.
 *
 * @source Keras `compute_fans`; PyTorch's are the same for its transposed kernels
 */
export function fansOf(shape: Shape): { in: number; out: number } {
  if (shape.length < 2) return { in: sizeOf(shape), out: sizeOf(shape) };
  const window = sizeOf(shape.slice(0, -2));
  return { in: window * shape[shape.length - 2], out: window * shape[shape.length - 1] };
}
