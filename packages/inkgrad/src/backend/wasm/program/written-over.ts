import {
  type Access,
  type Buffer,
  type Kernel,
  loadsOf,
  type LoopKernel,
  readsOf,
  type Value,
  withLeaves,
  writesOf,
} from "../../program.js";
import { isPlain } from "./group.js";

/**
 * The kernels of a program with results that are written where the loop that reads them last has its
 * own: a product where its bias and activation go, the exponentials of a softmax where their shares
 * go. So they have no memory of their own, and the loop changes in its place what is in the cache
 * already.
 *
 * @param kept      buffers that are read after the last kernel
 * @param isPlaced  is a buffer's place given, that of an input?
 */
export function writtenOver(
  kernels: readonly Kernel[],
  kept: readonly Buffer[],
  isPlaced: (buffer: Buffer) => boolean,
): Kernel[] {
  const readers = new Map<Buffer, Set<Kernel>>();
  const writers = new Map<Buffer, Set<Kernel>>();
  for (const kernel of kernels)
    for (const [touching, buffers] of [
      [readers, readsOf(kernel)],
      [writers, writesOf(kernel)],
    ] as const)
      for (const buffer of buffers)
        touching.set(buffer, (touching.get(buffer) ?? new Set<Kernel>()).add(kernel));
  const isFree = (buffer: Buffer): boolean => !isPlaced(buffer) && writers.get(buffer)?.size === 1;
  const moved = new Map<Buffer, Buffer>();
  const taken = new Set<Buffer>();
  // From the end on, for what is written over may lie where another thing is written over it.
  for (const kernel of [...kernels].reverse())
    for (const to of writesOf(kernel)) {
      const last = [...(readers.get(to) ?? [])].at(-1);
      if (last?.kind !== "loop" || last === kernel || kept.includes(to) || !isFree(to)) continue;
      const target = last.stores.find(
        ({ to: { buffer, layout } }) =>
          buffer.dtype === to.dtype &&
          isPlain({ buffer, layout }) &&
          isFree(buffer) &&
          !taken.has(buffer),
      )?.to.buffer;
      if (target?.elements !== to.elements || !loadsIn(last, to).every(isPlain)) continue;
      moved.set(to, moved.get(target) ?? target);
      taken.add(target);
    }
  return kernels.map((kernel) => inPlaces(kernel, moved));
}

const loadsIn = ({ stores }: LoopKernel, buffer: Buffer) =>
  stores
    .flatMap(({ value }) => loadsOf(value))
    .map(({ from }) => from)
    .filter((from) => from.buffer === buffer);

/** A kernel with buffers in the places of others. */
function inPlaces(kernel: Kernel, moved: ReadonlyMap<Buffer, Buffer>): Kernel {
  const at = (buffer: Buffer): Buffer => moved.get(buffer) ?? buffer;
  const from = (access: Access): Access => ({ ...access, buffer: at(access.buffer) });
  const reading = (value: Value): Value =>
    withLeaves(value, (leaf) => (leaf.kind === "load" ? { ...leaf, from: from(leaf.from) } : leaf));
  if (![...readsOf(kernel), ...writesOf(kernel)].some((buffer) => moved.has(buffer))) return kernel;
  switch (kernel.kind) {
    case "loop": {
      const stores = kernel.stores.map(({ value, to }) => ({
        value: reading(value),
        to: from(to),
      }));
      return { ...kernel, stores };
    }
    case "reduce": {
      const folds = kernel.folds.map(({ fn, value, to }) => ({
        fn,
        value: reading(value),
        to: at(to),
      }));
      return { ...kernel, folds };
    }
    case "matmul":
      return { ...kernel, x: from(kernel.x), y: from(kernel.y), to: at(kernel.to) };
    case "operation":
      return { ...kernel, inputs: kernel.inputs.map(at), to: at(kernel.to) };
  }
}
