import { type Emit, emitter } from "./emitter.js";
import * as arc from "./arc-tangent.js";
import { erf } from "./error-function.js";
import * as exponential from "./exponential.js";
import type { Lanes } from "./lanes.js";
import * as logarithm from "./logarithm.js";
import { pow } from "./power.js";
import * as trigonometric from "./trigonometric.js";

/** An elementary function in both formats. */
interface Elementary {
  readonly f32x4: Emit;
  readonly f64x2: Emit;
}

const of = (body: (...x: readonly Lanes[]) => Lanes, arity = 1): Elementary => ({
  f32x4: emitter("f32x4", body, arity),
  f64x2: emitter("f64x2", body, arity),
});

/**
 * Elementary functions of vectors, made of basic operations alone, so that every engine gives the
 * same bits. Each takes its operands from the stack and leaves its result there. How accurate they
 * are: docs/math-accuracy.md.
 */
export const math = {
  exp: of(exponential.exp),
  expm1: of(exponential.expm1),
  log: of(logarithm.log),
  log1p: of(logarithm.log1p),
  tanh: of(exponential.tanh),
  sigmoid: of(exponential.sigmoid),
  sinh: of(exponential.sinh),
  cosh: of(exponential.cosh),
  erf: of(erf),
  sin: of(trigonometric.sin),
  cos: of(trigonometric.cos),
  tan: of(trigonometric.tan),
  atan: of(arc.atan),
  asin: of(arc.asin),
  acos: of(arc.acos),
  atan2: of(arc.atan2, 2),
  pow: of(pow, 2),
} as const;

export type ElementaryName = keyof typeof math;
