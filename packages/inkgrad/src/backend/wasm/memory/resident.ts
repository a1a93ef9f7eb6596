import { type DType, elementsAt, type TypedArray } from "../../../base/dtype.js";
import { TraceError } from "../../../base/errors.js";
import type { Resident } from "../../../graph/stored.js";
import type { Block, Heap } from "./heap.js";

/** A tensor's elements in the backend's memory; the block is freed with the last who holds them. */
export class WasmResident implements Resident {
  private block: Block | null;
  private copy: TypedArray | null = null;

  constructor(
    private readonly heap: Heap,
    block: Block,
    readonly dtype: DType,
    readonly elements: number,
  ) {
    this.block = block;
    abandoned.register(this, { heap, block }, this);
  }

  /** Is it in this memory, and still its own? */
  isIn(heap: Heap): boolean {
    return this.heap === heap && this.block !== null;
  }

  get at(): number {
    return this.owned().at;
  }

  read(): TypedArray {
    // Reading twice gives one array: what was read outlives the block.
    this.copy ??= elementsAt(
      this.dtype,
      this.heap.memory.buffer,
      this.owned().at,
      this.elements,
    ).slice();
    return this.copy;
  }

  /** Gives the block to a new owner. */
  giveUp(): Block {
    const block = this.owned();
    this.block = null;
    abandoned.unregister(this);
    return block;
  }

  private owned(): Block {
    if (this.block === null)
      throw new TraceError(
        "this tensor was given up to a compiled function (option donate), which has computed its " +
          "result in the same memory; use what the function returned",
      );
    return this.block;
  }
}

const abandoned = new FinalizationRegistry<{ heap: Heap; block: Block }>(({ heap, block }) => {
  heap.release(block);
});
