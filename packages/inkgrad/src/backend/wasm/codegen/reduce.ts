import { bytesPer, type DType, rangeOf } from "../../../base/dtype.js";
import { sizeOf, stridesOf as rowMajor } from "../../../base/shape.js";
import { type Buffer, readsOf, type ReduceKernel, type ReduceName } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { Plain } from "../assembler/opcodes.js";
import type { ModuleContext } from "./context.js";
import { advance, collapse, Cursor, moving, nest, releaseAll } from "./cursor.js";
import { costOf, cursorOf, Expression, laneCount, leavesOf, stridesOf } from "./expression.js";
import { type LaneCount, laneType, storeVector } from "./lanes.js";
import { vectors } from "./loop.js";
import type { Step } from "./step.js";

/** Points folded in one piece. */
const pointsAtOnce = 8192;
/** A fold of more points than this to few results is cut along what it folds. */
const worthCutting = 65536;

/**
 * Folds the inner axes at each point of the outer ones. Vectors lie along the inner axes where the
 * elements do, and are folded into one at the end; else along the outer ones, each lane a result of
 * its own. A long fold to few results has two steps: pieces by themselves, then the pieces' results.
 *
 * @param scratch  makes a buffer for the pieces' results
 * @param byRows   cut along the first outer axis as it is
 */
export function reduceSteps(
  kernel: ReduceKernel,
  scratch: (dtype: DType, elements: number) => Buffer,
  byRows = false,
): Step[] {
  if (kernel.to.elements === 0) return [];
  const fold = new Fold(kernel, byRows);
  const results = kernel.to.elements;
  const folded = sizeOf(kernel.inner);
  if (byRows || results * folded < worthCutting || folded < 16 * results || folded < 512)
    return [fold.step()];
  const { length, piece } = fold.innerCut();
  const pieces = Math.ceil(length / piece);
  if (pieces < 2) return [fold.step()];
  const parts = scratch(kernel.to.dtype, pieces * results);
  const layout = { shape: [results, pieces], strides: [1, results], offset: 0 };
  const whole: ReduceKernel = {
    kind: "reduce",
    fn: kernel.fn,
    outer: [results],
    inner: [pieces],
    value: { kind: "load", dtype: kernel.to.dtype, from: { buffer: parts, layout } },
    to: kernel.to,
  };
  return [fold.partStep(parts), new Fold(whole, false).step()];
}

class Fold {
  private readonly leaves;
  private readonly outer: Nest;
  private readonly inner: Nest;
  private readonly lanes: LaneCount;
  /** Do vectors lie along the outer axes? */
  private readonly across: boolean;
  private readonly empty: boolean;

  constructor(
    private readonly kernel: ReduceKernel,
    byRows: boolean,
  ) {
    const { value, to } = kernel;
    this.leaves = leavesOf(value);
    const rank = kernel.outer.length;
    this.outer = collapse(
      kernel.outer,
      [rowMajor(kernel.outer), ...this.leaves.map((leaf) => stridesOf(leaf).slice(0, rank))],
      byRows ? 1 : 0,
    );
    this.inner = collapse(
      kernel.inner,
      this.leaves.map((leaf) => stridesOf(leaf).slice(rank)),
    );
    this.lanes = laneCount([{ value, dtype: to.dtype }]);
    this.across =
      betterAcrossOuter(this.outer, this.inner, this.lanes) &&
      (!byRows || this.outer.sizes.length > 1);
    this.empty = kernel.inner.includes(0);
    for (const [axes, ones] of [
      [this.outer, 0],
      [this.inner, 0],
    ] as const)
      if (axes.sizes.length === 0) {
        axes.sizes.push(1);
        for (const path of axes.paths) path.push(ones);
      }
  }

  private get cost(): ReturnType<typeof costOf> {
    return costOf(this.kernel.value);
  }

