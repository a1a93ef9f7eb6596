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
}

export interface Source {
  readonly batches: number | undefined;
  epoch(epoch: number, from: number): AsyncIterable<Batch>;
}

export interface SourceOptions {
  readonly batchSize: number;
  /** For the order, which is another in each epoch; null: as they come. */
  readonly key: Key | null;
  /** Leave out a last batch that is not full? */
  readonly dropLast: boolean;
}

export const isStream = (data: Examples | BatchStream): data is BatchStream =>
  typeof (data as Partial<BatchStream> | null)?.epoch === "function";

export function sourceOf(data: Examples | BatchStream, options: SourceOptions, op: string): Source {
  if (isStream(data)) return streamed(data);
  requireExamples(data, op);
  return inMemory(data, options, op);
}

const streamed = (stream: BatchStream): Source => ({
  batches: stream.batches,
  async *epoch(epoch, from) {
    for await (const { x, y, weights } of stream.epoch(epoch, { from })) {
      const data = weights === undefined ? { x, y } : { x, y, weights };
      requireExamples(data, "a batch");
      yield { data, rows: null, count: x.shape[0] };
    }
  },
});

/** The examples stay where they are: programs are handed the numbers of those they should take. */
function inMemory(
  { x, y, weights }: Examples,
  { batchSize, key, dropLast }: SourceOptions,
  op: string,
): Source {
  const data = weights === undefined ? { x, y } : { x, y, weights };
  const n = x.shape[0];
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1))
    throw new ValueError(`${op}: batchSize must be a whole number ≥ 1, got ${String(batchSize)}`);
  const size = Math.min(batchSize, n);
  const batches = dropLast ? Math.floor(n / size) : Math.ceil(n / size);
  return {
    batches,
    async *epoch(epoch, from) {
      const order =
        key === null
          ? Int32Array.from({ length: n }, (_, i) => i)
          : Int32Array.from(await permutation(foldIn(key, epoch), n).data());
      for (let i = from; i < batches; i++) {
        const rows = order.subarray(i * size, Math.min((i + 1) * size, n));
        yield { data, rows: tensor(rows), count: rows.length };
      }
    },
  };
}
