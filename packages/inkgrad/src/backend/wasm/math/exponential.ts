import { expTail, ln2 } from "./coefficients.js";
import { bits, constant, type Format, type Lanes } from "./lanes.js";
import { nearest, polynomial, powerOfTwo, scale, withSign } from "./parts.js";

interface Limits {
  /** Above this eˣ is infinite, and below `least` it is 0: the argument is brought back to it. */
  readonly greatest: number;
  readonly least: number;
  /** From here on tanh x is 1 and expm1(−x) is −1. */
  readonly settled: number;
  /** Below this expm1 x and sinh x are x. */
  readonly tiny: number;
}

const limits: { readonly [F in Format]: Limits } = {
  f32x4: { greatest: 88.9, least: -104, settled: 18, tiny: 2 ** -26 },
  f64x2: { greatest: 709.9, least: -746, settled: 38, tiny: 2 ** -55 },
};

/**
 * x = n·ln 2 + r with |r| ≤ ½ ln 2, and eʳ − 1.
 *
 * @source W. J. Cody & W. Waite, Software Manual for the Elementary Functions (1980), ch. 6
 */
function reduce(x: Lanes): { readonly n: Lanes; readonly expm1: Lanes } {
  const [high, low] = ln2[x.format];
  const { number, integer } = nearest(x.mul(Math.LOG2E));
  const r = x.sub(number.mul(high)).sub(number.mul(low));
  return { n: integer, expm1: r.add(r.mul(r).mul(polynomial(r, expTail[x.format]))) };
}

/** eˣ. */
export function exp(x: Lanes): Lanes {
  const { greatest, least } = limits[x.format];
  const { n, expm1 } = reduce(x.min(greatest).max(least));
  return scale(expm1.add(1), n);
}

/** eˣ − 1. */
export function expm1(x: Lanes): Lanes {
  const { greatest, settled, tiny } = limits[x.format];
  // Half of the result first: 2ⁿ alone would overflow before the result does.
  const { n, expm1 } = reduce(x.min(greatest).max(-settled - 8));
  const half = powerOfTwo(n.subBits(bits(x.format, 1)));
  const result = half.mul(expm1).add(half.sub(0.5)).mul(2);
  return x.abs().lt(tiny).select(x, result);
}

/** eˣ − 1 for 0 ≤ x ≤ 2·`settled`. */
function smallExpm1(x: Lanes): Lanes {
  const { n, expm1 } = reduce(x);
  const power = powerOfTwo(n);
  return power.mul(expm1).add(power.sub(1));
}

/** The hyperbolic tangent: t/(t + 2) with t = e^(2|x|) − 1. */
export function tanh(x: Lanes): Lanes {
  const a = x.abs();
  const t = smallExpm1(a.add(a).min(2 * limits[x.format].settled));
  return withSign(t.div(t.add(2)), x);
}

/** The logistic function 1/(1 + e⁻ˣ), from e^(−|x|), which cannot overflow. */
export function sigmoid(x: Lanes): Lanes {
  const t = exp(x.abs().neg());
  return x.lt(0).select(t, 1).div(t.add(1));
}

/** A quarter of eˣ and of eˣ − 1 for x ≥ 0: sinh and cosh overflow later than eˣ. */
function quarters(x: Lanes): { readonly exp: Lanes; readonly expm1: Lanes } {
  const { n, expm1 } = reduce(x.min(limits[x.format].greatest + Math.LN2));
  const power = powerOfTwo(n.subBits(bits(x.format, 2)));
  return {
    exp: power.mul(expm1).add(power),
    expm1: power.mul(expm1).add(power.sub(0.25)),
  };
}

/** The hyperbolic sine: (t + t/(t + 1))/2 with t = e^|x| − 1. */
export function sinh(x: Lanes): Lanes {
  const { tiny } = limits[x.format];
  const a = x.abs();
  const t = quarters(a).expm1;
  const result = t.add(t.div(t.mul(4).add(1))).mul(2);
  return a.lt(tiny).select(x, withSign(result, x));
}

/** The hyperbolic cosine, (e^|x| + e^−|x|)/2. */
export function cosh(x: Lanes): Lanes {
  const t = quarters(x.abs()).exp;
  return t.add(constant(x.format, 1 / 16).div(t)).mul(2);
}
