import { type DType, isFloat } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import { elementwiseCheck } from "./check.js";
import { map } from "./lowering.js";
import type { Op } from "./op.js";
import {
  anyType,
  bits,
  bools,
  commonType,
  computable,
  discrete,
  gives,
  integers,
  keeps,
  leading,
  sameShape,
} from "./rules.js";
import { type ScalarName, scalar } from "./scalar.js";

/** Comparisons, truth values, bits, selection and conversion, all elementwise. */

const noGradient = "the result is discrete";

const compare = (fn: ScalarName): Op<2> => ({
  arity: 2,
  shape: sameShape,
  dtype: gives("bool", computable),
  vjp: discrete,
  lower: map(([x, y]) => scalar(fn, x, y)),
  batch: leading,
  check: elementwiseCheck(2, {}, { noGradient }),
});

/** x = y; false where either is NaN. */
export const equal: Op<2> = compare("equal");
/** x ≠ y; true where either is NaN. */
export const notEqual: Op<2> = compare("notEqual");
/** x < y */
export const less: Op<2> = compare("less");
/** x ≤ y */
export const lessEqual: Op<2> = compare("lessEqual");
/** x > y */
export const greater: Op<2> = compare("greater");
/** x ≥ y */
export const greaterEqual: Op<2> = compare("greaterEqual");

const test = (fn: ScalarName): Op<1> => ({
  arity: 1,
  shape: sameShape,
  dtype: gives("bool", computable),
  vjp: discrete,
  lower: map(([x]) => scalar(fn, x)),
  batch: leading,
  check: elementwiseCheck(1, {}, { noGradient }),
});

/** Is it not a number? */
export const isNaN: Op<1> = test("isNaN");
/** Is it neither NaN nor infinite? */
export const isFinite: Op<1> = test("isFinite");

/** Not x. */
export const logicalNot: Op<1> = { ...test("logicalNot"), dtype: keeps(bools) };

const logical = (fn: ScalarName): Op<2> => ({ ...compare(fn), dtype: keeps(bools) });
/** x and y */
export const logicalAnd: Op<2> = logical("logicalAnd");
/** x or y */
export const logicalOr: Op<2> = logical("logicalOr");
/** Either x or y. */
export const logicalXor: Op<2> = logical("logicalXor");

/** Every bit flipped; a bool negated. */
export const bitwiseNot: Op<1> = { ...test("bitwiseNot"), dtype: keeps(bits) };

const bitwise = (fn: ScalarName): Op<2> => ({ ...compare(fn), dtype: keeps(bits) });
/** Bits set in both. */
export const bitwiseAnd: Op<2> = bitwise("bitwiseAnd");
/** Bits set in either. */
export const bitwiseOr: Op<2> = bitwise("bitwiseOr");
/** Bits set in just one. */
export const bitwiseXor: Op<2> = bitwise("bitwiseXor");

const shift = (fn: ScalarName): Op<2> => ({
  ...compare(fn),
  dtype: keeps(integers),
  check: elementwiseCheck(2, {}, { noGradient, domain: [0, 9], special: [0, 1, 7, 31, 32, 100] }),
});
/** x · 2ʸ, bits beyond the type's width dropped; y ≥ 32 gives 0. */
export const leftShift: Op<2> = shift("leftShift");
/** x / 2ʸ rounded down (the sign is kept); y ≥ 32 shifts everything out. */
export const rightShift: Op<2> = shift("rightShift");

/** `x` where the condition (bool) holds, else `y`. What is not chosen gets no gradient. */
export const where: Op<3> = {
  arity: 3,
  shape: sameShape,
  dtype([condition, x, y], _attrs, name) {
    if (condition.dtype !== "bool")
      throw new DTypeError(
        `${name}: the condition must be bool, got ${condition.dtype}; compare it, as c.notEqual(0)`,
      );
    return commonType([x, y], anyType, name);
  },
  vjp: (b, { src: [condition], cotangent }) => [
    null,
    b.where(condition, cotangent, 0),
    b.where(condition, 0, cotangent),
  ],
  lower: map(([c, x, y]) => scalar("where", c, x, y)),
  batch: leading,
  check: {
    cases: elementwiseCheck(3, {}).cases.map(({ src: [c, x, y], attrs }) => ({
      src: [{ ...c, dtype: "bool" }, x, y],
      attrs,
    })),
  },
};

/**
 * Another element type. Floats become integers by dropping the fraction, held at the type's
 * limits, NaN as 0; integers wrap; anything but 0 is true.
 */
export const cast: Op<1, { readonly dtype: DType }> = {
  arity: 1,
  shape: sameShape,
  dtype: (_src, { dtype }) => dtype,
  vjp: (b, { src: [x], attrs: { dtype }, cotangent }) => [
    isFloat(x.dtype) && isFloat(dtype) ? b.cast(cotangent, { dtype: x.dtype }) : null,
  ],
  lower: map(([x]) => scalar("cast", x)),
  batch: leading,
  check: {
    // A type among the attributes is tried with every type there is.
    cases: [[2, 3], [1], [0, 2]].map((shape) => ({
      src: [{ shape, domain: [-300, 300] }],
      attrs: { dtype: "f64" },
    })),
    special: [0, -0, 1, -1, NaN, Infinity, -Infinity, 0.5, -2.5, 2 ** 31, -(2 ** 31), 255.9, 1e38],
  },
};
