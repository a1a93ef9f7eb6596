import {
  type Buffer,
  type Kernel,
  loadsOf,
  type LoopKernel,
  readsOf,
  withLeaves,
  writesOf,
} from "../../program.js";
import { isPlain } from "./group.js";

/**
 * The kernels of a program with products and convolutions that write where the one loop that reads
 * them (bias, activation, the mask of a derivative) has its result. So they have no memory of their
 * own, and the loop changes in its place what is in the cache already.
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
  for (const kernel of kernels) {
    if (kernel.kind !== "matmul" && kernel.kind !== "operation") continue;
    const { to } = kernel;
    const reading = [...(readers.get(to) ?? [])];
    const [loop] = reading;
    if (reading.length !== 1 || loop.kind !== "loop" || kept.includes(to) || !isFree(to)) continue;
    const target = loop.stores.find(
      ({ to: { buffer, layout } }) =>
        buffer.dtype === to.dtype &&
        isPlain({ buffer, layout }) &&
        isFree(buffer) &&
        !taken.has(buffer),
    )?.to.buffer;
    if (target?.elements !== to.elements || !loadsIn(loop, to).every(isPlain)) continue;
    moved.set(to, target);
    taken.add(target);
  }
  return kernels.map((kernel) => {
    if (kernel.kind === "loop") return readingAt(kernel, moved);
    const to = kernel.kind === "reduce" ? undefined : moved.get(kernel.to);
    return to === undefined ? kernel : ({ ...kernel, to } as Kernel);
  });
}

const loadsIn = ({ stores }: LoopKernel, buffer: Buffer) =>
  stores
    .flatMap(({ value }) => loadsOf(value))
    .map(({ from }) => from)
    .filter((from) => from.buffer === buffer);

function readingAt(loop: LoopKernel, moved: ReadonlyMap<Buffer, Buffer>): LoopKernel {
  if (!readsOf(loop).some((buffer) => moved.has(buffer))) return loop;
  const stores = loop.stores.map(({ value, to }) => ({
    value: withLeaves(value, (leaf) => {
      const buffer = leaf.kind === "load" ? moved.get(leaf.from.buffer) : undefined;
      return leaf.kind === "load" && buffer !== undefined
        ? { ...leaf, from: { ...leaf.from, buffer } }
        : leaf;
    }),
    to,
  }));
  return { ...loop, stores };
}
