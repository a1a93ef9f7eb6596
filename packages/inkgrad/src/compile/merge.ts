import {
  type Access,
  type Buffer,
  type Kernel,
  loadsOf,
  type LoopKernel,
  readsOf,
  type Store,
  type Value,
  writesOf,
} from "../backend/program.js";
import { sameShape } from "../base/shape.js";

/** A loop with more loads and stores than this would run out of registers. */
const mostStreams = 24;
/** How far apart loops may stand that become one. */
const reach = 256;

/**
 * Makes one loop of several over the same index space that share what they read, or of which one
 * reads what the other writes: an optimizer's update of a parameter is one pass over memory, not
 * one for each of its moments. What then nobody reads any more is not stored.
 *
 * @param needed  buffers that are read after the last kernel
 */
export function mergeLoops(kernels: readonly Kernel[], needed: ReadonlySet<Buffer>): Kernel[] {
  const merged = [...kernels];
  const pieced = writtenInPieces(kernels);
  for (let i = 0; i < merged.length; i++)
    for (let j = i - 1; j >= Math.max(0, i - reach); j--) {
      const [early, late] = [merged[j], merged[i]];
      if (early.kind !== "loop" || late.kind !== "loop" || !fit(early, late, pieced)) continue;
      const between = merged.slice(j + 1, i);
      const down = between.every((kernel) => independent(early, kernel));
      const up = between.every((kernel) => independent(kernel, late));
      if (!down && !up) continue;
      merged[down ? i : j] = joined(early, late);
      merged.splice(down ? j : i, 1);
      // The loop may now fit others still.
      i = (down ? i - 1 : j) - 1;
      break;
    }
  return merged.map((kernel) => (kernel.kind === "loop" ? pruned(kernel, merged, needed) : kernel));
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
  const stores = late.stores.map(({ value, to }): Store => ({ value: moved(value), to }));
  return { ...early, stores: [...early.stores, ...stores] };
}

/** Without the stores that nobody reads. */
function pruned(loop: LoopKernel, all: readonly Kernel[], needed: ReadonlySet<Buffer>): LoopKernel {
  const stores = loop.stores.filter(
    ({ to: { buffer } }) =>
      needed.has(buffer) || all.some((kernel) => readsOf(kernel).includes(buffer)),
  );
  return stores.length === loop.stores.length ? loop : { ...loop, stores };
}
