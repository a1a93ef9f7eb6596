import { bytesPer, type DType } from "../../../base/dtype.js";
import { sizeOf, stridesOf as rowMajor } from "../../../base/shape.js";
import { type Buffer, type Folded, readsOf, type ReduceKernel } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { advance, collapse, Cursor, moving, nest, releaseAll } from "./cursor.js";
import { costOf, cursorOf, Expression, laneCount, leavesOf, stridesOf } from "./expression.js";
import { combine, foldLanes, foldLanesBeside, identity, onlyFirst } from "./fold-lanes.js";
import { type LaneCount, storeVector } from "./lanes.js";
import { vectors } from "./loop.js";
import type { Step } from "./step.js";

/** Points folded in one piece. */
const pointsAtOnce = 8192;
/** A fold of more points than this to few results is cut along what it folds. */
const worthCutting = 65536;
/** Folds of no more points (the windows of a pooling) need no loops. */
const fewPoints = 9;
/** Vectors of a row that are written out one after the other. */
const mostWritten = 8;
/** Vectors that stay in registers while many elements are folded. */
const mostHeld = 10;

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
  const results = sizeOf(kernel.outer);
  if (results === 0) return [];
  const { folds } = kernel;
  if (folds.some((fold) => lanesOf([fold]) !== lanesOf(folds)))
    return folds.flatMap((one) => reduceSteps({ ...kernel, folds: [one] }, scratch, byRows));
  const fold = new Fold(kernel, byRows);
  const folded = sizeOf(kernel.inner);
  if (byRows || results * folded < worthCutting || folded < 16 * results || folded < 512)
    return [fold.step()];
  const { length, piece } = fold.innerCut();
  const pieces = Math.ceil(length / piece);
  if (pieces < 2) return [fold.step()];
  const parts = folds.map(({ to }) => scratch(to.dtype, pieces * results));
  const layout = { shape: [results, pieces], strides: [1, results], offset: 0 };
  const whole: ReduceKernel = {
    kind: "reduce",
    outer: [results],
    inner: [pieces],
    folds: folds.map(({ fn, to }, i) => ({
      fn,
      value: { kind: "load", dtype: to.dtype, from: { buffer: parts[i], layout } },
      to,
    })),
  };
  return [fold.partStep(parts), new Fold(whole, false).step()];
}

