import { ValueError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import { foldIn } from "../../tensor/random/key.js";
import { permutation } from "../../tensor/random/permutation.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Examples, requireExamples } from "./examples.js";

/** Where batches come from: examples in memory, or whatever makes batches (a `DataLoader`). */

/** Batches that are made as they are asked for. */
export interface BatchStream {
  /** Batches of an epoch, if that is known beforehand. */
  readonly batches?: number;
  /** The batches of an epoch, without the first `from` of them: always the same ones. */
  epoch(epoch: number, options: { from: number }): AsyncIterable<Examples> | Iterable<Examples>;
}

/** What a program takes its examples from. */
export interface Batch {
  readonly data: Examples;
  /** The numbers of the examples among `data`; null: all of it. */
  readonly rows: Tensor | null;
  readonly count: number;
  /** Is it the last one of the epoch? */
  readonly last: boolean;
}

export interface Source {
  readonly batches: number | undefined;
  epoch(epoch: number, from: number): AsyncIterable<Batch>;
}

export interface SourceOptions {
  readonly batchSize: BatchSize;
  /** For the order, which is another in each epoch; null: as they come. */
  readonly key: Key | null;
  /** Leave out a last batch that is not full? */
  readonly dropLast: boolean;
  /** The numbers of the examples to take, if not all. */
  readonly among?: Int32Array | undefined;
  /** Looks at the targets of each batch that is made as it is asked for. */
  readonly check?: (y: Tensor) => void;
}

export const isStream = (data: Examples | BatchStream): data is BatchStream =>
  typeof (data as Partial<BatchStream> | null)?.epoch === "function";

export function sourceOf(data: Examples | BatchStream, options: SourceOptions, op: string): Source {
  if (isStream(data)) return streamed(data, options.check);
  requireExamples(data, op);
  return inMemory(data, options, op);
}

/** One batch is kept back, to know whether another one follows. */
const streamed = (stream: BatchStream, check: SourceOptions["check"]): Source => ({
  batches: stream.batches,
  async *epoch(epoch, from) {
    let held: Batch | null = null;
    for await (const { x, y, weights } of stream.epoch(epoch, { from })) {
      const data = weights === undefined ? { x, y } : { x, y, weights };
      requireExamples(data, "a batch");
      check?.(y);
      if (held !== null) yield held;
      held = { data, rows: null, count: x.shape[0], last: false };
    }
    if (held !== null) yield { ...held, last: true };
  },
});

/** The examples stay where they are: programs are handed the numbers of those they should take. */
function inMemory(
  { x, y, weights }: Examples,
  { batchSize, key, dropLast, among }: SourceOptions,
  op: string,
): Source {
  const data = weights === undefined ? { x, y } : { x, y, weights };
  const n = among?.length ?? x.shape[0];
  requireBatchSize(batchSize, op);
  const size = batchSize === "all" ? n : Math.min(batchSize, n);
  const batches = dropLast ? Math.floor(n / size) : Math.ceil(n / size);
  return {
    batches,
    async *epoch(epoch, from) {
      const shuffled = key === null ? null : await permutation(foldIn(key, epoch), n).data();
      const order = Int32Array.from({ length: n }, (_, i) => {
        const at = shuffled === null ? i : shuffled[i];
        return among === undefined ? at : among[at];
      });
      for (let i = from; i < batches; i++) {
        const rows = order.subarray(i * size, Math.min((i + 1) * size, n));
        yield { data, rows: tensor(rows), count: rows.length, last: i === batches - 1 };
      }
    },
  };
}

/** Examples of a step: a number, or "all" of them. */
export type BatchSize = number | "all";

export function requireBatchSize(batchSize: BatchSize, op: string): void {
  if (batchSize !== "all" && !(Number.isSafeInteger(batchSize) && batchSize >= 1))
    throw new ValueError(
      `${op}: batchSize must be a whole number ≥ 1 or "all", got ${String(batchSize)}`,
    );
}
