import { exp2Short, expTail, ln2, log2Tail, logTail5, twoThirds } from "./coefficients.js";
import { type Double, orderedSum, product, sum } from "./double-double.js";
import { constant, type Lanes } from "./lanes.js";
import { split, splitAny } from "./logarithm.js";
import { narrow, widen } from "./pack.js";
import { horner, nearest, polynomial, powerOfTwo, scale, signOf, toNumber } from "./parts.js";

/**
 * xʸ. Special cases as in C: 1 where x is 1 or y is 0, whatever the other is; NaN for a negative
 * finite x and a y that is not whole; the sign of x where y is odd.
 *
 * @source ISO C99, F.9.4.4
 */
export function pow(x: Lanes, y: Lanes): Lanes {
  const { format } = x;
  const a = x.abs();
  const ordinary = format === "f32x4" ? single(a, y) : double(a, y);

  // 0 and ∞ have no logarithm: their power is 0 or ∞ again.
  const zero = a.eq(0);
  const edge = zero.or(a.eq(Infinity));
  const size = edge.select(zero.xor(y.lt(0)).select(0, Infinity), ordinary);

  const whole = y.trunc().eq(y);
  const half = y.mul(0.5);
  const odd = whole.without(half.trunc().eq(half));
  const signed = size.xor(signOf(x).and(odd));

  const undefinedRoot = x.lt(0).and(x.gt(-Infinity)).without(whole);
  const nan = undefinedRoot.or(x.ne(x)).or(y.ne(y));
  const one = x
    .eq(1)
    .or(y.eq(0))
    .or(a.eq(1).and(y.abs().eq(Infinity)));
  return one.select(1, nan.select(NaN, signed));
}

/** aʸ by way of double precision, where one logarithm and one exponential are enough. */
function single(a: Lanes, y: Lanes): Lanes {
  const exponents = widen(y);
  const [low, high] = widen(a).map((base, i) => exp2(exponents[i].mul(log2(base))));
  return narrow(low, high);
}

/** To a relative error of 2⁻⁴². For normal numbers. */
function log2(x: Lanes): Lanes {
  const { m, n } = split(x);
  const s = m.sub(1).div(m.add(1));
  return toNumber(n).add(s.mul(polynomial(s.mul(s), log2Tail.f64x2)));
}

/** To a relative error of 2⁻³⁴. Beyond what single precision holds, some number that it does not. */
function exp2(x: Lanes): Lanes {
  const within = x.min(200).max(-200);
  const { number, integer } = nearest(within);
  return polynomial(within.sub(number), exp2Short.f64x2).mul(powerOfTwo(integer));
}

/** aʸ with a logarithm of 64 bits and more. */
function double(a: Lanes, y: Lanes): Lanes {
  const log = logarithm(a);
  // With a larger y the result is 0 or ∞ anyway, unless a is 1; but products might overflow.
  const exponent = y.min(2 ** 66).max(-(2 ** 66));
  const { high, low } = product(exponent, log.high);
  return exponential(high, low.add(exponent.mul(log.low)));
}

/** ln x = n·ln 2 + 2s + ⅔s³ + …, with s = (m − 1)/(m + 1); all but the last part in double-double. */
function logarithm(x: Lanes): Double {
  const { m, n } = splitAny(x);
  const f = m.sub(1);
  const below = sum(m, constant(x.format, 1));
  const s = f.div(below.high);
  const back = product(s, below.high);
  const sLow = f.sub(back.high).sub(back.low).sub(s.mul(below.low)).div(below.high);

  const z = product(s, s);
  const zLow = z.low.add(s.mul(sLow).mul(2));
  const cube = product(z.high, s);
  const cubeLow = cube.low.add(z.high.mul(sLow)).add(zLow.mul(s));
  const [third, thirdLow] = twoThirds.f64x2;
  const second = product(cube.high, constant(x.format, third));
  const secondLow = second.low.add(cubeLow.mul(third)).add(cube.high.mul(thirdLow));
  const rest = cube.high.mul(z.high).mul(horner(z.high, logTail5.f64x2));

  const [ln2High, ln2Low] = ln2.f64x2;
  const k = toNumber(n);
  const fraction = orderedSum(s.mul(2), second.high);
  const total = orderedSum(k.mul(ln2High), fraction.high);
  const small = rest.add(secondLow).add(sLow.mul(2)).add(fraction.low).add(k.mul(ln2Low));
  return orderedSum(total.high, total.low.add(small));
}

/** e^(high + low). */
function exponential(high: Lanes, low: Lanes): Lanes {
  const x = high.min(709.9).max(-746);
  const [ln2High, ln2Low] = ln2[x.format];
  const { number, integer } = nearest(x.mul(Math.LOG2E));
  const exact = x.sub(number.mul(ln2High));
  const shift = number.mul(ln2Low);
  const a = exact.sub(shift);
  const more = high.eq(x).and(low);
  const r = a.add(more);
  const lost = exact.sub(a).sub(shift).add(a.sub(r).add(more));
  const tail = r.mul(r).mul(polynomial(r, expTail[x.format])).add(lost);
  return scale(r.add(tail).add(1), integer);
}
