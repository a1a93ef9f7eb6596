import { lgamma } from "./special.js";

/** Incomplete gamma and beta functions, of which the tails of χ² and F are made. */

const tiny = 1e-300;
const mostTerms = 10_000;

/**
 * Γ(a, x) / Γ(a): what is left of a gamma distribution above x. To about 13 digits.
 *
 * @param a  > 0
 * @param x  ≥ 0
 * @source Abramowitz & Stegun 6.5.29 (series), 6.5.31 (continued fraction)
 */
export function upperGamma(a: number, x: number): number {
  if (Number.isNaN(a) || Number.isNaN(x) || !(a > 0) || x < 0) return NaN;
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  const factor = Math.exp(a * Math.log(x) - x - lgamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; n < mostTerms && term > sum * Number.EPSILON; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - factor * sum;
  }
  return factor / fraction(x + 1 - a, (n) => [-n * (n - a), x + 2 * n + 1 - a]);
}

/**
 * The regularised incomplete beta function I_x(a, b). To about 13 digits.
 *
 * @param x  in [0, 1]
 * @source DLMF 8.17.22
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0)) return NaN;
  if (x === 0 || x === 1) return x;
  // The fraction converges fast only on this side of the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const factor = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b),
  );
  const terms = fraction(1, (n) => {
    const m = n >> 1;
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [n % 2 === 0 ? even : odd, 1];
  });
  return factor / (a * terms);
}

/** b₀ + a₁/(b₁ + a₂/(b₂ + …)), by Lentz's method. */
function fraction(first: number, next: (n: number) => readonly [a: number, b: number]): number {
  let value = first === 0 ? tiny : first;
  let [c, d] = [value, 0];
  for (let n = 1; n < mostTerms; n++) {
    const [a, b] = next(n);
    d = b + a * d;
    c = b + a / c;
    d = 1 / (d === 0 ? tiny : d);
    if (c === 0) c = tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return value;
}

/** How probable it is that a χ² of so many degrees of freedom is at least x. */
export const chiSquaredTail = (x: number, degrees: number): number =>
  upperGamma(degrees / 2, x / 2);

/** How probable it is that an F of these degrees of freedom is at least x. */
export const fTail = (x: number, above: number, below: number): number =>
  x === Infinity ? 0 : incompleteBeta(below / (below + above * x), below / 2, above / 2);
