import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { isTensor } from "../../tensor/tensor.js";
import { type Dataset, lengthOf, requireDataset } from "../dataset.js";
import { rowsOf } from "../rows.js";
import { openWorkers, type WorkerPool } from "../system-workers.js";
import { batchFrom, collate, type Parts } from "./collate.js";
import type {
  Example,
  GetBatch,
  IndexedSource,
  LoaderOptions,
  RawBatch,
  Source,
  StreamSource,
} from "./types.js";

/** A source that can be asked for rows. */
export interface Indexed {
  readonly length: number;
  readonly get: (rows: Int32Array) => Parts | Promise<Parts>;
  readonly workers: WorkerPool | null;
}

/** A source that is read from its beginning. */
export interface Streamed {
  readonly length: null;
  readonly open: (epoch: number) => Iterator<unknown, unknown> | AsyncIterator<unknown, unknown>;
}

/** Tells the kinds of sources apart. @throws ValueError  for what is none */
export function sourceOf(source: Source, options: LoaderOptions): Indexed | Streamed {
  if (isDataset(source)) return fromDataset(source);
  if (isIndexed(source)) return fromIndexed(source, options);
  if (isStream(source)) return { length: null, open: opener(source) };
  throw new ValueError(
    "DataLoader: expected a Dataset, { length, get } or { length, getBatch }, or an iterable of " +
      `examples, got ${describe(source)}`,
  );
}

const isDataset = (source: Source): source is Dataset =>
  typeof source === "object" && source !== null && "x" in source && isTensor(source.x);

const isIndexed = (source: unknown): source is IndexedSource =>
  typeof source === "object" &&
  source !== null &&
  ("get" in source || "getBatch" in source) &&
  "length" in source;

const isIterable = (value: unknown): value is Iterable<unknown> & AsyncIterable<unknown> =>
  typeof value === "object" &&
  value !== null &&
  (Symbol.iterator in value || Symbol.asyncIterator in value);

const isStream = (source: unknown): source is StreamSource =>
  typeof source === "function" || isIterable(source);

function fromDataset(data: Dataset): Indexed {
  requireDataset(data, "DataLoader");
  const get = (rows: Int32Array): Parts => ({
    x: rowsOf(data.x, rows),
    y: rowsOf(data.y, rows),
    ...(data.weights && { weights: rowsOf(data.weights, rows) }),
  });
  return { length: lengthOf(data), get, workers: null };
}

function fromIndexed(source: IndexedSource, options: LoaderOptions): Indexed {
  const { length } = source;
  if (!Number.isInteger(length) || length < 0)
    throw new ValueError(
      `DataLoader: the source's length must be a whole number ≥ 0, got ${String(length)}`,
    );
  const { dtypes } = options;
  if ("get" in source) {
    const get = async (rows: Int32Array): Promise<Parts> =>
      collate(await Promise.all(Array.from(rows, async (row) => source.get(row))), dtypes);
    return { length, get, workers: null };
  }
  const whole =
    (getBatch: GetBatch) =>
    async (rows: Int32Array): Promise<Parts> =>
      batchFrom(await getBatch([...rows]), rows.length, dtypes);
  if (typeof source.getBatch === "function")
    return { length, get: whole((rows) => (source.getBatch as GetBatch)(rows)), workers: null };
  const workers = openWorkers(source.getBatch, options.workers ?? 1);
  return { length, get: whole(workers.run), workers };
}

/** Begins a stream for each epoch; one that can be read only once says so at the second. */
function opener(source: StreamSource): Streamed["open"] {
  let spent = false;
  return (epoch) => {
    const stream = typeof source === "function" ? source(epoch) : source;
    if (!isIterable(stream))
      throw new ValueError(
        `DataLoader: the function must give an iterable of examples, it gave ${describe(stream)}`,
      );
    const iterator =
      Symbol.asyncIterator in stream
        ? (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]()
        : (stream as Iterable<unknown>)[Symbol.iterator]();
    if ((iterator as unknown) === stream && typeof source !== "function") {
      if (spent)
        throw new ValueError(
          "DataLoader: this iterator can be read only once; give a function that makes a new one: " +
            "new DataLoader((epoch) => examples(epoch))",
        );
      spent = true;
    }
    return iterator;
  };
}

/** The next batch of a stream, or null when there is none. */
export async function nextOf(
  iterator: Iterator<unknown, unknown> | AsyncIterator<unknown, unknown>,
  size: number,
  options: LoaderOptions,
): Promise<Parts | null> {
  if (options.batched === true) {
    const { done, value }: IteratorResult<unknown, unknown> = await iterator.next();
    return done === true ? null : batchFrom(value as RawBatch, null, options.dtypes);
  }
  const examples: Example[] = [];
  while (examples.length < size) {
    const { done, value }: IteratorResult<unknown, unknown> = await iterator.next();
    if (done === true) break;
    examples.push(value as Example);
  }
  const tooFew = examples.length === 0 || (options.dropLast === true && examples.length < size);
  return tooFew ? null : collate(examples, options.dtypes);
}
