import type { Block, Heap } from "./heap.js";

/** The working memory that programs use one after the other; it grows to what the largest needs. */
export class Arena {
  private block: Block | null = null;

  constructor(private readonly heap: Heap) {}

  /** Its address, with `bytes` at least. What was in it is lost. */
  reserve(bytes: number, what: string): number {
    if (this.block !== null && this.block.bytes >= bytes) return this.block.at;
    if (this.block !== null) this.heap.release(this.block);
    this.block = null;
    this.block = this.heap.allocate(bytes, what);
    return this.block.at;
  }
}
