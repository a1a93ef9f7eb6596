import type { DType } from "../../base/dtype.js";
import { assertDType, computeType, isFloat, isInteger } from "../../base/dtype.js";
import { DTypeError, ValueError } from "../../base/errors.js";
import { builder as b } from "../../graph/builder.js";
import type { Builder, Node } from "../../ops/op.js";
import {
  arithmetic,
  castTo,
  dividing,
  floatNode,
  keeping,
  meet,
  type Meeting,
  nodeOf,
  number,
  type Operand,
  truth,
  wrap,
} from "../operand.js";
import { scoped } from "../scope.js";
import type { Tensor } from "../tensor.js";
import type { ActivationFunction, ClipFunction } from "../types/functions.js";

/** The elementwise methods, each a primitive behind conversion and broadcasting. */

type UnaryName = {
  [K in keyof Builder]: Builder[K] extends (x: Node) => Node ? K : never;
}[keyof Builder];
type BinaryName = {
  [K in keyof Builder]: Builder[K] extends (x: Node, y: Node) => Node ? K : never;
}[keyof Builder];
type Unary = (x: Tensor) => Tensor;
type Binary = (x: Operand, y: Operand) => Tensor;

const onFloats =
  (op: UnaryName): Unary =>
  (x) =>
    wrap(b[op](floatNode(x, op)));

export const tanh = onFloats("tanh") as ActivationFunction;

const onNumbers =
  (op: UnaryName): Unary =>
  (x) => {
    const node = nodeOf(x, op);
    if (node.dtype === "bool")
      throw new DTypeError(`${op}: takes numbers, got bool; use x.cast("i32") first`);
    // f16 and bf16 are computed in f32, and go back to how they are stored.
    return wrap(castTo(b[op](castTo(node, computeType(node.dtype))), node.dtype));
  };

const square: Unary = (x) => {
  const node = nodeOf(x, "square");
  const wide = castTo(node, computeType(node.dtype));
  return wrap(castTo(b.mul(wide, wide), node.dtype));
};

/**
 * x held between two bounds, which may be infinite. The gradient is 1 on the closed interval and 0
 * outside; NaN stays NaN.
 *
 * @throws ValueError  if a bound is NaN, or the lower is above the upper
 */
export const clip = ((x: Tensor, low: number, high: number): Tensor => {
  if (!(low <= high))
    throw new ValueError(
      `clip: needs two numbers, the lower bound first, got ${String(low)} and ${String(high)}`,
    );
  const node = nodeOf(x, "clip");
  const wide = castTo(node, computeType(node.dtype));
  const bound = (value: number): Node => number(value, wide.shape, wide.dtype, "clip");
  // An infinite bound is none: integer types, too, are then left alone.
  const raised = low === -Infinity ? wide : b.where(b.less(wide, bound(low)), bound(low), wide);
  const held =
    high === Infinity ? raised : b.where(b.greater(wide, bound(high)), bound(high), raised);
  return wrap(castTo(held, node.dtype));
}) as ClipFunction;

const asking =
  (op: UnaryName): Unary =>
  (x) => {
    const node = nodeOf(x, op);
    return wrap(b[op](castTo(node, computeType(node.dtype))));
  };
const cast = (x: Tensor, dtype: DType): Tensor => {
  assertDType(dtype, "cast");
  return wrap(castTo(nodeOf(x, "cast"), dtype));
};

const binary =
  (op: BinaryName, type: Meeting): Binary =>
  (x, y) =>
    wrap(b[op](...meet(x, y, op, type)));

/** Storage types are compared and chosen between in f32, and come back as they were. */
const choosing =
  (op: "maximum" | "minimum"): Binary =>
  (x, y) => {
    const [a, c] = meet(
      x,
      y,
      op,
      typeof x === "number" || typeof y === "number" ? arithmetic : keeping,
    );
    const wide = computeType(a.dtype);
    return wrap(castTo(b[op](castTo(a, wide), castTo(c, wide)), a.dtype));
  };
export const maximum = choosing("maximum");
export const minimum = choosing("minimum");

/** ⌊x / y⌋. Exact for integers, where a quotient of floats would not be; 0 for a division by 0. */
const floorDivide: Binary = (x, y) => {
  const [a, c] = meet(x, y, "floorDivide", arithmetic);
  return wrap(isInteger(a.dtype) ? floorOfIntegers(a, c) : b.floor(b.div(a, c)));
};

/** The quotient without its fraction, less one where that was rounding up. Nothing overflows. */
function floorOfIntegers(a: Node, c: Node): Node {
  const quotient = b.div(a, c);
  const roundedUp = b.notEqual(b.mod(a, c), b.sub(a, b.mul(quotient, c)));
  return b.where(b.equal(c, 0), 0, b.sub(quotient, b.cast(roundedUp, { dtype: a.dtype })));
}

/** Compared in the common type: a number that an integer type cannot hold is compared as f64. */
const comparing =
  (op: BinaryName): Binary =>
  (x, y) => {
    const fraction = [x, y].some((v) => typeof v === "number" && !Number.isInteger(v));
    const type: Meeting = (s, t) => {
      const common = computeType(keeping(s, t));
      return fraction && !isFloat(common) ? "f64" : common;
    };
    return wrap(b[op](...meet(x, y, op, type)));
  };
const logical =
  (op: "logicalAnd" | "logicalOr" | "logicalXor"): Binary =>
  (x, y) => {
    const bits = scoped(() => [x, y].map((v) => asBit(v, op)));
    return wrap(b[op](...meet(bits[0], bits[1], op, toBool)));
  };
const toBool: Meeting = () => "bool";
const asBit = (v: Operand, op: string): Operand =>
  typeof v === "number" ? (v !== 0 ? 1 : 0) : wrap(truth(v, op));

/** A method for each name. */
const each = <N extends string, F>(make: (name: N) => F, ...names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as { readonly [K in N]: F };

export const elementwise = {
  ...each(onFloats, "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos"),
  ...each(onFloats, "atan", "sinh", "cosh", "erf", "lgamma"),
  ...each(onNumbers, "neg", "abs", "sign", "floor", "ceil", "round"),
  ...each(asking, "isNaN", "isFinite"),
  ...each((op) => binary(op, arithmetic), "add", "sub", "mul", "pow", "mod"),
  ...each((op) => binary(op, arithmetic), "leftShift", "rightShift"),
  ...each((op) => binary(op, dividing), "div", "atan2"),
  ...each((op) => binary(op, keeping), "bitwiseAnd", "bitwiseOr", "bitwiseXor"),
  ...each(comparing, "equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"),
  ...each(logical, "logicalAnd", "logicalOr", "logicalXor"),
  rsqrt: ((x) => wrap(b.div(1, b.sqrt(floatNode(x, "rsqrt"))))) satisfies Unary,
  logicalNot: ((x) => wrap(b.logicalNot(truth(x, "logicalNot")))) satisfies Unary,
  bitwiseNot: ((x) => wrap(b.bitwiseNot(nodeOf(x, "bitwiseNot")))) satisfies Unary,
  cast,
  clip,
  floorDivide,
  maximum,
  minimum,
  square,
  tanh,
};
