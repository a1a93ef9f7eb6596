import { halfPi, twoOverPi } from "./coefficients.js";
import { orderedSum, product } from "./double-double.js";
import { bits, type Format, Lanes, layouts } from "./lanes.js";
import { narrow, lowWords } from "./pack.js";
import { isNegative, nearest, powerOfTwo, signOf } from "./parts.js";

/**
 * The remainder of any finite number modulo π/2: as much of 2/π as matters for the number's
 * exponent, times its fraction, in fixed point. The digits of 2/π come byte by byte from constants.
 *
 * With |x| = m·2ᵏ the binary places of 2/π up to the (k − 2)-nd give whole turns. A window of
 * digits begins at the byte that holds the next place, and m is shifted left by the rest.
 *
 * @source M. Payne & R. Hanek, Radian reduction for trigonometric functions, SIGNUM 18 (1983)
 */
function window(x: Lanes): { readonly m: Lanes; readonly start: Lanes; readonly shift: Lanes } {
  const { format } = x;
  const { fraction, bias } = layouts[format];
  const exponent = x.abs().shr(fraction);
  const implicit = bits(format, 1n << BigInt(fraction));
  const m = x.and(bits(format, (1n << BigInt(fraction)) - 1n)).or(implicit);
  // k − 2, raised to a positive multiple of 8 above.
  const raise = Math.ceil((bias + fraction + 2) / 8);
  const place = exponent.addBits(bits(format, 8 * raise - bias - fraction - 2));
  return {
    m,
    start: place.shr(3).subBits(bits(format, raise)),
    shift: place.and(bits(format, 7)),
  };
}

/** The digits of 2/π from byte `start` + `offset` on, as many as fit a lane. */
function digits(start: Lanes, offset: number): Lanes {
  const { format } = start;
  const size = layouts[format].width / 8;
  const every = BigInt(`0x${"01".repeat(size)}`);
  // The most significant byte comes first in the table and last in a lane.
  let order = 0n;
  for (let i = 0; i < size; i++) order |= BigInt(offset + size - 1 - i) << BigInt(8 * i);
  const indices = start
    .and(bits(format, 255))
    .mulBits(bits(format, every))
    .op("i8x16.add", bits(format, order));
  const needed = format === "f32x4" ? 24 : twoOverPi.length;
  let found: Lanes | null = null;
  for (let from = 0; from < needed; from += 16) {
    // An index beyond the 16 bytes gives zero.
    const within = indices.op("i8x16.sub", bits(format, every * BigInt(from)));
    const part = table(format, from).op("i8x16.swizzle", within);
    found = found === null ? part : found.or(part);
  }
  return found!;
}

function table(format: Format, from: number): Lanes {
  const word = (i: number): number =>
    [3, 2, 1, 0].reduce((sum, k) => (sum << 8) | twoOverPi[from + 4 * i + k], 0);
  return new Lanes(format, [], (f) => f.i32x4(word(0), word(1), word(2), word(3)));
}

/** Quarter turns in fixed point, 2⁶² each: the nearest whole number, and the signed rest. */
function quarters(turns: Lanes): { readonly n: Lanes; readonly rest: Lanes } {
  const n = turns.addBits(bits("f64x2", 1n << 61n)).shr(62);
  return { n, rest: turns.subBits(n.shl(62)) };
}

/** [r, n] of `Quadrant` for four numbers of at least 2²⁰. */
export function largeSingle(x: Lanes): readonly Lanes[] {
  const { m, start, shift } = window(x);
  const power = powerOfTwo(shift).op("i32x4.trunc_sat_f32x4_s");
  const shifted = m.mulBits(power);
  const w = [0, 4, 8].map((offset) => digits(start, offset));
  const halves = (["low", "high"] as const).map((half) => {
    const [p0, p1, p2] = w.map((word) =>
      shifted.op(`i64x2.extmul_${half}_i32x4_u`, word).as("f64x2"),
    );
    const { n, rest } = quarters(p0.shl(32).addBits(p1).addBits(p2.shr(32)));
    const high = rest.shuffle(rest, upper).op("f64x2.convert_low_i32x4_s");
    const low = rest.shuffle(rest, lower).op("f64x2.convert_low_i32x4_u");
    return {
      n,
      r: high
        .mul(2 ** 32)
        .add(low)
        .mul((Math.PI / 2) * 2 ** -62),
    };
  });
  const sign = isNegative(x);
  const n = lowWords(halves[0].n, halves[1].n);
  return [narrow(halves[0].r, halves[1].r).xor(signOf(x)), n.xor(sign).subBits(sign)];
}

/** The four upper (lower) bytes of both lanes. */
const upper = [4, 5, 6, 7, 12, 13, 14, 15, 4, 5, 6, 7, 12, 13, 14, 15];
const lower = upper.map((byte) => byte - 4);

/** [r, low, n] of `Quadrant` for two numbers of at least 2²⁰. */
export function largeDouble(x: Lanes): readonly Lanes[] {
  const { m, start, shift } = window(x);
  const shifted = m.mulBits(nearest(powerOfTwo(shift)).integer);
  const [w0, w1, w2] = [0, 8, 16].map((offset) => digits(start, offset));
  const carried = upperProduct(shifted, w2);
  const base = shifted.mulBits(w1);
  const low = base.addBits(carried);
  const carry = base.and(carried).or(base.or(carried).without(low)).shr(63);
  const high = shifted.mulBits(w0).addBits(upperProduct(shifted, w1)).addBits(carry);
  const { n, rest } = quarters(high);

  // The 128 bits as a sum of three numbers, by magnitude. That −1 is left out in turning the sign
  // costs 2⁻¹²⁶.
  const negative = isNegative(rest);
  const [top, bottom] = [rest.xor(negative), low.xor(negative)];
  const a = whole(top.shr(10)).mul(2 ** -52);
  const b = whole(top.and(bits("f64x2", 1023)).shl(42).or(bottom.shr(22))).mul(2 ** -104);
  const c = whole(bottom.and(bits("f64x2", (1 << 22) - 1))).mul(2 ** -126);
  const q = orderedSum(a, b);

  const [p0, p1, p2] = halfPi.f64x2;
  const scaled = product(q.high, new Lanes("f64x2", [], (f) => f.f64x2(Math.PI / 2)));
  const tail = p0 - Math.PI / 2 + p1 + p2;
  const lowPart = scaled.low.add(q.high.mul(tail)).add(q.low.add(c).mul(Math.PI / 2));
  const r = orderedSum(scaled.high, lowPart);
  const sign = isNegative(x);
  const turn = signOf(negative.xor(x));
  return [r.high.xor(turn), r.low.xor(turn), n.xor(sign).subBits(sign)];
}

/** An integer from 0 to 2⁵² as a number. */
function whole(integer: Lanes): Lanes {
  return integer.or(bits("f64x2", 0x433n << 52n)).sub(2 ** 52);
}

/** The upper 64 bits of a product of 64-bit integers without sign. */
function upperProduct(a: Lanes, b: Lanes): Lanes {
  const mask = bits("f64x2", 0xffffffffn);
  const [a0, a1, b0, b1] = [a.and(mask), a.shr(32), b.and(mask), b.shr(32)];
  const [p01, p10] = [a0.mulBits(b1), a1.mulBits(b0)];
  const middle = a0.mulBits(b0).shr(32).addBits(p01.and(mask)).addBits(p10.and(mask)).shr(32);
  return a1.mulBits(b1).addBits(p01.shr(32)).addBits(p10.shr(32)).addBits(middle);
}
