import type { DType } from "../../../base/dtype.js";
import type { ScalarName } from "../../../ops/scalar.js";
import type { CallValue, Value } from "../../program.js";
import type { FunctionBuilder } from "../assembler/function.js";
import type { Plain } from "../assembler/opcodes.js";
import { emitter } from "../math/emitter.js";
import { constant, type Lanes } from "../math/lanes.js";
import { withSign } from "../math/parts.js";
import { remainder } from "../math/remainder.js";
import { type ElementaryName, math } from "../math/table.js";
import { laneType, narrowMask, widenMask } from "./lanes.js";

type Emit = (f: FunctionBuilder) => void;

/** What floats of both sizes have an instruction for. */
const inFloats = {
  add: "add",
  sub: "sub",
  mul: "mul",
  div: "div",
  maximum: "max",
  minimum: "min",
  neg: "neg",
  abs: "abs",
  floor: "floor",
  ceil: "ceil",
  round: "nearest",
  sqrt: "sqrt",
  equal: "eq",
  notEqual: "ne",
  less: "lt",
  lessEqual: "le",
  greater: "gt",
  greaterEqual: "ge",
} as const;
type Floats = typeof inFloats;
const floats = <F extends "f32x4" | "f64x2">(format: F) =>
  Object.fromEntries(Object.entries(inFloats).map(([fn, op]) => [fn, `${format}.${op}`])) as {
    readonly [K in keyof Floats]: `${F}.${Floats[K]}`;
  };

const bitwise = {
  bitwiseNot: "v128.not",
  bitwiseAnd: "v128.and",
  bitwiseOr: "v128.or",
  bitwiseXor: "v128.xor",
} as const;
/** What is the same with a sign and without. */
const whole = {
  add: "i32x4.add",
  sub: "i32x4.sub",
  mul: "i32x4.mul",
  neg: "i32x4.neg",
  equal: "i32x4.eq",
  notEqual: "i32x4.ne",
  ...bitwise,
} as const;

/** Instructions that are one vector instruction, by the type of their operands. */
const direct: { readonly [type: string]: { readonly [K in ScalarName]?: Plain } } = {
  f32: floats("f32x4"),
  f64: floats("f64x2"),
  i32: {
    ...whole,
    abs: "i32x4.abs",
    maximum: "i32x4.max_s",
    minimum: "i32x4.min_s",
    less: "i32x4.lt_s",
    lessEqual: "i32x4.le_s",
    greater: "i32x4.gt_s",
    greaterEqual: "i32x4.ge_s",
  },
  u32: {
    ...whole,
    maximum: "i32x4.max_u",
    minimum: "i32x4.min_u",
    less: "i32x4.lt_u",
    lessEqual: "i32x4.le_u",
    greater: "i32x4.gt_u",
    greaterEqual: "i32x4.ge_u",
  },
  mask: {
    ...bitwise,
    logicalNot: "v128.not",
    logicalAnd: "v128.and",
    logicalOr: "v128.or",
    logicalXor: "v128.xor",
    maximum: "v128.or",
    minimum: "v128.and",
    notEqual: "v128.xor",
  },
};

const comparisons: ReadonlySet<string> = new Set([
  "equal",
  "notEqual",
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
]);

/**
 * What computes a scalar instruction on whole vectors, its operands on the stack; null where there
 * is nothing better than one element after the other.
 */
export function vectorInstruction({ fn, args, dtype: result }: CallValue): Emit | null {
  const operand = args[args.length - 1].dtype;
  const type = laneType(operand);
  if (fn === "leftShift" || fn === "rightShift") return shiftInstruction(fn, args[1], operand);
  if (fn === "cast") return castInstruction(operand, result);
  if (fn === "isNaN") return isNaN(type);
  if (fn === "isFinite") return isFinite(type);
  const name = direct[type][fn];
  if (name === undefined) return elementary(fn, type) ?? more(fn, type);
  return (f) => {
    f.op(name);
    if (type === "f64" && comparisons.has(fn)) narrowMask(f);
    // Bytes are computed in 32 bits and wrap like bytes.
    if (operand === "u8" && !comparisons.has(fn)) f.i32x4(255).op("v128.and");
  };
}

/** Does a call have a form on whole vectors? */
export const hasVectorForm = (call: CallValue): boolean =>
  call.fn === "where" || vectorInstruction(call) !== null;

/** A shift whose count is the same for all elements, as WebAssembly has it. */
function shiftInstruction(
  fn: "leftShift" | "rightShift",
  { kind }: Value,
  operand: DType,
): Emit | null {
  if (kind !== "number" && kind !== "scalar") return null;
  const signed = fn === "rightShift" && operand === "i32";
  const shift = fn === "leftShift" ? "i32x4.shl" : signed ? "i32x4.shr_s" : "i32x4.shr_u";
  return (f) => {
    // The instructions take counts modulo 32; here all beyond 31 shift everything out.
    const count = f.local("i32");
    f.lane("i32x4.extract_lane", 0).set(count);
    if (signed) f.i32(31).get(count).get(count).i32(31).op("i32.gt_u").op("select").op(shift);
    else {
      f.get(count).op(shift);
      f.i32(0).get(count).i32(32).op("i32.lt_u").op("i32.sub").op("i32x4.splat").op("v128.and");
    }
    f.release(count);
    if (operand === "u8") f.i32x4(255).op("v128.and");
  };
}

