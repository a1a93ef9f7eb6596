import { atanTail, quarterPi } from "./coefficients.js";
import { constant, type Lanes } from "./lanes.js";
import { polynomial, signOf, withSign } from "./parts.js";

const tanOfEighth = Math.SQRT2 - 1;
const tanOfThreeEighths = Math.SQRT2 + 1;

/**
 * atan a for a ≥ 0, from that of a number t of at most tan(π/8):
 * a = t, or π/4 + atan (a − 1)/(a + 1), or π/2 − atan 1/a.
 *
 * @source the breakpoints are those of Cephes, atan.c (S. L. Moshier)
 */
function positive(a: Lanes): Lanes {
  const { format } = a;
  const large = a.gt(tanOfThreeEighths);
  const middle = a.gt(tanOfEighth);
  const above = large.select(-1, middle.select(a.sub(1), a));
  const below = large.select(a, middle.select(a.add(1), 1));
  const base = (part: number): Lanes => large.select(2 * part, middle.and(constant(format, part)));
  const [high, low] = quarterPi[format];
  const t = above.div(below);
  const square = t.mul(t);
  const tail = t.mul(square).mul(polynomial(square, atanTail[format]));
  return base(high).add(t.add(tail.add(base(low))));
}

/** The angle from −π/2 to π/2 whose tangent is x. */
export function atan(x: Lanes): Lanes {
  return withSign(positive(x.abs()), x);
}

/** The angle of the point (x, y), in (−π, π]; the zeros' signs count as in C. */
export function atan2(y: Lanes, x: Lanes): Lanes {
  const { format } = x;
  const [a, b] = [y.abs(), x.abs()];
  // Also where both are infinite, and 0 where both are zero, of which the quotient is NaN.
  const ratio = a.eq(b).select(a.gt(0).and(constant(format, 1)), a.div(b));
  const angle = positive(ratio);
  const [high, low] = quarterPi[format];
  const obtuse = constant(format, 4 * high).sub(angle.sub(4 * low));
  const left = signOf(x).or(constant(format, 1)).lt(0);
  return withSign(left.select(obtuse, angle), y);
}

/** √(1 − a²) for a ≥ 0, without loss near 1; NaN beyond. */
function cosineOf(a: Lanes): Lanes {
  return constant(a.format, 1).sub(a).mul(a.add(1)).sqrt();
}

/** The angle from −π/2 to π/2 whose sine is x; NaN beyond ±1. */
export function asin(x: Lanes): Lanes {
  const a = x.abs();
  return withSign(positive(a.div(cosineOf(a))), x);
}

/** The angle from 0 to π whose cosine is x; NaN beyond ±1. */
export function acos(x: Lanes): Lanes {
  return atan2(cosineOf(x.abs()), x);
}
