/**
 * Functions out of sums, products and square roots alone, which IEEE 754 fixes to the last bit: every engine
 * gives the same numbers, and so the same data. (`Math.log` and `Math.sin` may differ in the last digit.)
 */

/** Σ cₖ xᵏ, the constant first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k];
  return sum;
}

/** 1/k! of every second k from `first`, signs in turn: the series of sine (1) and cosine (0) in x². */
function series(first: 0 | 1): number[] {
  const terms: number[] = [];
  let term = 1;
  for (let k = first; k < 20; k += 2) {
    terms.push(term);
    term /= -(k + 1) * (k + 2);
  }
  return terms;
}
const cosine = series(0);
const sine = series(1);

/** The point of the unit circle after so many turns from (1, 0), counterclockwise. */
export function onCircle(turns: number): readonly [x: number, y: number] {
  const quarters = Math.round(turns * 4);
  // Exact: both are multiples of the same power of two, and near each other.
  const angle = (turns - quarters / 4) * (2 * Math.PI);
  const [c, s] = [polynomial(cosine, angle * angle), angle * polynomial(sine, angle * angle)];
  switch (((quarters % 4) + 4) % 4) {
    case 0:
      return [c, s];
    case 1:
      return [-s, c];
    case 2:
      return [-c, -s];
    default:
      return [s, -c];
  }
}

const oddReciprocals = Array.from({ length: 14 }, (_, k) => 2 / (2 * k + 1));

/** Natural logarithm of a positive number: 2 artanh of (m − 1) / (m + 1), m its mantissa about 1. */
export function logarithm(x: number): number {
  let [mantissa, exponent] = [x, 0];
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) exponent--;
  for (; mantissa > Math.SQRT2; mantissa /= 2) exponent++;
  const t = (mantissa - 1) / (mantissa + 1);
  return exponent * Math.LN2 + t * polynomial(oddReciprocals, t * t);
}

const factorials = Array.from({ length: 14 }, (_, k) => {
  let term = 1;
  for (let i = 2; i <= k; i++) term /= i;
  return term;
});

/** eˣ for x ≤ 0: the series at x halved until it is small, squared as often. */
export function exponential(x: number): number {
  if (x < -745) return 0;
  let halvings = 0;
  for (; x < -0.25; x /= 2) halvings++;
  let value = polynomial(factorials, x);
  for (; halvings > 0; halvings--) value *= value;
  return value;
}
