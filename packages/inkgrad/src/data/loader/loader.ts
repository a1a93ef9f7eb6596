import { InkgradError, ValueError } from "../../base/errors.js";
import { elementsOf } from "../../tensor/operand.js";
import { foldIn, key as newKey } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import { orderOf } from "../order.js";
import { inOrder } from "./ahead.js";
import type { Parts } from "./collate.js";
import { type Indexed, nextOf, sourceOf, type Streamed } from "./source.js";
import type { Batch, LoaderOptions, LoaderState, Source } from "./types.js";

/**
 * Batches of a source, epoch after epoch. In epoch e the rows come in the order
 * `random.permutation(random.foldIn(key, e), n)` if shuffled, on every machine, so that a loader that
 * is resumed gives what one that was never interrupted would have given.
 *
 *     const loader = new DataLoader(data, { batchSize: 128, shuffle: true, key: random.key(1) });
 *     for await (const { x, y } of loader.epoch(0)) …
 *
 * @throws ValueError  for options that do not go together
 */
export class DataLoader {
  /** Examples in a batch; the last one may have fewer. */
  readonly batchSize: number;
  /** Batches in an epoch; undefined for a stream, whose end is not known. */
  readonly batches: number | undefined;

  private readonly source: Indexed | Streamed;
  private readonly options: LoaderOptions;
  private readonly depth: number;
  private position = { epoch: 0, batch: 0 };
  private order: { readonly epoch: number; readonly rows: Int32Array } | null = null;

  constructor(source: Source, options: LoaderOptions = {}) {
    const { batchSize = 32, dropLast = false, workers = 1 } = options;
    requireCount(batchSize, 1, "batchSize");
    if (options.prefetch !== undefined) requireCount(options.prefetch, 0, "prefetch");
    this.options = options;
    this.batchSize = batchSize;
    this.source = sourceOf(source, options);
    const { length } = this.source;
    if (options.shuffle === true) {
      if (options.key === undefined)
        throw new ValueError(
          "DataLoader: shuffle needs a key, so that the order can be had again: key: random.key(0)",
        );
      if (length === null)
        throw new ValueError(
          "DataLoader: a stream cannot be shuffled; shuffle what it is made from, or give " +
            "{ length, get }",
        );
    }
    const whole = dropLast ? Math.floor : Math.ceil;
    this.batches = length === null ? undefined : whole(length / batchSize);
    const inWorkers = length !== null && this.source.workers !== null;
    this.depth = options.prefetch ?? (inWorkers ? 2 * workers : 0);
  }