/** Functions of the project's own, in floats. */
function elementary(fn: ScalarName, type: string): Emit | null {
  if ((type !== "f32" && type !== "f64") || !Object.hasOwn(math, fn)) return null;
  return math[fn as ElementaryName][type === "f32" ? "f32x4" : "f64x2"];
}

function more(fn: ScalarName, type: string): Emit | null {
  if (type === "mask" && fn === "equal") return (f) => f.op("v128.xor").op("v128.not");
  const isWhole = type === "i32" || type === "u32";
  if (isWhole && (fn === "abs" || fn === "floor" || fn === "ceil" || fn === "round"))
    return () => undefined;
  if (fn === "sign") return sign[type as keyof typeof sign];
  if (fn === "mod" && (type === "f32" || type === "f64")) return remainder[type];
  return null;
}

/** ±1 where there is a size; else x, which is ±0 or NaN. */
const signOfFloat = (x: Lanes): Lanes =>
  x
    .abs()
    .gt(0)
    .select(withSign(constant(x.format, 1), x), x);
const sign = {
  f32: emitter("f32x4", signOfFloat),
  f64: emitter("f64x2", signOfFloat),
  i32: (f) => f.i32x4(1).op("i32x4.min_s").i32x4(-1).op("i32x4.max_s"),
  u32: (f) => f.i32x4(1).op("i32x4.min_u"),
} satisfies { readonly [type: string]: Emit };

function isNaN(type: string): Emit {
  if (type !== "f32" && type !== "f64") return (f) => f.op("drop").i32x4(0);
  return (f) => {
    const x = f.local("v128");
    f.tee(x)
      .get(x)
      .op(type === "f32" ? "f32x4.ne" : "f64x2.ne");
    f.release(x);
    if (type === "f64") narrowMask(f);
  };
}

function isFinite(type: string): Emit {
  if (type === "f32") return (f) => f.op("f32x4.abs").f32x4(Infinity).op("f32x4.lt");
  if (type === "f64") return (f) => narrowMask(f.op("f64x2.abs").f64x2(Infinity).op("f64x2.lt"));
  return (f) => f.op("drop").i32x4(-1);
}

function castInstruction(from: DType, to: DType): Emit | null {
  const [a, b] = [laneType(from), laneType(to)];
  const narrow: Emit = (f) => {
    if (to === "u8" && from !== "u8" && from !== "bool") f.i32x4(255).op("v128.and");
  };
  if (a === b || (a === "i32" && b === "u32") || (a === "u32" && b === "i32")) return narrow;
  if (b === "mask") {
    if (a === "f32") return (f) => f.f32x4(0).op("f32x4.ne");
    if (a === "f64") return (f) => narrowMask(f.f64x2(0).op("f64x2.ne"));
    return (f) => f.i32x4(0).op("i32x4.ne");
  }
  if (a === "mask") {
    if (b === "f32") return (f) => f.f32x4(1).op("v128.and");
    if (b === "f64") return (f) => widenMask(f).f64x2(1).op("v128.and");
    return (f) => f.i32x4(1).op("v128.and");
  }
  if (a === "f32" && b === "f64") return (f) => f.op("f64x2.promote_low_f32x4");
  if (a === "f64" && b === "f32") return (f) => f.op("f32x4.demote_f64x2_zero");
  if (b === "f32")
    return (f) => f.op(a === "i32" ? "f32x4.convert_i32x4_s" : "f32x4.convert_i32x4_u");
  if (b === "f64")
    return (f) => f.op(a === "i32" ? "f64x2.convert_low_i32x4_s" : "f64x2.convert_low_i32x4_u");
  // A float to an integer: the fraction goes, the limits hold, NaN is 0.
  const signed = b === "i32";
  const op: Plain =
    a === "f32"
      ? signed
        ? "i32x4.trunc_sat_f32x4_s"
        : "i32x4.trunc_sat_f32x4_u"
      : signed
        ? "i32x4.trunc_sat_f64x2_s_zero"
        : "i32x4.trunc_sat_f64x2_u_zero";
  return (f) => {
    f.op(op);
    if (to === "u8") f.i32x4(255).op("i32x4.min_u");
  };
}

/** `where`: the condition's mask, then the two values, are on the stack. */
export function emitSelect(f: FunctionBuilder, dtype: DType, operands: readonly Emit[]): void {
  const [condition, yes, no] = operands;
  yes(f);
  no(f);
  condition(f);
  if (dtype === "f64") widenMask(f);
  f.op("v128.bitselect");
}