const lanesOf = (folds: readonly Folded[]): LaneCount =>
  laneCount(folds.map(({ value, to }) => ({ value, dtype: to.dtype })));

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
    this.leaves = leavesOf(...kernel.folds.map(({ value }) => value));
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
    this.lanes = lanesOf(kernel.folds);
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
    return costOf(...this.kernel.folds.map(({ value }) => value));
  }

  private about(): Pick<Step, "name" | "reads" | "operations" | "callsHost"> {
    const { folds, outer, inner } = this.kernel;
    const fn = [...new Set(folds.map((fold) => fold.fn))].join(", ");
    const { operations, callsHost } = this.cost;
    return {
      name: `${folds.length > 1 ? `${folds.length} × ` : ""}${fn} ${[...outer, `(${inner.join("×")})`].join("×")}`,
      reads: readsOf(this.kernel),
      operations: (operations + folds.length) * sizeOf(outer) * sizeOf(inner),
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
      writes: this.kernel.folds.map(({ to }) => to),
      length: sizes[0],
      byRows: true,
      piece: this.across && sizes.length === 1 ? Math.max(32, places - (places % 4)) : places,
      emit: (f, context, start, count) => {
        const walk = this.cursors(f, context, (fold) => {
          context.pushAddress(f, this.kernel.folds[fold].to);
        });
        for (const cursor of walk.all) cursor.moveTo(f, 0, start);
        this.emit(f, context, walk, [count, ...sizes.slice(1)], this.inner.sizes);
      },
    };
  }

  /** How the first inner axis is cut. */
  innerCut(): { length: number; piece: number } {
    const { sizes } = this.inner;
    const perPlace = sizeOf(this.kernel.outer) * sizeOf(sizes.slice(1));
    const piece = Math.max(1, Math.ceil((4 * pointsAtOnce) / perPlace));
    // Whole blocks of a contiguous axis.
    return { length: sizes[0], piece: sizes.length === 1 ? Math.ceil(piece / 64) * 64 : piece };
  }

  /** Folds pieces of the first inner axis by themselves: results [pieces, …outer] in `parts`. */
  partStep(parts: readonly Buffer[]): Step {
    const cut = this.innerCut();
    const bytes = sizeOf(this.kernel.outer) * bytesPer(parts[0].dtype);
    return {
      ...this.about(),
      writes: parts,
      ...cut,
      emit: (f, context, start, count) => {
        const walk = this.cursors(f, context, (fold) => {
          context.pushAddress(f, parts[fold]);
          f.get(start).i32(cut.piece).op("i32.div_u").times(bytes).op("i32.add");
        });
        const first = this.outer.sizes.length;
        for (const cursor of walk.sources) cursor.moveTo(f, first, start);
        this.emit(f, context, walk, this.outer.sizes, [count, ...this.inner.sizes.slice(1)]);
      },
    };
  }

  /** `pushTarget`: leaves the address where the results of a fold begin. */
  private cursors(
    f: FunctionBuilder,
    context: ModuleContext,
    pushTarget: (fold: number) => void,
  ): Walk {
    const { kernel, leaves, outer, inner } = this;
    const targets = kernel.folds.map(({ to }, fold) => {
      const steps = outer.paths[0].map((stride) => stride * bytesPer(to.dtype));
      return new Cursor(f, () => {
        pushTarget(fold);
      }, [...steps, ...inner.sizes.map(() => 0)]);
    });
    const paths = leaves.map((_, i) => [...outer.paths[i + 1], ...inner.paths[i]]);
    const sources = leaves.map((leaf, i) => cursorOf(f, leaf, paths[i], context));
    return { targets, sources, paths, all: [...targets, ...sources] };
  }

  private emit(
    f: FunctionBuilder,
    context: ModuleContext,
    { targets, sources, paths, all }: Walk,
    outer: readonly number[],
    inner: readonly number[],
  ): void {
    const { leaves, lanes, empty } = this;
    const { folds } = this.kernel;
    const sizes = [...outer, ...inner];
    const split = outer.length;
    const axis = this.across ? split - 1 : sizes.length - 1;
    const expression = new Expression(
      f,
      folds.map(({ value }) => value),
      new Map(leaves.map((leaf, i) => [leaf, sources[i]])),
      new Map(leaves.map((leaf, i) => [leaf, paths[i][axis]])),
      lanes,
      context,
    );
    expression.loadScalars();
    /** Folds the next elements into locals, one for each fold. */
    const fold = (into: readonly Local[], count: number, only: number = lanes): void => {
      const next = expression.emit(count);
      folds.forEach(({ fn, value: { dtype } }, i) => {
        f.get(into[i]).get(next[i]);
        if (count < only) onlyFirst(f, fn, dtype, count);
        combine(f, fn, dtype);
        f.set(into[i]);
      });
      f.release(...next);
    };
    const fresh = (): Local[] =>
      folds.map(({ fn, value: { dtype } }) => {
        const local = f.local("v128");
        identity(f, fn, dtype);
        f.set(local);
        return local;
      });
    const merge = (into: readonly Local[], from: readonly Local[]): void => {
      folds.forEach(({ fn, value: { dtype } }, i) => {
        f.get(into[i]).get(from[i]);
        combine(f, fn, dtype);
        f.set(into[i]);
      });
      f.release(...from);
    };
    const put = (totals: readonly Local[], count: number): void => {
      folds.forEach(({ to }, i) => {
        store(f, to.dtype, totals[i], targets[i], count, lanes);
      });
    };

    if (this.across) {
      /** What stays the same while a result is folded: loaded once for each vector of results. */
      const few = !empty && sizeOf(inner) <= fewPoints;
      const fixed = leaves.filter((_, i) => paths[i].slice(split).every((step) => step === 0));
      /** Results of `count` vectors beside each other, the last of which has `rest` lanes. */
      const strip = (count: number, rest: number): void => {
        const totals = Array.from({ length: count }, fresh);
        const fits = !empty && count * (folds.length + fixed.length) <= mostHeld;
        const held = fits ? fixed : [];
        const holds: Local[][] = [];
        if (held.length > 0)
          moving(f, sources, axis, () => {
            for (let v = 0; v < count; v++) {
              holds.push(expression.loadAhead(held, v === count - 1 ? rest : lanes));
              if (v < count - 1) advance(f, sources, axis, lanes);
            }
          });
        /** The next elements of all vectors, folded into locals of each. */
        const row = (into: readonly Local[][]): void => {
          expression.loadInvariant();
          moving(f, sources, axis, () => {
            into.forEach((part, v) => {
              if (held.length > 0) expression.hold(held, holds[v]);
              fold(part, v === count - 1 ? rest : lanes, 0);
              if (v < count - 1) advance(f, sources, axis, lanes);
            });
          });
        };
        if (few)
          eachPoint(f, sizes, sources, split, () => {
            row(totals);
          });
        else if (!empty)
          nest(f, sizes, all, split, sizes.length - 1, () => {
            inBlocks(f, sizes.at(-1)!, sources, sizes.length - 1, (length) => {
              const parts = Array.from({ length: count }, fresh);
              const counter = f.local("i32");
              moving(f, sources, sizes.length - 1, () => {
                f.for(counter, 0, length, 1, () => {
                  row(parts);
                  advance(f, sources, sizes.length - 1, 1);
                });
              });
              f.release(counter);
              totals.forEach((total, v) => {
                merge(total, parts[v]);
              });
            });
          });
        expression.hold(held, null);
        f.release(...holds.flat());
        moving(f, targets, axis, () => {
          totals.forEach((total, v) => {
            put(total, v === count - 1 ? rest : lanes);
            advance(f, targets, axis, lanes);
          });
        });
        f.release(...totals.flat());
      };
      const width = expression.simple ? Math.max(2, Math.floor(8 / folds.length)) : 2;
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
    } else if (this.inShortRows(outer, expression)) {
      const [rows, length] = [sizes[axis - 1], sizes[axis]];
      /** The next row, written out: loops would take longer than what they go over. */
      const row = (): Local[] => {
        const total = fresh();
        expression.loadInvariant();
        moving(f, sources, axis, () => {
          for (let i = 0; i < length; i += lanes) {
            fold(total, Math.min(lanes, length - i));
            advance(f, sources, axis, lanes);
          }
        });
        advance(f, sources, axis - 1, 1);
        return total;
      };
      /** Rows whose lanes are folded beside each other, and what is left over one by one. */
      const some = (count: number): void => {
        const totals = Array.from({ length: count }, row);
        folds.forEach(({ fn, value: { dtype } }, i) => {
          const beside = totals.map((total) => total[i]);
          if (count === lanes) foldLanesBeside(f, fn, dtype, beside);
          else foldLanes(f, fn, dtype, beside[0], lanes);
        });
        put(totals[0], count);
        advance(f, targets, axis - 1, count);
        f.release(...totals.flat());
      };
      nest(f, sizes, all, 0, axis - 1, () => {
        moving(f, all, axis - 1, () => {
          const counter = f.local("i32");
          f.for(counter, 0, Math.floor(rows / lanes), 1, () => {
            some(lanes);
          });
          f.release(counter);
          for (let i = 0; i < rows % lanes; i++) some(1);
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
        folds.forEach(({ fn, value: { dtype } }, i) => {
          foldLanes(f, fn, dtype, total[i], lanes);
        });
        put(total, 1);
        f.release(...total);
      });
    expression.release();
    releaseAll(f, all);
  }

  /** Are what is folded rows of a few vectors, and so many that as many as there are lanes go together? */
  private inShortRows(outer: readonly number[], { simple }: Expression): boolean {
    const { sizes } = this.inner;
    return (
      simple &&
      sizes.length === 1 &&
      sizes[0] > 0 &&
      sizes[0] <= mostWritten * this.lanes &&
      outer[outer.length - 1] >= this.lanes
    );
  }
}

interface Walk {
  /** Where the results of each fold go. */
  readonly targets: readonly Cursor[];
  readonly sources: readonly Cursor[];
  readonly paths: readonly (readonly number[])[];
  readonly all: readonly Cursor[];
}

/** Writes `body` once for each point of the axes from `axis` on: without loops. */
function eachPoint(
  f: FunctionBuilder,
  sizes: readonly number[],
  cursors: readonly Cursor[],
  axis: number,
  body: () => void,
): void {
  if (axis === sizes.length) {
    body();
    return;
  }
  moving(f, cursors, axis, () => {
    for (let i = 0; i < sizes[axis]; i++) {
      if (i > 0) advance(f, cursors, axis, 1);
      eachPoint(f, sizes, cursors, axis + 1, body);
    }
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
