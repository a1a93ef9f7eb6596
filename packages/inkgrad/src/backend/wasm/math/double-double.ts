import { bits, type Lanes } from "./lanes.js";

/**
 * A number of about 106 bits as an unevaluated sum, |low| ≤ half a unit of high.
 *
 * @source T. J. Dekker, A floating-point technique for extending the available precision (1971)
 */
export interface Double {
  readonly high: Lanes;
  readonly low: Lanes;
}

/** a + b exactly. */
export function sum(a: Lanes, b: Lanes): Double {
  const high = a.add(b);
  const part = high.sub(a);
  return { high, low: a.sub(high.sub(part)).add(b.sub(part)) };
}

/** a + b exactly, for |a| ≥ |b| or a = 0. */
export function orderedSum(a: Lanes, b: Lanes): Double {
  const high = a.add(b);
  return { high, low: b.sub(high.sub(a)) };
}

/** a·b but for 2⁻¹⁰⁵ of it, f64x2. */
export function product(a: Lanes, b: Lanes): Double {
  const high = a.mul(b);
  const [a1, b1] = [head(a), head(b)];
  const [a2, b2] = [a.sub(a1), b.sub(b1)];
  const low = a1.mul(b1).sub(high).add(a1.mul(b2)).add(a2.mul(b1)).add(a2.mul(b2));
  return { high, low };
}

/** The upper 26 bits of the fraction. */
export function head(x: Lanes): Lanes {
  return x.and(bits("f64x2", -(1n << 27n)));
}
