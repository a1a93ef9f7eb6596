import { type DType, rangeOf } from "../../../base/dtype.js";
import type { ReduceName } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { Plain } from "../assembler/opcodes.js";
import { type LaneCount, laneType } from "./lanes.js";

/** Folding vectors into one another, and the lanes of one. */

/** A vector full of what changes nothing when it is folded in. */
export function identity(f: FunctionBuilder, fn: ReduceName, dtype: DType): void {
  const [least, greatest] = rangeOf(dtype);
  const value = { sum: 0, prod: 1, max: least, min: greatest, any: 0, all: 1 }[fn];
  const type = laneType(dtype);
  if (type === "f32") f.f32x4(value);
  else if (type === "f64") f.f64x2(value);
  else if (type === "mask") f.i32x4(value !== 0 ? -1 : 0);
  else f.i32x4(value | 0);
}

const instructions: { readonly [type: string]: { readonly [K in ReduceName]?: Plain } } = {
  f32: { sum: "f32x4.add", prod: "f32x4.mul", max: "f32x4.max", min: "f32x4.min" },
  f64: { sum: "f64x2.add", prod: "f64x2.mul", max: "f64x2.max", min: "f64x2.min" },
  i32: { sum: "i32x4.add", prod: "i32x4.mul", max: "i32x4.max_s", min: "i32x4.min_s" },
  u32: { sum: "i32x4.add", prod: "i32x4.mul", max: "i32x4.max_u", min: "i32x4.min_u" },
  mask: { any: "v128.or", all: "v128.and", max: "v128.or", min: "v128.and" },
};

export function combine(f: FunctionBuilder, fn: ReduceName, dtype: DType): void {
  f.op(instructions[laneType(dtype)][fn]!);
}

/** Puts the identity in the place of every lane but the first `count`. */
export function onlyFirst(f: FunctionBuilder, fn: ReduceName, dtype: DType, count: number): void {
  identity(f, fn, dtype);
  const perLane = dtype === "f64" ? 2 : 1;
  const mask = [0, 1, 2, 3].map((i) => (i < count * perLane ? -1 : 0));
  f.i32x4(...(mask as [number, number, number, number]));
  f.op("v128.bitselect");
}

/** Folds the lanes into the first, halves upon halves: a fixed order. */
export function foldLanes(
  f: FunctionBuilder,
  fn: ReduceName,
  dtype: DType,
  total: Local,
  lanes: LaneCount,
): void {
  const wide = dtype === "f64";
  const upper = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
  const second = [4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7];
  const steps = wide ? [upper] : lanes === 4 ? [upper, second] : [second];
  for (const bytes of steps) {
    f.get(total).get(total).get(total).shuffle(bytes);
    combine(f, fn, dtype);
    f.set(total);
  }
}

/** Bytes of lanes of `size` bytes, numbered through two vectors. */
const lanesOf = (size: number, ...numbers: readonly number[]): number[] =>
  numbers.flatMap((lane) => Array.from({ length: size }, (_, byte) => lane * size + byte));

const halves = [lanesOf(8, 0, 2), lanesOf(8, 1, 3)] as const;
const pairs = [lanesOf(4, 0, 4, 1, 5), lanesOf(4, 2, 6, 3, 7)] as const;

/**
 * Folds the lanes of as many vectors as a vector has lanes, in the order of `foldLanes`: the results
 * lie beside each other in the first of them.
 */
export function foldLanesBeside(
  f: FunctionBuilder,
  fn: ReduceName,
  dtype: DType,
  totals: readonly Local[],
): void {
  /** into ← what `of` takes from both, folded. */
  const join = (
    into: Local,
    other: Local,
    [left, right]: readonly [readonly number[], readonly number[]],
  ): void => {
    f.get(into).get(other).shuffle(left);
    f.get(into).get(other).shuffle(right);
    combine(f, fn, dtype);
    f.set(into);
  };
  const [a, b, c, d] = totals;
  if (dtype === "f64") join(a, b, halves);
  else if (totals.length === 2) join(a, b, [lanesOf(4, 0, 4, 2, 6), lanesOf(4, 1, 5, 3, 7)]);
  else {
    // [a0+a2, b0+b2, a1+a3, b1+b3], and so c and d; then the halves of both.
    join(a, b, pairs);
    join(c, d, pairs);
    join(a, c, halves);
  }
}
