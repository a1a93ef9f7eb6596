import type { TypedArray } from "../../../base/dtype.js";
import type { Block, Heap } from "./heap.js";

/** Arrays that programs were given so often are kept in the memory. */
const usesBeforeKeeping = 3;
const smallestBytes = 4096;
/**
 * Arrays from this size on are kept from the first time on: a program's own place for them would stay
 * as large. But those given once make place for the next one (the parts of a stream).
 */
const largeBytes = 2 ** 24;
/** More than this is not kept: what was used longest ago goes. */
const mostBytes = 1024 * 2 ** 20;

interface Upload {
  uses: number;
  block: Block | null;
}

/**
 * Copies of arrays that programs use again and again (weights, a data set), so that they are not
 * copied in for every run. Arrays of tensors never change; a copy can always be made again.
 */
export class Uploads {
  private readonly known = new WeakMap<TypedArray, Upload>();
  /** Those in memory, the least recently used first. */
  private readonly kept = new Set<Upload>();
  private bytes = 0;
  private readonly collected = new FinalizationRegistry<Upload>((upload) => {
    this.drop(upload);
  });
  /** Those that the program about to run uses: they stay. */
  private readonly inUse = new Set<Upload>();

  constructor(private readonly heap: Heap) {}

  /** The address of an array's copy, or null if it is not worth keeping one. */
  addressOf(array: TypedArray): number | null {
    if (array.byteLength < smallestBytes) return null;
    let upload = this.known.get(array);
    if (upload === undefined) {
      upload = { uses: 0, block: null };
      this.known.set(array, upload);
    }
    upload.uses++;
    if (upload.block === null) {
      const isLarge = array.byteLength >= largeBytes;
      if ((upload.uses < usesBeforeKeeping && !isLarge) || array.byteLength > mostBytes)
        return null;
      if (isLarge) this.dropThoseUsedOnce();
      while (this.bytes + array.byteLength > mostBytes && this.dropOldest());
      if (this.bytes + array.byteLength > mostBytes) return null;
      upload.block = this.heap.allocate(array.byteLength, "an array used by several programs");
      new Uint8Array(this.heap.memory.buffer, upload.block.at, array.byteLength).set(
        new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      );
      this.bytes += upload.block.bytes;
      this.collected.register(array, upload);
    }
    this.kept.delete(upload);
    this.kept.add(upload);
    this.inUse.add(upload);
    return upload.block.at;
  }

  /** The program has run. */
  done(): void {
    this.inUse.clear();
  }

  private dropThoseUsedOnce(): void {
    for (const upload of this.kept)
      if (upload.uses === 1 && !this.inUse.has(upload)) {
        this.drop(upload);
        // The next time will be the second, after which it stays.
        upload.uses = 1;
      }
  }

  /** Gives back one array's copy. Was there any? */
  dropOldest(): boolean {
    for (const upload of this.kept)
      if (!this.inUse.has(upload)) {
        this.drop(upload);
        return true;
      }
    return false;
  }

  private drop(upload: Upload): void {
    if (upload.block === null) return;
    this.heap.release(upload.block);
    this.bytes -= upload.block.bytes;
    upload.block = null;
    upload.uses = 0;
    this.kept.delete(upload);
  }
}
