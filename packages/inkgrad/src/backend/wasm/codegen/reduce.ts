import { bytesPer, type DType, rangeOf } from "../../../base/dtype.js";
import { stridesOf as rowMajor } from "../../../base/shape.js";
import type { ReduceKernel, ReduceName } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { Plain } from "../assembler/opcodes.js";
import type { ModuleContext } from "./context.js";
import { advance, collapse, Cursor, moving, nest } from "./cursor.js";
import { cursorOf, Expression, laneCount, leavesOf, stridesOf } from "./expression.js";
import { type LaneCount, laneType, storeVector } from "./lanes.js";
import { vectors } from "./loop.js";

/**
 * Folds the inner axes at each point of the outer ones. Vectors lie along the inner axes where the
 * elements do, and are folded into one at the end; else along the outer ones, each lane a result of
 * its own.
 */
export function emitReduce(f: FunctionBuilder, kernel: ReduceKernel, context: ModuleContext): void {
  const { value, to, fn } = kernel;
  if (to.elements === 0) return;
  const leaves = leavesOf(value);
  const rank = kernel.outer.length;
  const outer = collapse(kernel.outer, [
    rowMajor(kernel.outer),
    ...leaves.map((leaf) => stridesOf(leaf).slice(0, rank)),
  ]);
  const inner = collapse(
    kernel.inner,
    leaves.map((leaf) => stridesOf(leaf).slice(rank)),
  );
  const lanes = laneCount(value, to.dtype);
  const acrossOuter = betterAcrossOuter(outer, inner, lanes);
  const empty = kernel.inner.includes(0);
  if (inner.sizes.length === 0) {
    inner.sizes.push(1);
    for (const path of inner.paths) path.push(1);
  }
  const sizes = [...outer.sizes, ...inner.sizes];
  const split = outer.sizes.length;
  const size = bytesPer(to.dtype);
  const target = new Cursor(f, context.addressOf(to), [
    ...outer.paths[0].map((stride) => stride * size),
    ...inner.sizes.map(() => 0),
  ]);
  const paths = leaves.map((_, i) => [...outer.paths[i + 1], ...inner.paths[i]]);
  const sources = leaves.map((leaf, i) => cursorOf(f, leaf, paths[i], context));
  const axis = acrossOuter ? split - 1 : sizes.length - 1;
  const expression = new Expression(
    f,
    value,
    new Map(leaves.map((leaf, i) => [leaf, sources[i]])),
    new Map(leaves.map((leaf, i) => [leaf, paths[i][axis]])),
    lanes,
    context,
  );
  const cursors = [target, ...sources];
  const total = f.local("v128");
  const part = f.local("v128");
  const fold = (count: number): void => {
    f.get(total);
    expression.emit(count);
    combine(f, fn, value.dtype);
    f.set(total);
  };
  expression.loadScalars();

  if (acrossOuter) {
    nest(f, sizes, cursors, 0, axis, () => {
      vectors(f, sizes[axis], lanes, cursors, axis, (count) => {
        identity(f, fn, value.dtype);
        f.set(total);
        if (!empty)
          nest(f, sizes, cursors, split, sizes.length, () => {
            expression.loadInvariant();
            fold(count);
          });
        store(f, to.dtype, total, target, count, lanes);
      });
    });
    return;
  }
  nest(f, sizes, cursors, 0, split, () => {
    identity(f, fn, value.dtype);
    f.set(total);
    if (!empty)
      nest(f, sizes, cursors, split, axis, () => {
        expression.loadInvariant();
        inBlocks(f, sizes[axis], cursors, axis, (length) => {
          identity(f, fn, value.dtype);
          f.set(part);
          vectors(f, length, lanes, cursors, axis, (count) => {
            f.get(part);
            expression.emit(count);
            if (count < lanes) onlyFirst(f, fn, value.dtype, count);
            combine(f, fn, value.dtype);
            f.set(part);
          });
          f.get(total).get(part);
          combine(f, fn, value.dtype);
          f.set(total);
        });
      });
    foldLanes(f, fn, value.dtype, total, lanes);
    store(f, to.dtype, total, target, 1, lanes);
  });
}

/** Elements folded by themselves: a long sum of floats would lose the small ones it adds. */
const blockLength = 4096;

/** Runs `body` for each block of an axis, the cursors at its beginning. */
function inBlocks(
  f: FunctionBuilder,
  size: number,
  cursors: readonly Cursor[],
  axis: number,
  body: (length: number) => void,
): void {
  const whole = Math.floor(size / blockLength);
  moving(f, cursors, axis, () => {
    if (whole > 0) {
      const block = f.local("i32");
      f.for(block, 0, whole, 1, () => {
        body(blockLength);
        advance(f, cursors, axis, blockLength);
      });
      f.release(block);
    }
    if (size % blockLength > 0) body(size % blockLength);
  });
}

interface Nest {
  readonly sizes: readonly number[];
  readonly paths: readonly (readonly number[])[];
}

/** Do the elements lie along the outer axes rather than along the inner? */
function betterAcrossOuter(outer: Nest, inner: Nest, lanes: LaneCount): boolean {
  const length = outer.sizes.at(-1) ?? 1;
  if (length < lanes) return false;
  const alongOuter = outer.paths.slice(1).map((path) => path.at(-1)!);
  const alongInner = inner.paths.map((path) => path.at(-1) ?? 0);
  const smooth = (steps: readonly number[]): boolean =>
    steps.every((step) => step === 0 || step === 1) && steps.includes(1);
  return smooth(alongOuter) && !smooth(alongInner);
}

function store(
  f: FunctionBuilder,
  dtype: DType,
  total: Local,
  target: Cursor,
  count: number,
  lanes: LaneCount,
): void {
  f.get(total);
  storeVector(
    f,
    dtype,
    (g) => {
      g.get(target.at);
    },
    1,
    count,
    lanes,
  );
}

/** A vector full of what changes nothing when it is folded in. */
function identity(f: FunctionBuilder, fn: ReduceName, dtype: DType): void {
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

function combine(f: FunctionBuilder, fn: ReduceName, dtype: DType): void {
  f.op(instructions[laneType(dtype)][fn]!);
}

/** Puts the identity in the place of every lane but the first `count`. */
function onlyFirst(f: FunctionBuilder, fn: ReduceName, dtype: DType, count: number): void {
  identity(f, fn, dtype);
  const perLane = dtype === "f64" ? 2 : 1;
  const mask = [0, 1, 2, 3].map((i) => (i < count * perLane ? -1 : 0));
  f.i32x4(...(mask as [number, number, number, number]));
  f.op("v128.bitselect");
}

/** Folds the lanes into the first, halves upon halves: a fixed order. */
function foldLanes(
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
