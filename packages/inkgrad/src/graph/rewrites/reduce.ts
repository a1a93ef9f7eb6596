import { isFloat } from "../../base/dtype.js";
import { precisionOf, roundTo } from "../../base/rounding.js";
import { sizeOf } from "../../base/shape.js";
import { fill, type NodeOf, rule } from "./rule.js";

/** Reductions of nothing, of one element, and of a tensor full of one number. */

type Reduction = NodeOf<"sum" | "prod" | "max" | "min" | "any" | "all">;

/** Are all reduced axes of size 1, or none there? Then every result is one element. */
const single = ({ src: [x], attrs: { axes } }: Reduction): boolean =>
  axes.every((axis) => x.shape[axis] === 1);

/** The axes of x that are gone after both reductions, counted in x. */
function bothAxes(inner: readonly number[], outer: readonly number[], rank: number): number[] {
  const left = Array.from({ length: rank }, (_, i) => i).filter((i) => !inner.includes(i));
  return [...inner, ...outer.map((axis) => left[axis])].sort((i, j) => i - j);
}

/** How many elements each result is made of. */
const count = ({ src: [x], attrs: { axes } }: Reduction): number =>
  sizeOf(axes.map((axis) => x.shape[axis]));

export const reduce = {
  /** A reduction of single elements is those elements. */
  reduceSingle: rule(["prod", "max", "min", "any", "all"], (node, { b }) =>
    single(node) ? b.reshape(node.src[0], { shape: node.shape }) : null,
  ),

  /** The same for a sum of integers. */
  sumOfSingleIntegers: rule(["sum"], (node, { b }) =>
    single(node) && !isFloat(node.dtype) ? b.reshape(node.src[0], { shape: node.shape }) : null,
  ),

  /** The same for a sum of floats. */
  sumOfSingle: rule(
    ["sum"],
    (node, { b }) => (single(node) ? b.reshape(node.src[0], { shape: node.shape }) : null),
    "−0 stays −0, where a sum that starts from 0 gives 0",
  ),

  /** A reduction of a reduction is one over the axes of both. */
  reduceTwice: rule(["max", "min", "any", "all"], (node, { b, as }) => {
    const inner = as(node.src[0], node.op);
    if (!inner) return null;
    const [x] = inner.src;
    return b[node.op](x, { axes: bothAxes(inner.attrs.axes, node.attrs.axes, x.shape.length) });
  }),

  /** The same for sums and products of integers, which wrap in any order alike. */
  reduceIntegersTwice: rule(["sum", "prod"], (node, { b, as }) => {
    const inner = as(node.src[0], node.op);
    if (!inner || isFloat(node.dtype)) return null;
    const [x] = inner.src;
    return b[node.op](x, { axes: bothAxes(inner.attrs.axes, node.attrs.axes, x.shape.length) });
  }),

  /** The same for sums of floats. */
  sumTwice: rule(
    ["sum"],
    (node, { b, as }) => {
      const inner = as(node.src[0], "sum");
      if (!inner) return null;
      const [x] = inner.src;
      return b.sum(x, { axes: bothAxes(inner.attrs.axes, node.attrs.axes, x.shape.length) });
    },
    "the terms are added in another order",
  ),

  /** n · v for a sum of n times v, where no partial sum needs rounding. */
  sumOfFull: rule(["sum"], (node, site) => {
    const value = site.uniform(node.src[0]);
    if (value === null) return null;
    const total = value * count(node);
    if (isFloat(node.dtype)) {
      const limit = 2 ** precisionOf(node.dtype);
      if (!Number.isInteger(value) || Math.abs(total) > limit) return null;
      return fill(site, node, total + 0);
    }
    // Integers wrap; beyond 2⁵³ the product itself would be rounded.
    return Math.abs(total) <= 2 ** 53 ? fill(site, node, roundTo(node.dtype, total)) : null;
  }),

  /** The extreme of a tensor full of one number is that number; any and all of equal truths too. */
  extremeOfFull: rule(["max", "min", "any", "all"], (node, site) => {
    const value = site.uniform(node.src[0]);
    return value === null || count(node) === 0 ? null : fill(site, node, value);
  }),

  /** 1 · 1 · … = 1, and a product of nothing. */
  productOfOnes: rule(["prod"], (node, site) =>
    count(node) === 0 || site.uniform(node.src[0]) === 1 ? fill(site, node, 1) : null,
  ),

  /** A sum of nothing is 0, any of nothing false, all of nothing true. */
  reduceNothing: rule(["sum", "any", "all"], (node, site) =>
    count(node) === 0 ? fill(site, node, node.op === "all" ? 1 : 0) : null,
  ),

  /** Sorting equal elements, or one, changes nothing. */
  sortEqual: rule(["sort"], ({ src: [x], attrs: { axis } }, { uniform }) =>
    x.shape[axis] <= 1 || uniform(x) !== null ? x : null,
  ),
};
