import { OutOfMemoryError } from "../../../base/errors.js";
import { alignment } from "../program/plan.js";
import { maxPages, pageBytes } from "../program/emit.js";
import { controlBytes } from "../runtime/control.js";

/** A stretch of the memory that somebody has. */
export interface Block {
  readonly at: number;
  readonly bytes: number;
}

/** Vectors may be read a little beyond the last element. */
const margin = 64;
const growth = 4 * 2 ** 20;
/** Up to here tensors may stay in the memory. */
const keepable = (maxPages * pageBytes * 3) / 4;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;

/** The WebAssembly memory of the backend, given out in blocks. */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** What is free, in order, neighbours joined. */
  private free: Block[] = [];
  private end = controlBytes;
  private used = 0;

  /** Called when memory is short: gives back what can be had again. Was there anything? */
  relieve: () => boolean = () => false;

  constructor(readonly shared: boolean) {
    this.memory = new WebAssembly.Memory({ initial: 2, maximum: maxPages, shared });
  }

  /** Bytes given out. */
  get bytesInUse(): number {
    return this.used;
  }

  /**
   * May so much be given to a tensor that stays? Tensors that nobody has any more are freed only
   * when the caller's code lets go of the thread; until then others must find room to compute in.
   */
  hasRoomToKeep(bytes: number): boolean {
    return this.used + bytes <= keepable;
  }

  /** @throws OutOfMemoryError  naming `what` needs it */
  allocate(bytes: number, what: string): Block {
    const wanted = Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
    for (;;) {
      const block = this.take(wanted) ?? this.grow(wanted);
      if (block !== null) {
        this.used += wanted;
        return block;
      }
      if (!this.relieve())
        throw new OutOfMemoryError(
          `the wasm backend: ${what} needs ${megabytes(bytes)} of memory at once, ` +
            `${megabytes(this.used)} are in use and the rest cannot be had ` +
            `(WebAssembly addresses ${megabytes(maxPages * pageBytes)}); compute in smaller batches`,
        );
    }
  }

  release({ at, bytes }: Block): void {
    this.used -= bytes;
    let i = this.free.findIndex((block) => block.at > at);
    if (i < 0) i = this.free.length;
    const [before, after] = [
      this.free[i - 1] as Block | undefined,
      this.free[i] as Block | undefined,
    ];
    const joinsBefore = before !== undefined && before.at + before.bytes === at;
    const joinsAfter = after !== undefined && at + bytes === after.at;
    const from = joinsBefore ? before.at : at;
    const to = joinsAfter ? after.at + after.bytes : at + bytes;
    const first = joinsBefore ? i - 1 : i;
    this.free.splice(first, (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0), {
      at: from,
      bytes: to - from,
    });
  }

  private take(bytes: number): Block | null {
    const i = this.free.findIndex((block) => block.bytes >= bytes);
    if (i < 0) return null;
    const { at, bytes: had } = this.free[i];
    if (had === bytes) this.free.splice(i, 1);
    else this.free[i] = { at: at + bytes, bytes: had - bytes };
    return { at, bytes };
  }

  private grow(bytes: number): Block | null {
    const tail = this.free.at(-1);
    const joins = tail !== undefined && tail.at + tail.bytes === this.end;
    const from = joins ? tail.at : this.end;
    const needed = from + bytes + margin - this.memory.buffer.byteLength;
    if (from + bytes + margin > maxPages * pageBytes) return null;
    if (needed > 0 && !this.growBy(Math.max(needed, growth)) && !this.growBy(needed)) return null;
    if (joins) this.free.pop();
    this.end = from + bytes;
    return { at: from, bytes };
  }

  private growBy(bytes: number): boolean {
    try {
      this.memory.grow(Math.ceil(bytes / pageBytes));
      return true;
    } catch {
      return false;
    }
  }
}
