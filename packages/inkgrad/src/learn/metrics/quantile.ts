import { erfc } from "../../base/special.js";
import { tensor } from "../../tensor/functions/create.js";
import { elementsOf } from "../../tensor/operand.js";
import { upperQuantile } from "../../tensor/random/quantile.js";

/**
 * The q-quantile of numbers in rising order, straight between neighbours: at position (n − 1) q.
 *
 * @source NumPy `quantile`, method "linear" (Hyndman and Fan's type 7)
 */
export function quantileOf(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const below = Math.floor(at);
  const [a, b] = [sorted[below], sorted[Math.min(below + 1, sorted.length - 1)]];
  const t = at - below;
  // From the nearer end, so that t = 1 is b itself.
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

/** The standard normal distribution function. */
export const normalBelow = (x: number): number => erfc(-x / Math.SQRT2) / 2;

/** The number that a normal one stays below with probability p. */
export function normalQuantile(p: number): number {
  if (p <= 0 || p >= 1) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const tail = tensor([Math.min(p, 1 - p)], { dtype: "f64" }).node;
  const rest = tensor([Math.abs(0.5 - p)], { dtype: "f64" }).node;
  const [size] = elementsOf(upperQuantile(tail, rest, 2 ** -1000, "f64"));
  return p < 0.5 ? -size : size;
}
