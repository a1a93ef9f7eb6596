import { elementwiseCheck } from "./check.js";
import { map } from "./lowering.js";
import type { Builder, Node, NoAttrs, Op, VjpContext } from "./op.js";
import { computable, floats, keeps, leading, numbers, sameShape } from "./rules.js";
import { type ScalarName, scalar, value } from "./scalar.js";

/** Elementwise arithmetic of two inputs of one shape and one type. */

type Vjp = (b: Builder, context: VjpContext<2, NoAttrs>) => readonly (Node | null)[];
type Check = NonNullable<Parameters<typeof elementwiseCheck>[2]>;

const binary = (fn: ScalarName, vjp: Vjp, check: Check = {}): Op<2> => ({
  arity: 2,
  shape: sameShape,
  dtype: keeps(numbers),
  vjp,
  lower: map(([x, y]) => scalar(fn, x, y)),
  batch: leading,
  check: elementwiseCheck(2, {}, check),
});

/** x + y; integers wrap. */
export const add: Op<2> = binary("add", (_b, { cotangent }) => [cotangent, cotangent]);

/** x − y; integers wrap. */
export const sub: Op<2> = binary("sub", (b, { cotangent }) => [cotangent, b.neg(cotangent)]);

/** x · y; integers wrap. */
export const mul: Op<2> = binary("mul", (b, { src: [x, y], cotangent }) => [
  b.mul(cotangent, y),
  b.mul(cotangent, x),
]);

/** x / y. Integers drop the fraction, and give 0 for a division by 0. */
export const div: Op<2> = binary(
  "div",
  (b, { src: [, y], out, cotangent }) => {
    const dx = b.div(cotangent, y);
    return [dx, b.neg(b.mul(dx, out))];
  },
  { domain: [0.3, 3] },
);

/** x to the y. The derivative with respect to y is 0 at x = 0, y ≥ 0. */
export const pow: Op<2> = binary(
  "pow",
  (b, { src: [x, y], out, cotangent }) => [
    b.mul(cotangent, b.where(b.equal(y, 0), 0, b.mul(y, b.pow(x, b.sub(y, 1))))),
    b.mul(
      cotangent,
      b.where(b.logicalAnd(b.equal(x, 0), b.greaterEqual(y, 0)), 0, b.mul(out, b.log(x))),
    ),
  ],
  { domain: [0.2, 3] },
);

/** x modulo y with the sign of y, as Python has it. Integers give 0 for y = 0. */
export const mod: Op<2> = binary(
  "mod",
  (b, { src: [x, y], cotangent }) => [cotangent, b.neg(b.mul(cotangent, b.floor(b.div(x, y))))],
  {
    domain: [
      [4.1, 4.9],
      [1.1, 1.3],
    ],
  },
);

/** Half of the cotangent where x = y, all of it where `better`. */
const share = (b: Builder, better: Node, x: Node, y: Node, cotangent: Node): Node =>
  b.where(better, cotangent, b.where(b.equal(x, y), b.mul(0.5, cotangent), 0));

/** The greater of the two; NaN if either is. Ties share the gradient evenly. */
export const maximum: Op<2> = {
  ...binary(
    "maximum",
    (b, { src: [x, y], cotangent }) => [
      share(b, b.greater(x, y), x, y, cotangent),
      share(b, b.greater(y, x), x, y, cotangent),
    ],
    { kind: "distinct" },
  ),
  dtype: keeps(computable),
};

/** The lesser of the two; NaN if either is. Ties share the gradient evenly. */
export const minimum: Op<2> = {
  ...binary(
    "minimum",
    (b, { src: [x, y], cotangent }) => [
      share(b, b.less(x, y), x, y, cotangent),
      share(b, b.less(y, x), x, y, cotangent),
    ],
    { kind: "distinct" },
  ),
  dtype: keeps(computable),
};

/** The angle of the point (y, x) in radians, −π to π: y comes first. */
export const atan2: Op<2> = {
  ...binary(
    "atan2",
    (b, { src: [y, x], cotangent }) => {
      const scaled = b.div(cotangent, b.add(b.mul(x, x), b.mul(y, y)));
      return [b.mul(scaled, x), b.neg(b.mul(scaled, y))];
    },
    { domain: [0.3, 2] },
  ),
  dtype: keeps(floats),
};

/** x · log y, and 0 at x = 0 whatever y is (unless NaN). @source SciPy `xlogy` */
export const xlogy: Op<2> = {
  ...binary(
    "mul",
    (b, { src: [x, y], cotangent }) => [
      b.where(b.logicalAnd(b.equal(x, 0), b.lessEqual(y, 0)), 0, b.mul(cotangent, b.log(y))),
      b.where(b.equal(x, 0), 0, b.mul(cotangent, b.div(x, y))),
    ],
    { domain: [0.2, 3] },
  ),
  dtype: keeps(floats),
  lower: map(([x, y]) =>
    scalar(
      "where",
      scalar("logicalAnd", scalar("equal", x, value(0)), scalar("equal", y, y)),
      value(0),
      scalar("mul", x, scalar("log", y)),
    ),
  ),
};
