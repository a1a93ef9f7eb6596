/**
 * Tests of samples against distributions, and distribution functions written independently of the
 * library. The seeds are fixed, so a test either always passes or never; by chance it would have
 * failed once in ten thousand seeds.
 */

/** Above this the Kolmogorov–Smirnov statistic √n·D comes once in 10⁴ samples: √(−log(α/2)/2). */
export const kolmogorovLimit = 2.225;
/** The normal quantile of 10⁻⁴. */
const z = 3.719;

/** √n times the greatest distance between the samples' distribution function and `cdf`. */
export function kolmogorov(samples: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const p = cdf(sorted[i]);
    if (!(p >= 0 && p <= 1)) return NaN;
    distance = Math.max(distance, p - i / n, (i + 1) / n - p);
  }
  return distance * Math.sqrt(n);
}

/** Pearson's statistic over its 10⁻⁴ limit: below 1 is a pass. `expected` are probabilities. */
export function chiSquared(counts: readonly number[], expected: readonly number[]): number {
  const n = counts.reduce((sum, x) => sum + x, 0);
  let statistic = 0;
  counts.forEach((count, i) => (statistic += (count - n * expected[i]) ** 2 / (n * expected[i])));
  const k = counts.length - 1;
  // Wilson and Hilferty's approximation to the quantile of χ² with k degrees of freedom.
  return statistic / (k * (1 - 2 / (9 * k) + z * Math.sqrt(2 / (9 * k))) ** 3);
}

/** How often each of 0 … n − 1 occurs. */
export function countsOf(samples: ArrayLike<number>, n: number): number[] {
  const counts = new Array<number>(n).fill(0);
  for (let i = 0; i < samples.length; i++) {
    if (!(samples[i] in counts)) throw new Error(`${samples[i]} is none of 0 … ${n - 1}`);
    counts[samples[i]]++;
  }
  return counts;
}

export const equally = (n: number): number[] => new Array<number>(n).fill(1 / n);

export function moments(samples: ArrayLike<number>): { mean: number; variance: number } {
  const n = samples.length;
  let [mean, variance] = [0, 0];
  for (let i = 0; i < n; i++) mean += samples[i] / n;
  for (let i = 0; i < n; i++) variance += (samples[i] - mean) ** 2 / n;
  return { mean, variance };
}

/** Correlation times √n: normal with variance 1 when there is none. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [a, b] = [moments(x), moments(y)];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - a.mean) * (y[i] - b.mean);
  return sum / Math.sqrt(x.length * a.variance * b.variance);
}

/** log Γ, by Lanczos. @source Numerical Recipes, 6.1 */
function logGamma(x: number): number {
  const c = [
    76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155,
    0.1208650973866179e-2, -0.5395239384953e-5,
  ];
  const t = x + 5.5;
  const series = c.reduce((sum, ci, i) => sum + ci / (x + i + 1), 1.000000000190015);
  return Math.log((Math.sqrt(2 * Math.PI) * series) / x) - (t - (x + 0.5) * Math.log(t));
}

/** P(a, x), the gamma distribution function, and Q = 1 − P. @source Numerical Recipes, 6.2 */
export function incompleteGamma(a: number, x: number): { p: number; q: number } {
  if (x <= 0) return { p: 0, q: 1 };
  if (x === Infinity) return { p: 1, q: 0 };
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let k = a + 1; term > sum * 1e-17; k++) sum += term *= x / k;
    const p = Math.min(sum * front, 1);
    return { p, q: 1 - p };
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1, delta = 0; Math.abs(delta - 1) > 1e-16 && i < 1e5; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b || tiny);
    c = b + an / c || tiny;
    delta = d * c;
    h *= delta;
  }
  return { p: 1 - front * h, q: front * h };
}

/** I(x; a, b), the beta distribution function. @source Numerical Recipes, 6.4 */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1, delta = 0; Math.abs(delta - 1) > 1e-15 && m < 1e4; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    delta = d * c;
    h *= delta;
  }
  return h;
}

/** The probability that a normal number exceeds x, to all digits in the tail. */
export function normalUpper(x: number): number {
  const { p, q } = incompleteGamma(0.5, (x * x) / 2);
  return x > 0 ? q / 2 : (1 + p) / 2;
}

export const normalCdf = (x: number): number => normalUpper(-x);
