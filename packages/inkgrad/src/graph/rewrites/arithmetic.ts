import { isFloat } from "../../base/dtype.js";
import { roundTo } from "../../base/rounding.js";
import type { Node } from "../../ops/op.js";
import { eitherWay, fill, rule } from "./rule.js";

/** Arithmetic that needs no computing, or less. IEEE 754 keeps these from being fewer: x + 0 is
 * not x at x = −0, and x · 0 is not 0 at NaN. */

const isPositiveZero = (x: number | null): boolean => Object.is(x, 0);
const isNegativeZero = (x: number | null): boolean => Object.is(x, -0);

const whole = ["floor", "ceil", "round"] as const;

function boundOf({ dtype }: Node, least: boolean): number {
  if (isFloat(dtype)) return least ? -Infinity : Infinity;
  if (dtype === "bool") return least ? 0 : 1;
  const greatest = dtype === "i32" ? 2 ** 31 - 1 : roundTo(dtype, -1);
  return least ? (dtype === "i32" ? -(2 ** 31) : 0) : greatest;
}

export const arithmetic = {
  /** x + (−0) = x; of integers x + 0. */
  addNothing: rule(["add"], (node, site) => {
    for (const [x, y] of eitherWay(node)) {
      const value = site.uniform(y);
      if (isFloat(node.dtype) ? isNegativeZero(value) : value === 0) return x;
    }
    return null;
  }),

  /** x − 0 = x. */
  subtractNothing: rule(["sub"], ({ src: [x, y] }, { uniform }) =>
    isPositiveZero(uniform(y)) ? x : null,
  ),

  /** (−0) − x = −x; of integers 0 − x. */
  subtractFromNothing: rule(["sub"], ({ src: [x, y], dtype }, { b, uniform }) => {
    const value = uniform(x);
    return (isFloat(dtype) ? isNegativeZero(value) : value === 0) ? b.neg(y) : null;
  }),

  /** x − x = 0 for integers; floats may be infinite. */
  subtractItself: rule(["sub"], (node, site) =>
    node.src[0] === node.src[1] && !isFloat(node.dtype) ? fill(site, node, 0) : null,
  ),

  /** x · 1 = x, x · (−1) = −x, and x · 0 = 0 for integers. */
  multiplyByUnit: rule(["mul"], (node, site) => {
    for (const [x, y] of eitherWay(node)) {
      const value = site.uniform(y);
      if (value === 1) return x;
      if (value === -1) return site.b.neg(x);
      if (value === 0 && !isFloat(node.dtype)) return y;
    }
    return null;
  }),

  /** x / 1 = x, x / (−1) = −x. */
  divideByUnit: rule(["div"], ({ src: [x, y] }, { b, uniform }) => {
    const value = uniform(y);
    return value === 1 ? x : value === -1 ? b.neg(x) : null;
  }),

  /** x / 2ᵏ = x · 2⁻ᵏ for floats: both are the same number, rounded once. */
  divideByPowerOfTwo: rule(["div"], (node, site) => {
    const [x, y] = node.src;
    const value = site.uniform(y);
    if (value === null || !isFloat(node.dtype)) return null;
    // Beyond 2^±126 the inverse of an f32 is subnormal, and may be taken for 0.
    const exponent = Math.log2(Math.abs(value));
    const exact = Number.isInteger(exponent) && 2 ** exponent === Math.abs(value);
    return exact && Math.abs(exponent) <= 126 ? site.b.mul(x, fill(site, y, 1 / value)) : null;
  }),

  /** −(−x) = x. */
  negateTwice: rule(["neg"], ({ src: [x] }, { as }) => as(x, "neg")?.src[0] ?? null),

  /** x + (−y) = x − y. */
  addNegative: rule(["add"], (node, { b, as }) => {
    for (const [x, y] of eitherWay(node)) {
      const negative = as(y, "neg");
      if (negative) return b.sub(x, negative.src[0]);
    }
    return null;
  }),

  /** x − (−y) = x + y. */
  subtractNegative: rule(["sub"], ({ src: [x, y] }, { b, as }) => {
    const negative = as(y, "neg");
    return negative && b.add(x, negative.src[0]);
  }),

  /** (−x) · (−y) = x · y; a quotient of floats likewise. */
  negativesCancel: rule(["mul", "div"], ({ op, src, dtype }, { b, as }) => {
    const [x, y] = src.map((operand) => as(operand, "neg"));
    // −2³¹ is its own negative: a quotient of integers may change.
    return x && y && (op === "mul" || isFloat(dtype)) ? b[op](x.src[0], y.src[0]) : null;
  }),

  /** |−x| = |x|, ||x|| = |x|, and |x| = x where there are no negative numbers. */
  absolute: rule(["abs"], ({ src: [x], dtype }, { b, as }) => {
    if (dtype === "u8" || dtype === "u32" || as(x, "abs")) return x;
    const negative = as(x, "neg");
    return negative && b.abs(negative.src[0]);
  }),

  /** A whole number is its own floor, ceiling and rounding. */
  roundWhole: rule(whole, ({ src: [x], dtype }, { as }) => {
    const isWhole = !isFloat(dtype) || [...whole, "sign" as const].some((op) => as(x, op));
    return isWhole ? x : null;
  }),

  /** The sign of a sign. */
  signOfSign: rule(["sign"], ({ src: [x] }, { as }) => as(x, "sign")),

  /** x⁰ = 1 and x¹ = x, for NaN too. */
  trivialPower: rule(["pow"], (node, site) => {
    const power = site.uniform(node.src[1]);
    return power === 0 ? fill(site, node, 1) : power === 1 ? node.src[0] : null;
  }),

  /** x² = x · x. */
  square: rule(
    ["pow"],
    ({ src: [x, y] }, { b, uniform }) => (uniform(y) === 2 ? b.mul(x, x) : null),
    "a product is rounded once; a power is a little less exact",
  ),

  /** max(x, x) = min(x, x) = x. */
  extremeOfSame: rule(["maximum", "minimum"], ({ src: [x, y] }) => (x === y ? x : null)),

  /** max(x, −∞) = min(x, ∞) = x; of integers their least and greatest value. */
  extremeOfBound: rule(["maximum", "minimum"], (node, { uniform }) => {
    const bound = boundOf(node, node.op === "maximum");
    for (const [x, y] of eitherWay(node)) if (uniform(y) === bound) return x;
    return null;
  }),
};
