import { type Buffer, type Kernel, type LoopKernel, readsOf, writesOf } from "../../program.js";
import { canFinish } from "../codegen/convolution/epilogue.js";
import { groupKernels } from "./group.js";

/**
 * The kernels of a program, each convolution (or gradient to its input) with the one loop that reads
 * it as its epilogue, where it can have one: bias, activation, a residual, the mask of a derivative
 * are computed while the sums are in registers. A loop that is done together with what follows it (a
 * pooling) stays there: its pass is over elements that are in the cache anyway.
 *
 * @param kept      buffers that are read after the last kernel
 * @param place     where a buffer's elements really are
 * @param isPlaced  is a buffer's place given, that of an input?
 */
export function withEpilogues(
  kernels: readonly Kernel[],
  kept: readonly Buffer[],
  place: (buffer: Buffer) => Buffer,
  isPlaced: (buffer: Buffer) => boolean,
): Kernel[] {
  if (!kernels.some((kernel) => kernel.kind === "operation")) return [...kernels];
  const [readers, writers] = [new Map<Buffer, Set<number>>(), new Map<Buffer, Set<number>>()];
  kernels.forEach((kernel, i) => {
    for (const buffer of readsOf(kernel)) note(readers, buffer, i);
    for (const buffer of writesOf(kernel)) note(writers, buffer, i);
  });
  // A result that is nobody else's, and lies nowhere in particular.
  const isOwn = (buffer: Buffer): boolean => !isPlaced(buffer) && writers.get(buffer)?.size === 1;
  const grouped = new Set(
    groupKernels(kernels, place, () => false).flatMap((group) =>
      group.kernels.length > 1 ? group.kernels : [],
    ),
  );
  const out: (Kernel | null)[] = [...kernels];
  kernels.forEach((kernel, i) => {
    if (kernel.kind !== "operation") return;
    const { to } = kernel;
    const reading = [...(readers.get(to) ?? [])];
    const [at] = reading;
    const loop = out[at];
    if (reading.length !== 1 || loop?.kind !== "loop" || kept.includes(to) || !isOwn(to)) return;
    if (grouped.has(loop) || !canFinish(kernel, loop) || !isOwn(loop.stores[0].to.buffer)) return;
    const there = meetingPlace(out, i, at, loop, place);
    if (there === null) return;
    out[i] = out[at] = null;
    out[there] = { ...kernel, to: loop.stores[0].to.buffer, epilogue: { loop, result: to } };
  });
  return out.filter((kernel) => kernel !== null);
}

function note(map: Map<Buffer, Set<number>>, buffer: Buffer, kernel: number): void {
  map.set(buffer, (map.get(buffer) ?? new Set<number>()).add(kernel));
}

/** Whose place both can take: the loop comes sooner, or the operation later, or null: neither. */
function meetingPlace(
  kernels: readonly (Kernel | null)[],
  operation: number,
  at: number,
  loop: LoopKernel,
  place: (buffer: Buffer) => Buffer,
): number | null {
  const between = kernels.slice(operation + 1, at).filter((kernel) => kernel !== null);
  const written = new Set(between.flatMap(writesOf).map(place));
  const isFree = (kernel: Kernel): boolean =>
    !readsOf(kernel).some((buffer) => written.has(place(buffer)));
  if (isFree(loop)) return operation;
  return isFree(kernels[operation]!) ? at : null;
}
