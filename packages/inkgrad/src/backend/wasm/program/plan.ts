import { bytesPer } from "../../../base/dtype.js";
import type { Buffer } from "../../program.js";

/** A cache line: threads that write to neighbouring buffers do not disturb one another. */
export const alignment = 64;

export const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** What a buffer takes; whole vectors may be read and written at its end. */
export const bytesOf = ({ dtype, elements }: Buffer): number => aligned(elements * bytesPer(dtype));

export interface Plan {
  /** Where each buffer begins, in bytes. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Bytes in all. */
  readonly bytes: number;
}

/**
 * Gives every buffer its place. Two buffers share memory if one is needed for the last time before
 * the other is needed at all; each takes the first gap that is large enough.
 *
 * @param touched  what each phase reads and writes
 * @param kept     what is needed after the last one
 */
export function planMemory(
  touched: readonly (readonly Buffer[])[],
  kept: readonly Buffer[],
  skip: (buffer: Buffer) => boolean,
): Plan {
  const first = new Map<Buffer, number>();
  const last = new Map<Buffer, number>();
  const note = (buffer: Buffer, phase: number): void => {
    if (skip(buffer)) return;
    if (!first.has(buffer)) first.set(buffer, phase);
    last.set(buffer, phase);
  };
  touched.forEach((buffers, phase) => {
    for (const buffer of buffers) note(buffer, phase);
  });
  for (const buffer of kept) note(buffer, touched.length);

  const offsets = new Map<Buffer, number>();
  const placed: Buffer[] = [];
  let bytes = 0;
  const bySize = [...first.keys()].sort((a, b) => bytesOf(b) - bytesOf(a));
  for (const buffer of bySize) {
    const rivals = placed
      .filter(
        (other) => first.get(other)! <= last.get(buffer)! && first.get(buffer)! <= last.get(other)!,
      )
      .sort((a, b) => offsets.get(a)! - offsets.get(b)!);
    let offset = 0;
    for (const other of rivals) {
      if (offset + bytesOf(buffer) <= offsets.get(other)!) break;
      offset = Math.max(offset, offsets.get(other)! + bytesOf(other));
    }
    offsets.set(buffer, offset);
    placed.push(buffer);
    bytes = Math.max(bytes, offset + bytesOf(buffer));
  }
  return { offsets, bytes };
}
