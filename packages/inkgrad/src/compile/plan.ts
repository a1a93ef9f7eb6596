import { bytesPer } from "../base/dtype.js";
import type { Buffer, Kernel, Value } from "../backend/program.js";

/** Whole vectors may be read and written at a buffer's end. */
const alignment = 16;
const bytesOf = ({ dtype, elements }: Buffer): number =>
  Math.ceil((elements * bytesPer(dtype)) / alignment) * alignment;

/**
 * Gives every buffer its place. Two buffers share memory if the last use of one comes before the
 * first of the other; each takes the first gap that is large enough.
 *
 * @returns bytes needed in all
 */
export function planArena(
  buffers: readonly Buffer[],
  kernels: readonly Kernel[],
  inputs: readonly Buffer[],
  outputs: readonly Buffer[],
): number {
  const first = new Map<Buffer, number>(inputs.map((buffer) => [buffer, -1]));
  const last = new Map<Buffer, number>(inputs.map((buffer) => [buffer, -1]));
  kernels.forEach((kernel, i) => {
    for (const buffer of touched(kernel)) {
      if (!first.has(buffer)) first.set(buffer, i);
      last.set(buffer, i);
    }
  });
  for (const buffer of outputs) last.set(buffer, kernels.length);

  const placed: Buffer[] = [];
  let total = 0;
  const bySize = [...buffers].sort((a, b) => bytesOf(b) - bytesOf(a));
  for (const buffer of bySize) {
    const rivals = placed
      .filter(
        (other) => first.get(other)! <= last.get(buffer)! && first.get(buffer)! <= last.get(other)!,
      )
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of rivals) {
      if (offset + bytesOf(buffer) <= other.offset) break;
      offset = Math.max(offset, other.offset + bytesOf(other));
    }
    buffer.offset = offset;
    placed.push(buffer);
    total = Math.max(total, offset + bytesOf(buffer));
  }
  return total;
}

/** Every buffer that a kernel reads or writes. */
function touched(kernel: Kernel): Buffer[] {
  switch (kernel.kind) {
    case "loop":
      return [...loads(kernel.value), kernel.to.buffer];
    case "reduce":
      return [...loads(kernel.value), kernel.to];
    case "matmul":
      return [kernel.x.buffer, kernel.y.buffer, kernel.to];
    case "host":
      return [...kernel.inputs, kernel.to];
  }
}

function loads(value: Value): Buffer[] {
  if (value.kind === "load") return [value.from.buffer];
  return value.kind === "call" ? value.args.flatMap(loads) : [];
}
