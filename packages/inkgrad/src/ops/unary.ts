import { elementwiseCheck, specials } from "./check.js";
import { map } from "./lowering.js";
import type { Builder, Node, NoAttrs, Op, VjpContext } from "./op.js";
import { discrete, floats, keeps, leading, numbers, sameShape } from "./rules.js";
import { type ScalarName, scalar, value } from "./scalar.js";

/** Elementwise operations of one real input. */

type Vjp = (b: Builder, context: VjpContext<1, NoAttrs>) => readonly (Node | null)[];
interface Options {
  readonly domain?: readonly [number, number];
  readonly special?: readonly number[];
}

const unary = (fn: ScalarName, vjp: Vjp, options: Options = {}): Op<1> => ({
  arity: 1,
  shape: sameShape,
  dtype: keeps(floats),
  vjp,
  lower: map(([x]) => scalar(fn, x)),
  batch: leading,
  check: elementwiseCheck(1, {}, options),
});

const onNumbers = (op: Op<1>): Op<1> => ({ ...op, dtype: keeps(numbers) });

/** A step function: flat wherever it has a derivative, so no gradient flows. */
const step = (fn: ScalarName): Op<1> => ({
  ...onNumbers(unary(fn, discrete)),
  check: elementwiseCheck(1, {}, { noGradient: "a step function: its gradient is 0" }),
});

/** −x. */
export const neg: Op<1> = onNumbers(unary("neg", (b, { cotangent }) => [b.neg(cotangent)]));

/** |x|. Its derivative at 0 is taken as 0. */
export const abs: Op<1> = onNumbers(
  unary("abs", (b, { src: [x], cotangent }) => [b.mul(cotangent, b.sign(x))], { domain: [0.1, 3] }),
);

/** −1, 0 or 1. */
export const sign: Op<1> = step("sign");
/** The greatest integer ≤ x. */
export const floor: Op<1> = step("floor");
/** The least integer ≥ x. */
export const ceil: Op<1> = step("ceil");
/** The nearest integer, halves to the even one. */
export const round: Op<1> = step("round");

/** √x. The derivative at 0 is +∞. */
export const sqrt: Op<1> = unary(
  "sqrt",
  (b, { out, cotangent }) => [b.div(cotangent, b.mul(2, out))],
  {
    domain: [0.1, 4],
  },
);

/** e to the x. */
export const exp: Op<1> = unary("exp", (b, { out, cotangent }) => [b.mul(cotangent, out)]);

/** exp(x) − 1, accurate near 0. */
export const expm1: Op<1> = unary("expm1", (b, { out, cotangent }) => [
  b.mul(cotangent, b.add(out, 1)),
]);

/** The natural logarithm. */
export const log: Op<1> = unary("log", (b, { src: [x], cotangent }) => [b.div(cotangent, x)], {
  domain: [0.1, 4],
});

/** log(1 + x), accurate near 0. */
export const log1p: Op<1> = unary(
  "log1p",
  (b, { src: [x], cotangent }) => [b.div(cotangent, b.add(x, 1))],
  { domain: [-0.8, 3] },
);

/** Sine of x radians. @source NumPy `sin` */
export const sin: Op<1> = unary(
  "sin",
  (b, { src: [x], cotangent }) => [b.mul(cotangent, b.cos(x))],
  {
    domain: [-6, 6],
  },
);

/** Cosine of x radians. */
export const cos: Op<1> = unary(
  "cos",
  (b, { src: [x], cotangent }) => [b.neg(b.mul(cotangent, b.sin(x)))],
  { domain: [-6, 6] },
);

/** Tangent of x radians. */
export const tan: Op<1> = unary(
  "tan",
  (b, { out, cotangent }) => [b.mul(cotangent, b.add(1, b.mul(out, out)))],
  { domain: [-1.2, 1.2] },
);

const oneMinusSquare = (b: Builder, x: Node): Node => b.mul(b.sub(1, x), b.add(1, x));

/** Arc sine, in radians. */
export const asin: Op<1> = unary(
  "asin",
  (b, { src: [x], cotangent }) => [b.div(cotangent, b.sqrt(oneMinusSquare(b, x)))],
  { domain: [-0.9, 0.9] },
);

/** Arc cosine, in radians. */
export const acos: Op<1> = unary(
  "acos",
  (b, { src: [x], cotangent }) => [b.neg(b.div(cotangent, b.sqrt(oneMinusSquare(b, x))))],
  { domain: [-0.9, 0.9] },
);

/** Arc tangent, in radians. */
export const atan: Op<1> = unary("atan", (b, { src: [x], cotangent }) => [
  b.div(cotangent, b.add(1, b.mul(x, x))),
]);

/** Hyperbolic sine. */
export const sinh: Op<1> = unary("sinh", (b, { src: [x], cotangent }) => [
  b.mul(cotangent, b.cosh(x)),
]);

/** Hyperbolic cosine. */
export const cosh: Op<1> = unary("cosh", (b, { src: [x], cotangent }) => [
  b.mul(cotangent, b.sinh(x)),
]);

/** Hyperbolic tangent. */
export const tanh: Op<1> = unary("tanh", (b, { out, cotangent }) => [
  b.mul(cotangent, oneMinusSquare(b, out)),
]);

/** The error function, 2/√π ∫₀ˣ e^(−t²) dt. @source Abramowitz & Stegun 7.1 */
export const erf: Op<1> = unary("erf", (b, { src: [x], cotangent }) => [
  b.mul(cotangent, b.mul(2 / Math.sqrt(Math.PI), b.exp(b.neg(b.mul(x, x))))),
]);

/** log |Γ(x)|. @source Abramowitz & Stegun 6.1 */
export const lgamma: Op<1> = unary(
  "lgamma",
  (b, { src: [x], cotangent }) => [b.mul(cotangent, b.polygamma(x, { order: 0 }))],
  { domain: [0.2, 6] },
);

/**
 * The derivative of order `order` + 1 of log Γ: digamma for 0, trigamma for 1.
 * @source Abramowitz & Stegun 6.3, 6.4
 */
export const polygamma: Op<1, { readonly order: number }> = {
  arity: 1,
  shape: sameShape,
  dtype: keeps(floats),
  vjp: (b, { src: [x], attrs, cotangent }) => [
    b.mul(cotangent, b.polygamma(x, { order: attrs.order + 1 })),
  ],
  lower: map(([x], { order }) => scalar("polygamma", value(order), x)),
  batch: leading,
  check: elementwiseCheck(
    1,
    { order: 0 },
    {
      domain: [0.3, 6],
      special: specials.filter((x) => x >= 0.5),
    },
  ),
};
