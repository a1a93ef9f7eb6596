import { erfc } from "./special.js";

/** Acklam's rational functions, coefficients from the highest power down. */
const central = {
  above: [
    -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
    -3.066479806614716e1, 2.506628277459239,
  ],
  below: [
    -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
    -1.328068155288572e1, 1,
  ],
};
const tail = {
  above: [
    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
    4.374664141464968, 2.938163982698783,
  ],
  below: [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1],
};

/**
 * The z that a standard normal number stays below with probability p: a rational approximation to nine
 * digits, and a step of Halley's method. −∞ at 0, ∞ at 1.
 *
 * @param p  in [0, 1]
 * @source P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function"
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  const z = p < 0.02425 ? inTail(p) : inMiddle(p - 0.5);
  const error = normalBelow(z) - p;
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
  return Number.isFinite(step) ? z - step / (1 + (z * step) / 2) : z;
}

/** The standard normal distribution function: how likely a standard normal number is below x. */
export const normalBelow = (x: number): number => erfc(-x / Math.SQRT2) / 2;

const horner = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, c) => sum * x + c, 0);

function inTail(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  return horner(tail.above, q) / horner(tail.below, q);
}

function inMiddle(q: number): number {
  const r = q * q;
  return (horner(central.above, r) * q) / horner(central.below, r);
}