  private about(): Pick<Step, "name" | "reads" | "operations" | "callsHost"> {
    const { fn, outer, inner } = this.kernel;
    const { operations, callsHost } = this.cost;
    return {
      name: `${fn} ${[...outer, `(${inner.join("×")})`].join("×")}`,
      reads: readsOf(this.kernel),
      operations: (operations + 1) * sizeOf(outer) * sizeOf(inner),
      callsHost,
    };
  }

  /** The whole fold, cut along the outer axes. */
  step(): Step {
    const { sizes } = this.outer;
    const perPlace = sizeOf(sizes.slice(1)) * Math.max(1, sizeOf(this.inner.sizes));
    const dear = 1 + Math.floor(this.cost.operations / 16);
    const places = Math.ceil(pointsAtOnce / dear / perPlace);
    return {
      ...this.about(),
      writes: [this.kernel.to],
      length: sizes[0],
      byRows: true,
      piece: this.across && sizes.length === 1 ? Math.max(32, places - (places % 4)) : places,
      emit: (f, context, start, count) => {
        const walk = this.cursors(f, context, () => {
          context.pushAddress(f, this.kernel.to);
        });
        for (const cursor of walk.all) cursor.moveTo(f, 0, start);
        this.emit(f, context, walk, [count, ...sizes.slice(1)], this.inner.sizes);
      },
    };
  }

  /** How the first inner axis is cut. */
  innerCut(): { length: number; piece: number } {
    const { sizes } = this.inner;
    const perPlace = this.kernel.to.elements * sizeOf(sizes.slice(1));
    const piece = Math.max(1, Math.ceil((4 * pointsAtOnce) / perPlace));
    // Whole blocks of a contiguous axis.
    return { length: sizes[0], piece: sizes.length === 1 ? Math.ceil(piece / 64) * 64 : piece };
  }

  /** Folds pieces of the first inner axis by themselves: results [pieces, …outer] in `parts`. */
  partStep(parts: Buffer): Step {
    const cut = this.innerCut();
    const bytes = this.kernel.to.elements * bytesPer(parts.dtype);
    return {
      ...this.about(),
      writes: [parts],
      ...cut,
      emit: (f, context, start, count) => {
        const walk = this.cursors(f, context, () => {
          context.pushAddress(f, parts);
          f.get(start).i32(cut.piece).op("i32.div_u").i32(bytes).op("i32.mul").op("i32.add");
        });
        const first = this.outer.sizes.length;
        for (const cursor of walk.sources) cursor.moveTo(f, first, start);
        this.emit(f, context, walk, this.outer.sizes, [count, ...this.inner.sizes.slice(1)]);
      },
    };
  }

  private cursors(f: FunctionBuilder, context: ModuleContext, pushTarget: () => void): Walk {
    const { kernel, leaves, outer, inner } = this;
    const size = bytesPer(kernel.to.dtype);
    const target = new Cursor(f, pushTarget, [
      ...outer.paths[0].map((stride) => stride * size),
      ...inner.sizes.map(() => 0),
    ]);
    const paths = leaves.map((_, i) => [...outer.paths[i + 1], ...inner.paths[i]]);
    const sources = leaves.map((leaf, i) => cursorOf(f, leaf, paths[i], context));
    return { target, sources, paths, all: [target, ...sources] };
  }