  /**
   * The batches of one epoch, from the batch `from` on (default 0).
   *
   * @throws InkgradError  that names the batch, if it could not be made
   */
  async *epoch(
    epoch: number,
    { from = 0 }: { readonly from?: number } = {},
  ): AsyncGenerator<Batch, void, undefined> {
    requireCount(epoch, 0, "the epoch");
    requireCount(from, 0, "from");
    const { batches } = this;
    if (batches !== undefined && from > batches)
      throw new ValueError(`DataLoader: from is ${from}, and an epoch has ${batches} batches`);
    const parts =
      this.source.length === null
        ? this.streamed(this.source, epoch, from)
        : this.indexed(this.source, epoch, from);
    this.position = { epoch, batch: from };
    for await (const batch of parts) {
      const last = batch.index + 1 === batches;
      this.position = last ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch.index + 1 };
      yield batch;
    }
    this.position = { epoch: epoch + 1, batch: 0 };
  }

  /** What is left of the epoch that the loader is in: all of it at first, or after `restore`. */
  [Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    const { epoch, batch } = this.position;
    return this.epoch(epoch, { from: batch });
  }

  /**
   * Which batch comes next, once those that were handed out are done with; as JSON. Batches that were
   * made ahead do not count.
   */
  state(): LoaderState {
    return { version: 1, ...this.position, ...this.form() };
  }

  /**
   * Goes to where a loader of the same form was: `for await (const batch of loader)` goes on from
   * there.
   *
   * @throws ValueError  if the state is of a loader with other rows, batches or another key
   */
  restore(state: LoaderState): void {
    const form = { version: 1, ...this.form() };
    for (const [name, own] of Object.entries(form)) {
      const other = (state as unknown as Record<string, unknown> | null)?.[name];
      if (JSON.stringify(other) !== JSON.stringify(own))
        throw new ValueError(
          `DataLoader: the state to restore has ${name} ${JSON.stringify(other)}, this loader ` +
            `${JSON.stringify(own)}; batches would not be the same`,
        );
    }
    requireCount(state.epoch, 0, "the state's epoch");
    requireCount(state.batch, 0, "the state's batch");
    if (this.batches !== undefined && state.batch > this.batches)
      throw new ValueError(
        `DataLoader: the state's batch is ${state.batch}, and an epoch has ${this.batches}`,
      );
    this.position = { epoch: state.epoch, batch: state.batch };
  }

  /** Ends the workers, if there are any. They do not keep a finished script alive in any case. */
  async close(): Promise<void> {
    if (this.source.length !== null) await this.source.workers?.close();
  }

  private form(): Omit<LoaderState, "version" | "epoch" | "batch"> {
    const { shuffle = false, key, dropLast = false } = this.options;
    const words = shuffle ? elementsOf(key!.node) : null;
    return {
      batchSize: this.batchSize,
      dropLast,
      length: this.source.length,
      shuffle: words && [words[0], words[1]],
    };
  }

  private indexed(source: Indexed, epoch: number, from: number): AsyncGenerator<Batch> {
    const rows = this.rowsIn(epoch, source.length);
    return inOrder(from, this.batches!, this.depth, async (index) => {
      const mine = rows.slice(index * this.batchSize, (index + 1) * this.batchSize);
      return this.finished(epoch, index, mine, () => source.get(mine));
    });
  }

  private async *streamed(source: Streamed, epoch: number, from: number): AsyncGenerator<Batch> {
    const iterator = source.open(epoch);
    let row = 0;
    let turn: Promise<unknown> = Promise.resolve();
    let ended = false;
    // Items come one after another, even where several batches are asked for ahead.
    const read = async (index: number): Promise<Batch | null> => {
      const before = turn;
      const parts = before.then(() =>
        ended ? null : naming(epoch, index, () => nextOf(iterator, this.batchSize, this.options)),
      );
      turn = parts.then(
        (found) => (ended ||= found === null),
        () => (ended = true),
      );
      const found = await parts;
      if (found === null) return null;
      const first = row;
      const mine = Int32Array.from({ length: found.x.shape[0] }, (_, i) => first + i);
      row += mine.length;
      return index < from ? null : this.finished(epoch, index, mine, () => found);
    };
    try {
      for (let index = 0; index < from && !ended; index++) await read(index);
      if (!ended) yield* inOrder(from, Infinity, this.depth, read);
    } finally {
      await iterator.return?.();
    }
  }

  private async finished(
    epoch: number,
    index: number,
    rows: Int32Array,
    make: () => Parts | Promise<Parts>,
  ): Promise<Batch> {
    return naming(epoch, index, async () => {
      let batch: Batch = { ...(await make()), rows, epoch, index };
      const { transforms = [] } = this.options;
      for (const [i, transform] of transforms.entries())
        batch = await transform(batch, this.keyFor(epoch, index, i));
      return batch;
    });
  }

  /** Apart from the keys of the epochs' orders, since no epoch has the number −1. */
  private keyFor(epoch: number, index: number, transform: number): Key {
    const own = foldIn(this.options.key ?? newKey(0), -1);
    return foldIn(foldIn(foldIn(own, epoch), index), transform);
  }

  private rowsIn(epoch: number, n: number): Int32Array {
    if (this.order?.epoch !== epoch) {
      const { shuffle = false, key } = this.options;
      this.order = { epoch, rows: orderOf(shuffle ? foldIn(key!, epoch) : undefined, n) };
    }
    return this.order.rows;
  }
}

/** An error says which batch it was. */
async function naming<T>(epoch: number, index: number, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InkgradError(`DataLoader: batch ${index} of epoch ${epoch}: ${message}`, { cause });
  }
}

function requireCount(n: number, least: number, what: string): void {
  if (!Number.isSafeInteger(n) || n < least)
    throw new ValueError(`DataLoader: ${what} must be a whole number ≥ ${least}, got ${String(n)}`);
}
