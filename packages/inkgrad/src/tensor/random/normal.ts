import { ValueError } from "../../base/errors.js";
import { erfc } from "../../base/special.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import type { Tensor } from "../tensor.js";
import { subkeys } from "./key.js";
import { draw, type Draw, locationScale, nonNegative } from "./parameters.js";
import { upperQuantile } from "./quantile.js";
import type { FloatOption, FloatType, Key, Parameter, Sampler } from "./types.js";
import { fraction, sided } from "./words.js";

interface Options {
  /** Default 0. */
  readonly mean?: Parameter;
  /** Standard deviation, ≥ 0 (default 1). */
  readonly std?: Parameter;
}

/** Normal with mean 0 and standard deviation 1. */
export function normalNoise(key: Node, shape: readonly number[], dtype: FloatType): Node {
  const { negative, below, above } = sided(key, shape, dtype);
  const size = upperQuantile(below, above, dtype === "f64" ? 2 ** -65 : 2 ** -33, dtype);
  return b.where(negative, b.neg(size), size);
}

/**
 * Normal: mean + std·z. z is the quantile of a random probability that becomes finer towards the
 * tails, so that these are right as far as there are bits: to 6.3 standard deviations in f32 (one
 * word a number), 9.1 in f64 (two words). Gradients flow to `mean` and `std`. Where a tensor's std
 * is negative the result is NaN.
 *
 * @throws ValueError  if std < 0
 */
export const normal = ((
  key: Key,
  shape: readonly number[],
  { mean = 0, std = 1, dtype }: Options & FloatOption<FloatType> = {},
): Tensor => {
  const request = draw("normal", key, shape, dtype);
  const noise = normalNoise(request.key, request.shape, request.dtype);
  return locationScale(request, noise, [mean, "mean"], [std, "std"], nonNegative);
}) as Sampler<Options>;

interface TruncatedOptions extends Options {
  /** The least value, in standard deviations from the mean (default −2). */
  readonly lo?: number;
  /** The greatest value, in standard deviations from the mean (default 2). */
  readonly hi?: number;
}

/**
 * Normal, but never farther than `lo` and `hi` standard deviations from the mean: mean + std·z
 * with lo ≤ z ≤ hi. `std` is that of the normal before it is truncated. Either end may be
 * infinite; an interval in a tail is drawn from as exactly as one in the middle. Gradients flow to
 * `mean` and `std`.
 *
 * @throws ValueError  unless lo < hi; if std < 0; if the interval is so far out that its
 *                     probability is too small for the type (beyond 11 in f32, 36 in f64)
 */
export const truncatedNormal = ((
  key: Key,
  shape: readonly number[],
  { lo = -2, hi = 2, mean = 0, std = 1, dtype }: TruncatedOptions & FloatOption<FloatType> = {},
): Tensor => {
  const request = draw("truncatedNormal", key, shape, dtype);
  const noise = truncatedNoise(request, lo, hi);
  return locationScale(request, noise, [mean, "mean"], [std, "std"], nonNegative);
}) as Sampler<TruncatedOptions>;

/** The probability that a normal number exceeds x. */
const exceeds = (x: number): number => 0.5 * erfc(x / Math.SQRT2);

/** One side of 0: from `near` to `far` with a sign, and the probability of going beyond each. */
const side = (sign: 1 | -1, near: number, far: number) => ({
  sign,
  near,
  far,
  greatest: exceeds(near),
  least: exceeds(far),
});
type Side = ReturnType<typeof side>;

/**
 * The side first, with its share of the probability, then how far out on that side: always from
 * the upper tail, where probabilities keep their digits.
 */
function truncatedNoise({ op, key, shape, dtype }: Draw, lo: number, hi: number): Node {
  if (!(typeof lo === "number" && typeof hi === "number" && lo < hi))
    throw new ValueError(
      `${op}: lo must be a number below hi, got ${String(lo)} and ${String(hi)}`,
    );
  const both = [side(-1, Math.max(-hi, 0), -lo), side(1, Math.max(lo, 0), hi)];
  const sides = both.filter(({ near, far }) => far > near);
  const greatest = sides[0].greatest;
  // The smallest fraction of it must still be a normal number.
  if (greatest < (dtype === "f32" ? 2 ** -93 : 2 ** -957))
    throw new ValueError(
      `${op}: normal numbers from ${lo} to ${hi} are too rare to draw in ${dtype}; ` +
        "take an interval nearer to 0",
    );
  const [sideKey, sizeKey] = subkeys(key, 2);
  const pick = pickSide(sides, sideKey, shape, dtype);
  const low = pick((s) => s.least);
  const p = b.add(low, b.mul(b.sub(greatest, low), fraction(sizeKey, shape, dtype).below));
  const size = upperQuantile(p, b.sub(0.5, p), Math.min(...sides.map((s) => s.least)), dtype);
  const held = b.minimum(
    b.maximum(size, sides[0].near),
    pick((s) => s.far),
  );
  return b.mul(
    held,
    pick((s) => s.sign),
  );
}

/** A tensor of some number of the side that each element is on. */
function pickSide(
  sides: readonly Side[],
  key: Node,
  shape: readonly number[],
  dtype: FloatType,
): (of: (side: Side) => number) => Node {
  const [first, second] = sides;
  const filled = (value: number): Node => b.full({ shape, value, dtype });
  if (second === undefined) return (of) => filled(of(first));
  const masses = sides.map((s) => s.greatest - s.least);
  const cut = Math.round((masses[0] / (masses[0] + masses[1])) * 2 ** 32);
  const isFirst = b.less(b.randomBits(key, { shape }), Math.min(cut, 2 ** 32 - 1));
  return (of) => b.where(isFirst, filled(of(first)), of(second));
}
