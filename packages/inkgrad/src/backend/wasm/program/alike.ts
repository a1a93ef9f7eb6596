import { sizeOf } from "../../../base/shape.js";
import { type Buffer, type Kernel, type LoopKernel, readsOf, writesOf } from "../../program.js";
import { byForm, loopsBeside } from "../codegen/loops-beside.js";
import type { Step } from "../codegen/step.js";
import type { Group } from "./group.js";

/**
 * Loops of one form (an optimizer's updates of its parameters) become one kernel where they may be
 * done side by side.
 */

/**
 * Points of an update that may wait for the others. A larger one is done with the product that its
 * gradient comes from, if it can: 4.7 MB of gradient written and read again cost a step of m3 1.7 %
 * (bench/README.md), while those of m1 and m2 stay in the cache, and take as long either way.
 */
const mostWaiting = 512 * 1024;

/** Loops that compute nothing but results of the program, as others of their form do. */
export function updatesOf(
  kernels: readonly Kernel[],
  outputs: readonly Buffer[],
): ReadonlyMap<Kernel, string> {
  const written = kernels.flatMap(writesOf);
  const results = new Set(
    outputs.filter((buffer) => written.indexOf(buffer) === written.lastIndexOf(buffer)),
  );
  const loops = kernels.filter(
    (kernel): kernel is LoopKernel =>
      kernel.kind === "loop" &&
      sizeOf(kernel.space) <= mostWaiting &&
      kernel.stores.every(({ to }) => results.has(to.buffer)),
  );
  return new Map(
    [...byForm(loops)]
      .filter(([, alike]) => alike.length > 1)
      .flatMap(([form, alike]) => alike.map((loop) => [loop, form] as const)),
  );
}

/**
 * Groups in an order that computes the same, every update right behind the last of its form.
 *
 * @param updates  each a group by itself
 */
export function bringTogether(
  groups: readonly Group[],
  updates: ReadonlyMap<Kernel, string>,
  place: (buffer: Buffer) => Buffer,
): readonly Group[] {
  if (updates.size === 0) return groups;
  const lastOf = new Map<string, number>();
  const keys = groups.map(({ kernels }) => updates.get(kernels[0]) ?? null);
  keys.forEach((key, i) => {
    if (key !== null) lastOf.set(key, i);
  });
  /** Where each group stands now: with which of the old ones. */
  const position = groups.map((_, i) => i);
  const [readers, writers] = [new Map<Buffer, number[]>(), new Map<Buffer, number[]>()];
  const touched = groups.map(({ kernels }) => ({
    reads: [...new Set(kernels.flatMap(readsOf).map(place))],
    writes: [...new Set(kernels.flatMap(writesOf).map(place))],
  }));
  touched.forEach(({ reads, writes }, i) => {
    for (const buffer of reads) readers.set(buffer, [...(readers.get(buffer) ?? []), i]);
    for (const buffer of writes) writers.set(buffer, [...(writers.get(buffer) ?? []), i]);
  });
  // From the end on: what has gone down before is in nobody's way where it stands now.
  for (let i = groups.length - 1; i >= 0; i--) {
    const key = keys[i];
    const last = key === null ? i : lastOf.get(key)!;
    if (last === i) continue;
    const passes = (others: readonly number[] = []): boolean =>
      others.every((j) => j === i || position[j] < i || position[j] > last);
    const { reads, writes } = touched[i];
    const free =
      reads.every((buffer) => passes(writers.get(buffer))) &&
      writes.every((buffer) => passes(writers.get(buffer)) && passes(readers.get(buffer)));
    if (free) position[i] = last;
  }
  return (
    groups
      .map((group, i) => ({ group, at: position[i], i }))
      // The one that the others have waited for comes first: then they fall into its phase.
      .sort((a, b) => a.at - b.at || b.i - a.i)
      .map(({ group }) => group)
  );
}

/** The steps of a phase, loops of one form as one. */
export function besideEachOther(steps: readonly Step[]): Step[] {
  const loops = steps.map(({ loop }) => loop).filter((loop) => loop !== undefined);
  const alike = new Map<LoopKernel | undefined, readonly LoopKernel[]>();
  for (const some of byForm(loops).values())
    if (some.length > 1) for (const loop of some) alike.set(loop, some);
  return steps.flatMap((step) => {
    const some = alike.get(step.loop);
    if (some === undefined) return [step];
    return step.loop === some[0] ? [loopsBeside(some)] : [];
  });
}
