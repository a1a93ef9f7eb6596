import { isFloat, isInteger } from "../../base/dtype.js";
import { embeds } from "../../base/rounding.js";
import { eitherWay, fill, rule } from "./rule.js";

/** Truth values, bits, choices and conversions. */
export const logic = {
  /** not not x = x, for bits too. */
  notTwice: rule(
    ["logicalNot", "bitwiseNot"],
    ({ op, src: [x] }, { as }) => as(x, op)?.src[0] ?? null,
  ),

  /** not (x = y) is x ≠ y, and the other way round: NaN equals nothing. */
  notEqualTo: rule(["logicalNot"], ({ src: [x] }, { b, as }) => {
    const equal = as(x, "equal");
    if (equal) return b.notEqual(...equal.src);
    const notEqual = as(x, "notEqual");
    return notEqual && b.equal(...notEqual.src);
  }),

  /** x and x, x or x: x. */
  sameTwice: rule(["logicalAnd", "logicalOr", "bitwiseAnd", "bitwiseOr"], ({ src: [x, y] }) =>
    x === y ? x : null,
  ),

  /** x xor x: nothing. */
  exclusiveSame: rule(["logicalXor", "bitwiseXor"], (node, site) =>
    node.src[0] === node.src[1] ? fill(site, node, 0) : null,
  ),

  /** x and true, x or false: x. x and false, x or true: the constant. x xor true: not x. */
  knownTruth: rule(["logicalAnd", "logicalOr", "logicalXor"], (node, { b, uniform }) => {
    for (const [x, y] of eitherWay(node)) {
      const value = uniform(y);
      if (value === null) continue;
      if (node.op === "logicalXor") return value === 0 ? x : b.logicalNot(x);
      return (value !== 0) === (node.op === "logicalAnd") ? x : y;
    }
    return null;
  }),

  /** A shift by 0. */
  shiftByNothing: rule(["leftShift", "rightShift"], ({ src: [x, y] }, { uniform }) =>
    uniform(y) === 0 ? x : null,
  ),

  /** What comes of comparing a thing with itself; floats may be NaN, which equals nothing. */
  compareWithItself: rule(
    ["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"],
    (node, site) => {
      const [x, y] = node.src;
      if (x !== y) return null;
      if (node.op === "less" || node.op === "greater") return fill(site, node, 0);
      return isFloat(x.dtype) ? null : fill(site, node, node.op === "notEqual" ? 0 : 1);
    },
  ),

  /** Integers and bools are finite numbers. */
  alwaysFinite: rule(["isNaN", "isFinite"], (node, site) =>
    isFloat(node.src[0].dtype) ? null : fill(site, node, node.op === "isFinite" ? 1 : 0),
  ),

  /** A condition that is known, or a choice of two that are the same. */
  chooseKnown: rule(["where"], ({ src: [condition, x, y] }, { uniform }) => {
    if (x === y) return x;
    const value = uniform(condition);
    return value === null ? null : value !== 0 ? x : y;
  }),

  /** where(not c, x, y) = where(c, y, x). */
  chooseByNot: rule(["where"], ({ src: [condition, x, y] }, { b, as }) => {
    const not = as(condition, "logicalNot");
    return not && b.where(not.src[0], y, x);
  }),

  /** Choosing between true and false is the condition. */
  chooseTruth: rule(["where"], ({ src: [condition, x, y], dtype }, { b, uniform }) => {
    if (dtype !== "bool") return null;
    const [then, otherwise] = [uniform(x), uniform(y)];
    if (then === 1 && otherwise === 0) return condition;
    return then === 0 && otherwise === 1 ? b.logicalNot(condition) : null;
  }),

  /** A choice within a choice by the same condition has been made already. */
  chooseOnce: rule(["where"], ({ src: [condition, x, y] }, { b, as }) => {
    const [then, otherwise] = [as(x, "where"), as(y, "where")];
    if (then?.src[0] === condition) return b.where(condition, then.src[1], y);
    return otherwise?.src[0] === condition ? b.where(condition, x, otherwise.src[2]) : null;
  }),

  /** To the type it has already. */
  castToSame: rule(["cast"], ({ src: [x], dtype }) => (x.dtype === dtype ? x : null)),

  /** By way of a type that holds every value: straight. */
  castThrough: rule(["cast"], ({ src: [x], dtype: to }, { b, as }) => {
    const inner = as(x, "cast");
    if (!inner) return null;
    const from = inner.src[0].dtype;
    if (!embeds(from, inner.dtype)) return null;
    // A float too great for an integer type is held at its limit, an integer wraps.
    const wraps = !isFloat(from) && isFloat(inner.dtype) && isInteger(to) && !embeds(from, to);
    return wraps ? null : b.cast(inner.src[0], { dtype: to });
  }),
};
