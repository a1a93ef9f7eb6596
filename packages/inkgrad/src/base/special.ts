import { log, turned } from "./elementary.js";

/** Special functions in float64 that JavaScript's Math lacks. */

const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);

/**
 * The error function, 2/√π ∫₀ˣ e^(−t²) dt, to a few units in the last place.
 *
 * @source Abramowitz & Stegun 7.1.6 (series of positive terms), 7.1.14 (continued fraction)
 */
export function erf(x: number): number {
  const t = Math.abs(x);
  if (Number.isNaN(x) || t === 0) return x;
  if (t > 6) return Math.sign(x);
  if (t > 2) return Math.sign(x) * (1 - erfcTail(t));
  let sum = 1;
  // From the smallest term outwards, so that their roundings hardly count.
  for (let n = seriesTerms; n >= 1; n--) sum = 1 + ((2 * x * x) / (2 * n + 1)) * sum;
  return twoOverSqrtPi * expOfMinusSquare(x) * sum * x;
}

/** Beyond these, terms of the series are below 10⁻¹⁸ of the sum for |x| ≤ 2. */
const seriesTerms = 40;

/** exp(−x²) without the rounding of x², which exp would magnify. */
function expOfMinusSquare(x: number): number {
  // The result underflows long before; an infinite x has no parts to split.
  if (Math.abs(x) > 30) return 0;
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/** 1 − erf(x), without the loss of digits where erf is near 1. Beyond 28 no float is as small. */
export const erfc = (x: number): number => (x > 28 ? 0 : x > 2 ? erfcTail(x) : 1 - erf(x));

/** 1 − erf(x) for x > 2, from the inside of the continued fraction outwards. */
function erfcTail(x: number): number {
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return expOfMinusSquare(x) / (fraction * Math.sqrt(Math.PI));
}

/** Bernoulli numbers B₂, B₄, … */
const bernoulli = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
];

/** ζ(k) − 1 for k = 2, 3, …: the coefficients of log Γ about 2. */
const zetaMinusOne = Array.from({ length: 60 }, (_, i) => hurwitz(i + 2, 2));
const oneMinusEuler = 1 - 0.5772156649015329;
const halfLogTwoPi = 0.9189385332046727;

/**
 * log |Γ(x)|. Accurate near its zeros at 1 and 2, where a difference of logarithms would not be.
 *
 * @source Abramowitz & Stegun 6.1.33 (about 2), 6.1.40 (Stirling), 6.1.17 (reflection)
 */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x)) return Infinity;
  if (x <= 0) {
    if (Number.isInteger(x)) return Infinity;
    // There Γ(x) is 1/x, and what follows would overflow.
    if (x > -1e-17) return -log(-x);
    return log(Math.PI / Math.abs(turnedByPi(x)[1])) - lgamma(1 - x);
  }
  if (x < 0.5) return lgamma(x + 1) - log(x);
  // A product of factors, with one logarithm, brings any x below 10 near 2.
  if (x < 1.5) return aboutTwo(x - 1) - log(x);
  if (x <= 2.5) return aboutTwo(x - 2);
  if (x < 10) {
    let product = 1;
    let y = x;
    while (y > 2.5) product *= --y;
    return log(product) + aboutTwo(y - 2);
  }
  let series = 0;
  for (let k = bernoulli.length; k >= 1; k--)
    series = series / (x * x) + bernoulli[k - 1] / (2 * k * (2 * k - 1));
  return (x - 0.5) * log(x) - x + halfLogTwoPi + series / x;
}

/** log Γ(2 + z) for |z| ≤ 1/2. */
function aboutTwo(z: number): number {
  let sum = 0;
  for (let k = zetaMinusOne.length + 1; k >= 2; k--)
    sum = sum * z + ((k % 2 === 0 ? 1 : -1) * zetaMinusOne[k - 2]) / k;
  return z * (oneMinusEuler + z * sum);
}

/** cos πx and sin πx without the loss of digits that multiplying a large x by π brings. */
const turnedByPi = (x: number): readonly [cos: number, sin: number] =>
  turned(x - 2 * Math.round(x / 2), 2);

/**
 * The polygamma function ψ⁽ⁿ⁾: the (n + 1)-th derivative of log Γ; n = 0 is the digamma function.
 *
 * @source Abramowitz & Stegun 6.3.5, 6.3.18 (digamma), 6.4.10 (as a Hurwitz zeta function)
 */
export function polygamma(order: number, x: number): number {
  if (order === 0) return digamma(x);
  let factorial = 1;
  for (let k = 2; k <= order; k++) factorial *= k;
  return (order % 2 === 0 ? -1 : 1) * factorial * hurwitz(order + 1, x);
}

function digamma(x: number): number {
  if (Number.isNaN(x) || x === -Infinity) return NaN;
  if (x === Infinity) return Infinity;
  if (x <= 0 && Number.isInteger(x))
    return x === 0 ? (Object.is(x, -0) ? Infinity : -Infinity) : NaN;
  if (x < 0) {
    const [cos, sin] = turnedByPi(x);
    return digamma(1 - x) - (Math.PI * cos) / sin;
  }
  let shift = 0;
  let y = x;
  for (; y < 12; y++) shift += 1 / y;
  let series = 0;
  for (let k = bernoulli.length; k >= 1; k--)
    series = series / (y * y) + bernoulli[k - 1] / (2 * k);
  return log(y) - 0.5 / y - series / (y * y) - shift;
}

/**
 * The Hurwitz zeta function Σ 1/(x + k)^s over k ≥ 0, for whole s ≥ 2, by Euler–Maclaurin after
 * stepping x up to 16. Below −10⁶ that would take too many steps: NaN.
 */
function hurwitz(s: number, x: number): number {
  if (Number.isNaN(x) || x < -1e6) return NaN;
  if (x === Infinity) return 0;
  if (x <= 0 && Number.isInteger(x)) return Infinity;
  let sum = 0;
  let y = x;
  for (; y < 16; y++) sum += 1 / power(y, s);
  const inner = power(y, s - 1);
  let tail = 1 / inner / (s - 1) + 0.5 / inner / y;
  let factor = s / inner / y / y;
  for (let k = 1; k <= bernoulli.length; k++) {
    tail += (bernoulli[k - 1] / factorialOf(2 * k)) * factor;
    factor *= ((s + 2 * k - 1) * (s + 2 * k)) / (y * y);
  }
  return sum + tail;
}

/** xⁿ for whole n ≥ 0. `x ** n` may have other last digits on another engine. */
function power(x: number, n: number): number {
  let product = 1;
  for (let i = 0; i < n; i++) product *= x;
  return product;
}

function factorialOf(n: number): number {
  let product = 1;
  for (let k = 2; k <= n; k++) product *= k;
  return product;
}
