import { type DType, isInteger, rangeOf } from "../base/dtype.js";
import { roundHalfEven } from "../base/half.js";
import { erf, lgamma, polygamma } from "../base/special.js";

/** A scalar computation on the elements at one index: what elementwise operations lower to. */
export type Expr =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "call"; readonly fn: ScalarName; readonly args: readonly Expr[] };

export const scalar = (fn: ScalarName, ...args: Expr[]): Expr => ({ kind: "call", fn, args });
export const value = (v: number): Expr => ({ kind: "value", value: v });

type Fn = (...args: number[]) => number;
/** `input` is the type of the operands (of the last, for `where`), `output` that of the result. */
type Define = (types: { readonly input: DType; readonly output: DType }) => Fn;

const always =
  (fn: Fn): Define =>
  () =>
    fn;
const isWide = (dtype: DType): boolean => dtype === "i32" || dtype === "u32";
const truth = (fn: (a: number, b: number) => boolean): Define =>
  always((a, b) => (fn(a, b) ? 1 : 0));

const ofMath = <N extends keyof Math>(names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, always(Math[name] as Fn)])) as {
    readonly [K in N]: Define;
  };

/** Functions of `Math` whose last digits are the engine's own. */
const elementary = [
  ...(["exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan"] as const),
  ...(["atan2", "sinh", "cosh", "tanh"] as const),
];

/**
 * The meaning of each scalar instruction, in float64. A backend that computes in f32 rounds what
 * goes in and what comes out; integers wrap when the result is stored.
 */
export const scalars = {
  add: always((a, b) => a + b),
  sub: always((a, b) => a - b),
  // The product of two 32-bit integers does not fit a float64; imul keeps its low 32 bits.
  mul: ({ input }) => (isWide(input) ? Math.imul : (a, b) => a * b),
  div: ({ input }) =>
    input === "f32" || input === "f64"
      ? (a, b) => a / b
      : (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
  mod: ({ input }) =>
    input === "f32" || input === "f64" ? floorMod : (a, b) => (b === 0 ? 0 : floorMod(a, b)),
  pow: ({ input }) => (isInteger(input) ? integerPow : pow),
  maximum: always((a, b) => Math.max(a, b)),
  minimum: always((a, b) => Math.min(a, b)),

  ...ofMath(elementary),
  ...ofMath(["abs", "sign", "floor", "ceil", "sqrt"]),
  neg: always((a) => -a),
  round: always(roundHalfEven),
  erf: always(erf),
  lgamma: always(lgamma),
  polygamma: always(polygamma),

  equal: truth((a, b) => a === b),
  notEqual: truth((a, b) => a !== b),
  less: truth((a, b) => a < b),
  lessEqual: truth((a, b) => a <= b),
  greater: truth((a, b) => a > b),
  greaterEqual: truth((a, b) => a >= b),
  isNaN: truth((a) => a !== a),
  isFinite: truth((a) => a - a === 0),
  logicalNot: truth((a) => a === 0),
  logicalAnd: truth((a, b) => a !== 0 && b !== 0),
  logicalOr: truth((a, b) => a !== 0 || b !== 0),
  logicalXor: truth((a, b) => (a !== 0) !== (b !== 0)),

  bitwiseNot: ({ input }) => (input === "bool" ? (a) => 1 - a : (a) => ~a),
  bitwiseAnd: always((a, b) => a & b),
  bitwiseOr: always((a, b) => a | b),
  bitwiseXor: always((a, b) => a ^ b),
  // JavaScript takes shift counts modulo 32; shifting everything out is what was asked for.
  leftShift: always((a, b) => (b >>> 0 > 31 ? 0 : a << b)),
  rightShift: ({ input }) =>
    input === "i32"
      ? (a, b) => a >> (b >>> 0 > 31 ? 31 : b)
      : (a, b) => (b >>> 0 > 31 ? 0 : a >>> b),

  where: always((c, a, b) => (c !== 0 ? a : b)),
  cast: ({ input, output }) => castFn(input, output),
} as const satisfies { readonly [name: string]: Define };

export type ScalarName = keyof typeof scalars;

/** The remainder with the sign of the divisor: −7 mod 3 is 2. */
function floorMod(...[a, b]: number[]): number {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
}

/** C's pow, which JavaScript's departs from: 1 to any power is 1, even NaN. */
function pow(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}

/** By squaring, modulo 2³². A negative exponent truncates the fraction it stands for. */
function integerPow(a: number, b: number): number {
  if (b < 0) return a === 1 ? 1 : a === -1 ? (b % 2 === 0 ? 1 : -1) : 0;
  let result = 1;
  for (let base = a, e = b; e > 0; e = Math.floor(e / 2), base = Math.imul(base, base))
    if (e % 2 === 1) result = Math.imul(result, base);
  return result;
}

/** A float becomes an integer by dropping its fraction, held at the type's limits; NaN gives 0. */
function castFn(from: DType, to: DType): Fn {
  if (to === "bool") return (a) => (a !== 0 ? 1 : 0);
  const [min, max] = rangeOf(to);
  if (max === Infinity || rangeOf(from)[1] !== Infinity) return (a) => a;
  return (a) => (a !== a ? 0 : Math.trunc(Math.min(Math.max(a, min), max)) + 0);
}

/** A function of the inputs' elements from an expression. */
export function compileExpr(expr: Expr, inputs: readonly DType[], output: DType): Fn {
  if (expr.kind === "call" && expr.args.every((arg, i) => arg.kind === "input" && arg.index === i))
    return scalars[expr.fn]({ input: inputs.at(-1)!, output });
  return compilePart(expr, inputs.at(-1)!, output);
}

/** Has the result the same bits on every engine? */
export const isExact = (expr: Expr): boolean =>
  expr.kind !== "call" || (!inexact.has(expr.fn) && expr.args.every(isExact));
const inexact: ReadonlySet<string> = new Set([...elementary, "pow", "erf"]);

/** One closure a node, and no lists of arguments: those cost more than what is computed. */
function compilePart(expr: Expr, input: DType, output: DType): Fn {
  if (expr.kind === "value") return () => expr.value;
  if (expr.kind === "input") return inputAt[expr.index];
  const fn = scalars[expr.fn]({ input, output });
  const [a, b, c] = expr.args.map((arg) => compilePart(arg, input, output));
  if (b === undefined) return (x, y, z) => fn(a(x, y, z));
  if (c === undefined) return (x, y, z) => fn(a(x, y, z), b(x, y, z));
  return (x, y, z) => fn(a(x, y, z), b(x, y, z), c(x, y, z));
}

const inputAt: readonly Fn[] = [(x) => x, (_x, y) => y, (_x, _y, z) => z];
