import { ln2, logTail } from "./coefficients.js";
import { bits, constant, type Lanes, layouts } from "./lanes.js";
import { horner, powerOfTwo, toNumber } from "./parts.js";

const leastNormal = { f32x4: 2 ** -126, f64x2: 2 ** -1022 } as const;

/** The bits of √½, below which a fraction is doubled. */
const rootHalfBits = { f32x4: 0x3f3504f3n, f64x2: 0x3fe6a09e667f3bcdn } as const;

/** x = m·2ⁿ with √½ ≤ m < √2, for normal positive x. */
export function split(x: Lanes): { readonly m: Lanes; readonly n: Lanes } {
  const { fraction } = layouts[x.format];
  const offset = x.subBits(bits(x.format, rootHalfBits[x.format]));
  const n = shiftSigned(offset, fraction);
  return { m: x.subBits(n.shl(fraction)), n };
}

/** As `split`, for all positive x. */
export function splitAny(x: Lanes): { readonly m: Lanes; readonly n: Lanes } {
  const { fraction } = layouts[x.format];
  const small = x.lt(leastNormal[x.format]);
  const { m, n } = split(small.select(x.mul(2 ** fraction), x));
  return { m, n: n.subBits(small.and(bits(x.format, fraction))) };
}

/** An arithmetic shift right, of 64-bit lanes by way of one without sign, which is faster. */
function shiftSigned(x: Lanes, count: number): Lanes {
  if (x.format === "f32x4") return x.shrSigned(count);
  const width = BigInt(64 - count);
  const raised = x.addBits(bits(x.format, 1n << 62n)).shr(count);
  return raised.subBits(bits(x.format, 1n << (width - 2n)));
}

/**
 * n·ln 2 + ln(1 + f) for √½ ≤ 1 + f < √2, from the series of ln((1 + s)/(1 − s)), s = f/(2 + f).
 *
 * @source W. J. Cody & W. Waite, Software Manual for the Elementary Functions (1980), ch. 5; the
 *   order of the sum, f − (f²/2 − …), is that of fdlibm's e_log.c
 */
function assemble(f: Lanes, n: Lanes): Lanes {
  const [high, low] = ln2[f.format];
  const s = f.div(f.add(2));
  const square = s.mul(s);
  const tail = square.mul(horner(square, logTail[f.format]));
  const half = f.mul(f).mul(0.5);
  const k = toNumber(n);
  return k.mul(high).sub(half.sub(s.mul(half.add(tail)).add(k.mul(low))).sub(f));
}

/** The values that the series does not give: `u` decides (x, or 1 + x), x is what is returned. */
function special(result: Lanes, u: Lanes, infinity: Lanes): Lanes {
  const positive = u.eq(0).select(-Infinity, u.ge(0).select(result, NaN));
  return u.lt(Infinity).select(positive, infinity);
}

/** The natural logarithm. */
export function log(x: Lanes): Lanes {
  const { m, n } = splitAny(x);
  const result = assemble(m.sub(1), n);
  // NaN and infinity are returned as they are.
  return special(result, x, x);
}

/** ln(1 + x). */
export function log1p(x: Lanes): Lanes {
  const { format } = x;
  const u = x.add(1);
  // What u lost in rounding, exactly (Knuth, TAOCP 4.2.2, theorem B).
  const part = u.sub(1);
  const lost = constant(format, 1).sub(u.sub(part)).add(x.sub(part));
  const { m, n } = split(u);
  // Beyond 2⁶³ what was lost is nothing, and 2⁻ⁿ might not be a normal number.
  const shrink = u.lt(2 ** 63).and(powerOfTwo(bits(format, 0).subBits(n)));
  const result = assemble(m.sub(1).add(lost.mul(shrink)), n);
  return x
    .abs()
    .lt(tiny[format])
    .select(x, special(result, u, u));
}

/** Below this log1p x is x. */
const tiny = { f32x4: 2 ** -26, f64x2: 2 ** -55 } as const;