  private emit(
    f: FunctionBuilder,
    context: ModuleContext,
    { target, sources, paths, all }: Walk,
    outer: readonly number[],
    inner: readonly number[],
  ): void {
    const { leaves, lanes, empty } = this;
    const { value, to, fn } = this.kernel;
    const { dtype } = value;
    const sizes = [...outer, ...inner];
    const split = outer.length;
    const axis = this.across ? split - 1 : sizes.length - 1;
    const expression = new Expression(
      f,
      [value],
      new Map(leaves.map((leaf, i) => [leaf, sources[i]])),
      new Map(leaves.map((leaf, i) => [leaf, paths[i][axis]])),
      lanes,
      context,
    );
    expression.loadScalars();
    /** Folds the next elements into a local. */
    const fold = (into: Local, count: number, only: number = lanes): void => {
      const [next] = expression.emit(count);
      f.get(into).get(next);
      if (count < only) onlyFirst(f, fn, dtype, count);
      combine(f, fn, dtype);
      f.set(into);
      f.release(next);
    };
    const fresh = (): Local => {
      const local = f.local("v128");
      identity(f, fn, dtype);
      f.set(local);
      return local;
    };
    const merge = (into: Local, from: Local): void => {
      f.get(into).get(from);
      combine(f, fn, dtype);
      f.set(into);
      f.release(from);
    };

    if (this.across) {
      /** Results of `count` vectors beside each other, the last of which has `rest` lanes. */
      const strip = (count: number, rest: number): void => {
        const totals = Array.from({ length: count }, fresh);
        if (!empty)
          nest(f, sizes, all, split, sizes.length - 1, () => {
            inBlocks(f, sizes.at(-1)!, sources, sizes.length - 1, (length) => {
              const parts = Array.from({ length: count }, fresh);
              const row = f.local("i32");
              moving(f, sources, sizes.length - 1, () => {
                f.for(row, 0, length, 1, () => {
                  expression.loadInvariant();
                  moving(f, sources, axis, () => {
                    parts.forEach((part, v) => {
                      fold(part, v === count - 1 ? rest : lanes, 0);
                      if (v < count - 1) advance(f, sources, axis, lanes);
                    });
                  });
                  advance(f, sources, sizes.length - 1, 1);
                });
              });
              f.release(row);
              totals.forEach((total, v) => {
                merge(total, parts[v]);
              });
            });
          });
        moving(f, [target], axis, () => {
          totals.forEach((total, v) => {
            store(f, to.dtype, total, target, v === count - 1 ? rest : lanes, lanes);
            advance(f, [target], axis, lanes);
          });
        });
        f.release(...totals);
      };
      const width = expression.simple ? 8 : 2;
      nest(f, sizes, all, 0, axis, () => {
        const columns = sizes[axis];
        const strips = Math.floor(columns / (width * lanes));
        moving(f, all, axis, () => {
          if (strips > 0) {
            const counter = f.local("i32");
            f.for(counter, 0, strips, 1, () => {
              strip(width, lanes);
              advance(f, all, axis, width * lanes);
            });
            f.release(counter);
          }
          const left = columns - strips * width * lanes;
          if (left > 0) strip(Math.ceil(left / lanes), left % lanes === 0 ? lanes : left % lanes);
        });
      });
    } else
      nest(f, sizes, all, 0, split, () => {
        const total = fresh();
        if (!empty)
          nest(f, sizes, all, split, axis, () => {
            expression.loadInvariant();
            inBlocks(f, sizes[axis], sources, axis, (length) => {
              // Several sums at once: each addition waits for the one before.
              const several = expression.simple && length >= 4 * lanes ? 4 : 1;
              const parts = Array.from({ length: several }, fresh);
              const whole = length - (length % (several * lanes));
              moving(f, sources, axis, () => {
                if (whole > 0) {
                  const counter = f.local("i32");
                  f.for(counter, 0, whole, several * lanes, () => {
                    for (const part of parts) {
                      fold(part, lanes);
                      advance(f, sources, axis, lanes);
                    }
                  });
                  f.release(counter);
                }
                if (whole < length)
                  vectors(f, length - whole, lanes, sources, axis, (count) => {
                    fold(parts[0], count);
                  });
              });
              for (let step = several / 2; step >= 1; step /= 2)
                for (let i = 0; i < step; i++) merge(parts[i], parts[i + step]);
              merge(total, parts[0]);
            });
          });
        foldLanes(f, fn, dtype, total, lanes);
        store(f, to.dtype, total, target, 1, lanes);
        f.release(total);
      });
    expression.release();
    releaseAll(f, all);
  }
}

interface Walk {
  readonly target: Cursor;
  readonly sources: readonly Cursor[];
  readonly paths: readonly (readonly number[])[];
  readonly all: readonly Cursor[];
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
  readonly sizes: number[];
  readonly paths: number[][];
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
  storeVector(f, dtype, (g) => g.get(target.at), 1, count, lanes);
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
