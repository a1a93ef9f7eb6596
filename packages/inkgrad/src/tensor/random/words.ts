import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo } from "../operand.js";
import type { FloatType } from "./types.js";

/**
 * From random words to random fractions. The i-th number of a shape is made from the words i (one
 * word a number), or 2i and 2i + 1 (two), or so on, of the key's stream; word w is word w mod 2 of
 * the Threefry block at counter ⌊w / 2⌋.
 */

/** Element `i` of the first axis. */
export function row(x: Node, i: number): Node {
  const rest = x.shape.slice(1);
  const part = b.slice(x, {
    start: [i, ...rest.map(() => 0)],
    stop: [i + 1, ...rest],
    step: x.shape.map(() => 1),
  });
  return b.reshape(part, { shape: rest });
}

/** `count` tensors of random words, together count words for each element of `shape`. */
export function words(key: Node, shape: readonly number[], count: number): Node[] {
  if (count === 1) return [b.randomBits(key, { shape })];
  const all = b.randomBits(key, { shape: [...shape, count] });
  return Array.from({ length: count }, (_, i) => {
    const part = b.slice(all, {
      start: [...shape.map(() => 0), i],
      stop: [...shape, i + 1],
      step: all.shape.map(() => 1),
    });
    return b.reshape(part, { shape });
  });
}

/** Words that a float takes: one for f32, two for f64. */
export const wordsPer = (dtype: FloatType): number => (dtype === "f64" ? 2 : 1);

/**
 * Uniform in [0, 1), every value a multiple of 2⁻²⁴ (f32) or 2⁻⁵³ (f64): exact on every backend.
 */
export function unit(key: Node, shape: readonly number[], dtype: FloatType): Node {
  const [high, low] = words(key, shape, wordsPer(dtype));
  if (dtype === "f32") return b.mul(castTo(b.rightShift(high, 8), dtype), 2 ** -24);
  const top = b.mul(castTo(b.rightShift(high, 5), dtype), 2 ** 26);
  return b.mul(b.add(top, castTo(b.rightShift(low, 6), dtype)), 2 ** -53);
}

/** A probability, and what it lacks to the whole. Both keep all their digits near 0. */
export interface Fraction {
  readonly below: Node;
  readonly above: Node;
}

/**
 * (words + ½) / 2³² (or 2⁶⁴), in (0, 1], as floats: unlike those of `unit` these become finer
 * towards 0, which is what the tails of a distribution are made of.
 */
const toFloat = ([high, low]: readonly Node[], dtype: FloatType): Node => {
  if (dtype === "f32") return b.mul(b.add(castTo(high, dtype), 0.5), 2 ** -32);
  const whole = b.add(b.mul(castTo(high, dtype), 2 ** 32), castTo(low, dtype));
  return b.mul(b.add(whole, 0.5), 2 ** -64);
};

/** Uniform in (0, 1), with 1 − u beside it. */
export function fraction(key: Node, shape: readonly number[], dtype: FloatType): Fraction {
  const bits = words(key, shape, wordsPer(dtype));
  return { below: toFloat(bits, dtype), above: toFloat(bits.map(b.bitwiseNot), dtype) };
}

/**
 * A side (`negative`, bool) from the first bit, and from all others a fraction of that half:
 * `below` in (0, ½], `above` = ½ − below.
 */
export function sided(
  key: Node,
  shape: readonly number[],
  dtype: FloatType,
): Fraction & { readonly negative: Node } {
  const [high, ...low] = words(key, shape, wordsPer(dtype));
  const rest = b.bitwiseAnd(high, 0x7fffffff);
  return {
    negative: b.greaterEqual(high, 2 ** 31),
    below: toFloat([rest, ...low], dtype),
    above: toFloat([b.bitwiseXor(rest, 0x7fffffff), ...low.map(b.bitwiseNot)], dtype),
  };
}

/** −log(below / whole), from the side on which the logarithm keeps its digits. */
export function negativeLog({ below, above }: Fraction, whole: 1 | 0.5): Node {
  const [u, rest] = whole === 1 ? [below, above] : [b.mul(below, 2), b.mul(above, 2)];
  return b.neg(b.where(b.less(u, 0.5), b.log(u), b.log1p(b.neg(rest))));
}

/** Exponential with mean 1. */
export const exponentialNoise = (key: Node, shape: readonly number[], dtype: FloatType): Node =>
  negativeLog(fraction(key, shape, dtype), 1);

/** Gumbel with location 0 and scale 1. */
export const gumbelNoise = (key: Node, shape: readonly number[], dtype: FloatType): Node =>
  b.neg(b.log(exponentialNoise(key, shape, dtype)));
