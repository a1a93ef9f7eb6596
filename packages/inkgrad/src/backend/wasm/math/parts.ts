import { bits, type Format, type Lanes, layouts } from "./lanes.js";

/** Pieces that many functions are made of. */

/**
 * Σ coefficients[i]·xⁱ. Even and odd powers apart, each by Horner's rule, so that two chains of
 * operations run side by side.
 */
export function polynomial(x: Lanes, coefficients: readonly number[]): Lanes {
  if (coefficients.length < 5) return horner(x, coefficients);
  const square = x.mul(x);
  const even = coefficients.filter((_, i) => i % 2 === 0);
  const odd = coefficients.filter((_, i) => i % 2 === 1);
  return horner(square, even).add(x.mul(horner(square, odd)));
}

/** Σ coefficients[i]·xⁱ by Horner's rule. */
export function horner(x: Lanes, coefficients: readonly number[]): Lanes {
  const [first, second, ...lower] = [...coefficients].reverse();
  return lower.reduce((sum, c) => sum.mul(x).add(c), x.mul(first).add(second));
}

/**
 * 1.5·2^fraction: added to a number below 2^(fraction − 1) it leaves that number, rounded to the
 * nearest integer, in the low bits.
 */
export function magic(format: Format): number {
  return 1.5 * 2 ** layouts[format].fraction;
}

/** The bits of `magic`. */
export function magicBits(format: Format): Lanes {
  const { fraction, bias } = layouts[format];
  const exponent = BigInt(bias + fraction) << BigInt(fraction);
  return bits(format, exponent | (1n << BigInt(fraction - 1)));
}

/** x to the nearest integer, as number and as integer. For |x| < 2^(fraction − 1). */
export function nearest(x: Lanes): { readonly number: Lanes; readonly integer: Lanes } {
  const shifted = x.add(magic(x.format));
  return {
    number: shifted.sub(magic(x.format)),
    integer: shifted.subBits(magicBits(x.format)),
  };
}

/** The number equal to an integer below 2^(fraction − 1). */
export function toNumber(integer: Lanes): Lanes {
  return integer.addBits(magicBits(integer.format)).sub(magic(integer.format));
}

/** 2ⁿ for an integer n within the range of normal numbers. */
export function powerOfTwo(n: Lanes): Lanes {
  const { fraction, bias } = layouts[n.format];
  return n.addBits(bits(n.format, bias)).shl(fraction);
}

/** x·2ⁿ, rounded once, also into the subnormal numbers or to infinity. |n| < 2·bias. */
export function scale(x: Lanes, n: Lanes): Lanes {
  // Half of n, rounded down. Raised to a positive number, for many processors can shift 64-bit lanes
  // only without sign.
  const { bias } = layouts[n.format];
  const half = n
    .addBits(bits(n.format, 2 * bias))
    .shr(1)
    .subBits(bits(n.format, bias));
  return x.mul(powerOfTwo(half)).mul(powerOfTwo(n.subBits(half)));
}

/** The sign bit alone. */
export function signBit(format: Format): Lanes {
  return bits(format, 1n << BigInt(layouts[format].width - 1));
}

/** The sign bit of x. */
export function signOf(x: Lanes): Lanes {
  return x.and(signBit(x.format));
}

/** |x| with the sign of y; x must not be negative. */
export function withSign(x: Lanes, y: Lanes): Lanes {
  return x.or(signOf(y));
}

/** A mask of where the integer n, or the number of these bits, is negative. */
export function isNegative(n: Lanes): Lanes {
  return n.shrSigned(layouts[n.format].width - 1);
}
