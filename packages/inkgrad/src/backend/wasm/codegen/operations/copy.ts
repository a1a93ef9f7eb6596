import type { FunctionBuilder, Local } from "../../assembler/function.js";

/** Up to so many bytes, a copy is written out. */
const writtenOut = 256;
/** From so many bytes on, the engine's own copying is faster than a loop. */
const engineFrom = 1024;

/** Copies `bytes` bytes between places that do not overlap. */
export function emitCopy(f: FunctionBuilder, to: Local, from: Local, bytes: number): void {
  if (bytes >= engineFrom) f.get(to).get(from).i32(bytes).memoryCopy();
  else if (bytes <= writtenOut) copyAt(f, to, from, 0, bytes);
  else {
    const rest = bytes % 64;
    const [target, source, done] = f.locals(3, "i32");
    f.get(to).set(target);
    f.get(from).set(source);
    f.for(done, 0, bytes - rest, 64, () => {
      copyAt(f, target, source, 0, 64);
      f.increase(source, 64);
      f.increase(target, 64);
    });
    copyAt(f, to, from, bytes - rest, bytes);
    f.release(target, source, done);
  }
}

/** The bytes from `first` up to `end`, instruction by instruction. */
function copyAt(f: FunctionBuilder, to: Local, from: Local, first: number, end: number): void {
  let at = first;
  for (; at + 16 <= end; at += 16)
    f.get(to).get(from).mem("v128.load", at, 0).mem("v128.store", at, 0);
  if (at === end) return;
  if (end >= 16) {
    // The last whole vector, which overlaps the one before.
    f.get(to)
      .get(from)
      .mem("v128.load", end - 16, 0)
      .mem("v128.store", end - 16, 0);
    return;
  }
  for (; at + 8 <= end; at += 8) f.get(to).get(from).mem("i64.load", at, 0).mem("i64.store", at, 0);
  for (; at + 4 <= end; at += 4) f.get(to).get(from).mem("i32.load", at, 0).mem("i32.store", at, 0);
  for (; at + 2 <= end; at += 2)
    f.get(to).get(from).mem("i32.load16_u", at, 0).mem("i32.store16", at, 0);
  for (; at < end; at++) f.get(to).get(from).mem("i32.load8_u", at).mem("i32.store8", at);
}
