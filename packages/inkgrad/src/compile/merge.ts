import {
  type Access,
  type Buffer,
  type Folded,
  type Kernel,
  loadsOf,
  type LoopKernel,
  readsOf,
  type ReduceKernel,
  type Store,
  type Value,
  writesOf,
} from "../backend/program.js";
import { sameShape } from "../base/shape.js";
import { readTheSame, shareParts } from "./share.js";

/** A loop with more loads and stores than this would run out of registers. */
const mostStreams = 24;
/** How far apart loops may stand that become one. */
const reach = 256;
/** Folds that are done in one pass, and what they read: each has its sums in registers. */
const mostFolds = 3;
const mostFoldStreams = 10;

/**
 * Makes one loop of several over the same index space that share what they read, or of which one
 * reads what the other writes: an optimizer's update of a parameter is one pass over memory, not
 * one for each of its moments. What then nobody reads any more is not stored. Folds of what they
 * both read become one pass, too: the gradients of a scale and an offset.
 *
 * @param needed  buffers that are read after the last kernel
 */
export function mergeKernels(kernels: readonly Kernel[], needed: ReadonlySet<Buffer>): Kernel[] {
  const merged = [...kernels];
  const pieced = writtenInPieces(kernels);
  for (let i = 0; i < merged.length; i++)
    for (let j = i - 1; j >= Math.max(0, i - reach); j--) {
      const [early, late] = [merged[j], merged[i]];
      const together = asOne(early, late, pieced);
      if (together === null) continue;
      const between = merged.slice(j + 1, i);
      const down = between.every((kernel) => independent(early, kernel));
      const up = between.every((kernel) => independent(kernel, late));
      if (!down && !up) continue;
      merged[down ? i : j] = together();
      merged.splice(down ? j : i, 1);
      // The loop may now fit others still.
      i = (down ? i - 1 : j) - 1;
      break;
    }
  return merged.map((kernel) => (kernel.kind === "loop" ? pruned(kernel, merged, needed) : kernel));
}

/** Makes one kernel of two; null if they are no match. */
function asOne(early: Kernel, late: Kernel, pieced: ReadonlySet<Buffer>): (() => Kernel) | null {
  if (early.kind === "loop" && late.kind === "loop")
    return fit(early, late, pieced) ? () => joined(early, late) : null;
  if (early.kind === "reduce" && late.kind === "reduce")
    return foldTogether(early, late) ? () => onePass(early, late) : null;
  return null;
}

function foldTogether(early: ReduceKernel, late: ReduceKernel): boolean {
  const folds = [...early.folds, ...late.folds];
  if (folds.length > mostFolds) return false;
  if (!sameShape(early.outer, late.outer) || !sameShape(early.inner, late.inner)) return false;
  if (folds.some(({ to }) => to.dtype !== folds[0].to.dtype)) return false;
  if (touches(writesOf(early), readsOf(late))) return false;
  if (!early.folds.some((a) => late.folds.some((b) => readTheSame(a.value, b.value)))) return false;
  const values = shareParts(folds.map(({ value }) => value));
  return new Set(values.flatMap(loadsOf)).size <= mostFoldStreams;
}

function onePass(early: ReduceKernel, late: ReduceKernel): ReduceKernel {
  const folds = [...early.folds, ...late.folds];
  const values = shareParts(folds.map(({ value }) => value));
  return { ...early, folds: folds.map((fold, i): Folded => ({ ...fold, value: values[i] })) };
}

const touches = (a: readonly Buffer[], b: readonly Buffer[]): boolean =>
  a.some((buffer) => b.includes(buffer));

/** May two kernels change places? */
const independent = (first: Kernel, second: Kernel): boolean =>
  !touches(writesOf(first), [...readsOf(second), ...writesOf(second)]) &&
  !touches(readsOf(first), writesOf(second));

/** Buffers that several kernels write, each a part: what is padded, or joined of others. */
function writtenInPieces(kernels: readonly Kernel[]): Set<Buffer> {
  const [once, twice] = [new Set<Buffer>(), new Set<Buffer>()];
  for (const buffer of kernels.flatMap(writesOf)) (once.has(buffer) ? twice : once).add(buffer);
  return twice;
}

function fit(early: LoopKernel, late: LoopKernel, pieced: ReadonlySet<Buffer>): boolean {
  if (!sameShape(early.space, late.space)) return false;
  if (touches(writesOf(early), writesOf(late))) return false;
  const [read, wanted] = [loadsIn(early), loadsIn(late)];
  if (read.length + wanted.length + early.stores.length + late.stores.length > mostStreams)
    return false;
  let shared = false;
  for (const { from } of wanted) {
    const store = early.stores.find(({ to }) => to.buffer === from.buffer);
    if (store !== undefined) {
      // Another place of what the first loop writes is not there yet.
      if (pieced.has(from.buffer) || !alike(store.to, from)) return false;
      shared = true;
    } else shared ||= read.some((load) => alike(load.from, from));
  }
  return shared;
}

const loadsIn = ({ stores }: LoopKernel) => stores.flatMap(({ value }) => loadsOf(value));

/** Do two accesses meet the same element at every point? */
export const alike = (a: Access, b: Access): boolean =>
  a.buffer === b.buffer &&
  a.layout.offset === b.layout.offset &&
  a.layout.strides.every((stride, i) => stride === b.layout.strides[i] || a.layout.shape[i] === 1);

function joined(early: LoopKernel, late: LoopKernel): LoopKernel {
  const known = new Map<Buffer, Value>(early.stores.map(({ to, value }) => [to.buffer, value]));
  const loads: Value[] = loadsIn(early);
  const done = new Map<Value, Value>();
  /** The value with what the first loop has at hand in the place of loads. */
  const moved = (value: Value): Value => {
    const before = done.get(value);
    if (before !== undefined) return before;
    const now = fresh(value);
    done.set(value, now);
    return now;
  };
  const fresh = (value: Value): Value => {
    if (value.kind === "load")
      return (
        known.get(value.from.buffer) ??
        loads.find((load) => load.kind === "load" && alike(load.from, value.from)) ??
        value
      );
    return value.kind === "call" ? { ...value, args: value.args.map(moved) } : value;
  };
  const added = late.stores.map(({ value, to }): Store => ({ value: moved(value), to }));
  const stores = [...early.stores, ...added];
  const values = shareParts(stores.map(({ value }) => value));
  return { ...early, stores: stores.map(({ to }, i): Store => ({ value: values[i], to })) };
}

/** Without the stores that nobody reads. */
function pruned(loop: LoopKernel, all: readonly Kernel[], needed: ReadonlySet<Buffer>): LoopKernel {
  const stores = loop.stores.filter(
    ({ to: { buffer } }) =>
      needed.has(buffer) || all.some((kernel) => readsOf(kernel).includes(buffer)),
  );
  return stores.length === loop.stores.length ? loop : { ...loop, stores };
}
