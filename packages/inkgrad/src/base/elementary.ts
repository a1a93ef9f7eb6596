/**
 * Elementary functions of sums, products and quotients alone, which are rounded alike everywhere:
 * the last digits of `Math.log` and `Math.sin` are the engine's own.
 */

const number = new Float64Array(1);
const words = new Int32Array(number.buffer);

/** ln 2 as a number with room for a factor, and the rest. */
const [ln2, ln2Rest] = [0.6931471803691238, 1.9082149292705877e-10];

/**
 * The natural logarithm of a positive number, to less than a unit in the last place.
 *
 * @source FreeBSD `e_log.c`: with s = f/(2 + f), log(1 + f) = f − f²/2 + s (f²/2 + s²·2/3 + s⁴·2/5 + …)
 */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x < 0 ? NaN : x;
  // Subnormal numbers have no exponent of their own.
  if (x < 2 ** -1022) return log(x * 2 ** 54) - 54 * Math.LN2;
  number[0] = x;
  // √½ ≤ x/2ᵏ < √2, to within what the upper bits tell.
  const k = (words[1] - 0x3fe6a09e) >> 20;
  words[1] -= k << 20;
  const f = number[0] - 1;
  const s = f / (2 + f);
  let series = 0;
  for (let n = 23; n >= 3; n -= 2) series = s * s * (2 / n + series);
  const half = (f * f) / 2;
  return k * ln2 - (half - (s * (half + series) + k * ln2Rest) - f);
}

/** Cosine and sine of `part`/`whole` of a full turn, as exact numbers. */
export function turned(part: number, whole: number): readonly [cos: number, sin: number] {
  const quarters = Math.round((4 * part) / whole);
  const angle = (Math.PI / 2) * ((4 * part - quarters * whole) / whole);
  const [cos, sin] = [series(angle, 16), angle * series(angle, 17)];
  switch (quarters & 3) {
    case 0:
      return [cos, sin];
    case 1:
      return [-sin, cos];
    case 2:
      return [-cos, -sin];
    default:
      return [sin, -cos];
  }
}

/** 1 − x²/(n (n − 1) …): the cosine's series for an even `last`, the sine's over x for an odd one. */
function series(x: number, last: number): number {
  let sum = 1;
  for (let n = last; n >= 2; n -= 2) sum = 1 - ((x * x) / (n * (n - 1))) * sum;
  return sum;
}
