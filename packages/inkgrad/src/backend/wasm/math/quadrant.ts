import { halfPi } from "./coefficients.js";
import { sum } from "./double-double.js";
import { type Lanes, rescue } from "./lanes.js";
import { largeDouble, largeSingle } from "./large-angle.js";
import { lowWords, narrow, widen } from "./pack.js";
import { nearest } from "./parts.js";

/** x = n·π/2 + r + low with |r| ≤ π/4; of n only the two lowest bits are sure. */
export interface Quadrant {
  readonly n: Lanes;
  readonly r: Lanes;
  /** What r lost in rounding; null in single precision, where it does not matter. */
  readonly low: Lanes | null;
}

/** From here on n·π/2 with π/2 in parts of 32 bits is not exact. */
const large = 2 ** 20;

export function quadrant(x: Lanes): Quadrant {
  const a = x.abs();
  // Infinity is left to the quick way, which makes NaN of it.
  const mask = a.ge(large).and(a.lt(Infinity));
  if (x.format === "f32x4") {
    const quick = single(x);
    const [r, n] = rescue(mask, [quick.r, quick.n], [x], largeSingle);
    return { n, r, low: null };
  }
  const quick = double(x);
  const [r, low, n] = rescue(mask, [quick.r, quick.low, quick.n], [x], largeDouble);
  return { n, r, low };
}

/** By way of double precision, two lanes at a time. */
function single(x: Lanes): { readonly r: Lanes; readonly n: Lanes } {
  const [first, second, third] = halfPi.f64x2;
  const halves = widen(x).map((wide) => {
    const { number, integer } = nearest(wide.mul(2 / Math.PI));
    return { r: wide.sub(number.mul(first)).sub(number.mul(second + third)), integer };
  });
  return {
    r: narrow(halves[0].r, halves[1].r),
    n: lowWords(halves[0].integer, halves[1].integer),
  };
}

/**
 * x − n·π/2 with π/2 to 151 bits.
 *
 * @source W. J. Cody & W. Waite, Software Manual for the Elementary Functions (1980), ch. 8
 */
function double(x: Lanes): { readonly r: Lanes; readonly low: Lanes; readonly n: Lanes } {
  const { number, integer } = nearest(x.mul(2 / Math.PI));
  const [first, second, third, rest] = halfPi.f64x2;
  const a = sum(x.sub(number.mul(first)), number.mul(-second));
  const b = sum(a.high, number.mul(-third));
  const low = a.low.add(b.low).sub(number.mul(rest));
  const r = b.high.add(low);
  return { r, low: b.high.sub(r).add(low), n: integer };
}
