import type { DType } from "../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { MemoryOp, Plain } from "../assembler/opcodes.js";

/**
 * The innermost part of every contraction: a tile of sums that stay in registers while the depth
 * goes by. Each step takes `vectors` vectors of the right side, and of the left side one element a
 * row for all lanes.
 *
 * @source Goto & van de Geijn, "Anatomy of high-performance matrix multiplication", 2008
 */

/** Element types that a tile can sum. */
export type TileType = Extract<DType, "f32" | "f64" | "i32" | "u32">;

/** Product and sum rounded each, or (where the engine may) once: other bits, one instruction. */
export type Madd = "mul+add" | "relaxed";

/** A run of the depth: `steps` equal steps of the left side, from `offset` bytes beyond `a`. */
export interface Segment {
  readonly offset: number;
  readonly steps: number;
}

/** All strides are constants in bytes; those of the left side are not negative. */
export interface TileOptions {
  readonly dtype: TileType;
  readonly madd: Madd;
  readonly rows: number;
  readonly vectors: number;
  /** From a row of the left side to the next, and from a step of the depth to the next. */
  readonly aRow: number;
  readonly aStep: number;
  /** From a step of the right side to the next; the steps of all segments follow each other. */
  readonly bStep: number;
  readonly depth: number | readonly Segment[];
  /** Steps in the body of the loop. */
  readonly unroll: number;
  /** Does the left side have a vector of its own for each step, in place of one element for all lanes? */
  readonly vectorsLeft?: boolean;
}

interface Lanes {
  readonly count: number;
  readonly splat: MemoryOp;
  readonly mul: Plain;
  readonly add: Plain;
  readonly madd?: Plain;
}

const integers: Lanes = {
  count: 4,
  splat: "v128.load32_splat",
  mul: "i32x4.mul",
  add: "i32x4.add",
};
const lanesOf: { readonly [D in TileType]: Lanes } = {
  f32: {
    count: 4,
    splat: "v128.load32_splat",
    mul: "f32x4.mul",
    add: "f32x4.add",
    madd: "f32x4.relaxed_madd",
  },
  f64: {
    count: 2,
    splat: "v128.load64_splat",
    mul: "f64x2.mul",
    add: "f64x2.add",
    madd: "f64x2.relaxed_madd",
  },
  i32: integers,
  u32: integers,
};

/** Elements in a vector. */
export const lanesIn = (dtype: TileType): number => lanesOf[dtype].count;

/** Adds vectors of this type. */
export const vectorAdd = (dtype: TileType): Plain => lanesOf[dtype].add;

/** Can a fused multiply-add be had for this type at all? */
export const canFuse = (dtype: TileType): boolean => lanesOf[dtype].madd !== undefined;

/**
 * The sums of a tile whose left side begins at `a` and right side at `b` (both stay as they are):
 * `sums[row][vector]`, for the caller to store and release.
 */
export function emitTile(
  f: FunctionBuilder,
  a: Local,
  b: Local,
  options: TileOptions,
): readonly (readonly Local[])[] {
  const { rows, vectors, depth } = options;
  const sums = Array.from({ length: rows }, () => f.locals(vectors, "v128"));
  for (const sum of sums.flat()) f.i32x4(0).set(sum);
  const segments = typeof depth === "number" ? [{ offset: 0, steps: depth }] : depth;
  const [left, right] = f.locals(2, "i32");
  // The masks change nothing: by them V8 knows that the addresses need no widening in the loop.
  f.get(b).i32(-4).op("i32.and").set(right);
  for (const { first, apart, count } of runs(segments)) {
    const start = f.local("i32");
    f.get(a).plus(first.offset).i32(-4).op("i32.and").set(start);
    const segment = (): void => {
      f.get(start).set(left);
      emitSteps(f, left, right, sums, first.steps, options);
    };
    if (count === 1) segment();
    else {
      const i = f.local("i32");
      f.for(i, 0, count, 1, () => {
        segment();
        f.increase(start, apart);
      });
      f.release(i);
    }
    f.release(start);
  }
  fixOrder(f, right, sums);
  f.release(left, right);
  return sums;
}

/**
 * Another branch never taken, for the same compiler: it lists the φ nodes of all loops in the order
 * in which it comes to them from the function's end, and orders the arithmetic of a step by that
 * list. Whatever the caller does with the sums, it comes to this branch first, where the order is
 * the one in which a step loads its left side.
 */
