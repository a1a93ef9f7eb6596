import { type DType, elementsAt, type TypedArray } from "../../../base/dtype.js";
import { TraceError } from "../../../base/errors.js";
import type { Resident } from "../../../graph/stored.js";
import type { Block, Heap } from "./heap.js";

/** A block that passes from one tensor to the next; it is freed with the last one to have it. */
class Home {
  /** Whose it is. */
  owner: WasmResident | null = null;

  constructor(
    readonly heap: Heap,
    readonly block: Block,
  ) {
    abandoned.register(this, { heap, block });
  }
}

const abandoned = new FinalizationRegistry<{ heap: Heap; block: Block }>(({ heap, block }) => {
  heap.release(block);
});

/** A tensor's elements in the backend's memory. */
export class WasmResident implements Resident {
  private copy: TypedArray | null = null;

  private constructor(
    private readonly home: Home,
    readonly dtype: DType,
    readonly elements: number,
  ) {
    home.owner = this;
  }

  /** The elements that lie in a block. */
  static in(heap: Heap, block: Block, dtype: DType, elements: number): WasmResident {
    return new WasmResident(new Home(heap, block), dtype, elements);
  }

  /** Is it in this memory, and still its own? */
  isIn(heap: Heap): boolean {
    return this.home.heap === heap && this.home.owner === this;
  }

  get at(): number {
    if (this.home.owner === null)
      throw new TraceError(
        "this tensor was given up to a compiled function (option donate), which failed when it had " +
          "begun to write its result over it; go back to a tensor that was not given up",
      );
    if (this.home.owner !== this)
      throw new TraceError(
        "this tensor was given up to a compiled function (option donate), which has computed its " +
          "result in the same memory; use what the function returned",
      );
    return this.home.block.at;
  }

  read(): TypedArray {
    // Reading twice gives one array: what was read outlives the block.
    this.copy ??= elementsAt(
      this.dtype,
      this.home.heap.memory.buffer,
      this.at,
      this.elements,
    ).slice();
    return this.copy;
  }

  /** The elements are lost: a program that failed has written over them. */
  lose(): void {
    this.home.owner = null;
  }

  /** The tensor that takes the place of this one. */
  succeededBy(): WasmResident {
    return new WasmResident(this.home, this.dtype, this.elements);
  }
}