function fixOrder(f: FunctionBuilder, right: Local, sums: readonly (readonly Local[])[]): void {
  const list = sums.flat();
  f.get(right).if(
    () => undefined,
    () => {
      list.forEach((sum, i) =>
        f
          .get(right)
          .get(sum)
          .mem("v128.store", i * 16),
      );
      f.get(right).mem("v128.load").set(list[0]);
      for (const sum of list.slice(1)) f.get(list[0]).set(sum);
    },
  );
}

/** Segments equally long and equally far apart, as one loop. */
function runs(
  segments: readonly Segment[],
): { readonly first: Segment; readonly apart: number; readonly count: number }[] {
  const out: { first: Segment; apart: number; count: number }[] = [];
  for (const segment of segments) {
    const run = out.at(-1);
    const apart =
      run === undefined ? 0 : segment.offset - run.first.offset - run.apart * (run.count - 1);
    if (segment.steps === run?.first.steps && (run.count === 1 || apart === run.apart)) {
      run.apart = apart;
      run.count++;
    } else out.push({ first: segment, apart: 0, count: 1 });
  }
  return out;
}

/**
 * One segment: moves `right` beyond it, and leaves `left` anywhere.
 *
 * V8's older optimizing compiler (Node 20) may move all loads of a basic block to its beginning,
 * where they take up every register; it does so when the sums' uses, or the next load, come later
 * in straight code. So each step ends its block with a branch that is never taken (no address of
 * the left side is 0), which leads out of the loop and, on another way, back: then sums and memory
 * state end in φ nodes after each step, and loads stay beside their uses.
 */
function emitSteps(
  f: FunctionBuilder,
  left: Local,
  right: Local,
  sums: readonly (readonly Local[])[],
  steps: number,
  options: TileOptions,
): void {
  if (steps === 0) return;
  const { aStep, bStep } = options;
  const unroll = Math.min(options.unroll, steps);
  const loops = Math.floor(steps / unroll);
  f.block((out) => {
    const body = (count: number): void => {
      for (let ahead = 0; ahead < count; ahead++) {
        emitStep(f, left, right, sums, ahead, options);
        f.increase(left, aStep);
        if (ahead === count - 1) break;
        f.get(left).if(
          () => undefined,
          () => f.get(right).get(left).mem("i32.store").get(right).brIf(out),
        );
      }
      f.increase(right, count * bStep);
    };
    if (loops === 1) body(unroll);
    else if (loops > 1) {
      // The right side's address counts the loops, which saves a counter.
      const end = f.local("i32");
      f.get(right)
        .plus(loops * unroll * bStep)
        .set(end);
      f.loop((again) => {
        body(unroll);
        f.get(right).get(end).op("i32.ne").brIf(again);
      });
      f.release(end);
    }
    const rest = steps - loops * unroll;
    if (rest > 0) body(rest);
  });
}

/** One step: the right side's is `ahead` of its address, the left side's at its own. */
function emitStep(
  f: FunctionBuilder,
  left: Local,
  right: Local,
  sums: readonly (readonly Local[])[],
  ahead: number,
  { dtype, madd, vectors, aRow, bStep, vectorsLeft = false }: TileOptions,
): void {
  const lanes = lanesOf[dtype];
  const beside = f.locals(vectors, "v128");
  const one = f.local("v128");
  beside.forEach((vector, v) => {
    f.get(right)
      .mem("v128.load", ahead * bStep + v * 16, 2)
      .set(vector);
  });
  sums.forEach((row, i) => {
    f.get(left)
      .mem(vectorsLeft ? "v128.load" : lanes.splat, i * aRow, 2)
      .set(one);
    row.forEach((sum, v) => {
      emitMadd(f, dtype, madd, sum, one, beside[v]);
    });
  });
  f.release(one, ...beside);
}

/** sum += x · y */
export function emitMadd(
  f: FunctionBuilder,
  dtype: TileType,
  madd: Madd,
  sum: Local,
  x: Local,
  y: Local,
): void {
  const { mul, add, madd: fused } = lanesOf[dtype];
  if (madd === "relaxed" && fused !== undefined) f.get(x).get(y).get(sum).op(fused).set(sum);
  else f.get(sum).get(x).get(y).op(mul).op(add).set(sum);
}
