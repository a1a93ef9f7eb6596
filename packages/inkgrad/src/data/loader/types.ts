import type { DType, TypedArray } from "../../base/dtype.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Dataset } from "../dataset.js";
import type { NestedNumbers } from "../values.js";

/** Elements in order, and how they are arranged: what can travel between threads. */
export interface Elements {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  /** Left out: that of the array. */
  readonly dtype?: DType;
}

/** Numbers in any form. Plain ones become f32 unless the loader's `dtypes` say otherwise. */
export type Value = number | boolean | NestedNumbers | TypedArray | Elements | Tensor;

/** One example of a source. */
export interface Example {
  readonly x: Value;
  readonly y: Value;
  /** How much it counts; of all examples or of none. */
  readonly weight?: number;
}

/** Several examples of a source: the first axis of each part counts them. */
export interface RawBatch {
  readonly x: Value;
  readonly y: Value;
  readonly weights?: Value;
}

export type GetBatch = (rows: readonly number[]) => RawBatch | Promise<RawBatch>;

/**
 * A function in a module of its own, which workers load. The export is called once in each worker
 * with `options` (which must be cloneable) and gives, perhaps as a promise, a `GetBatch`.
 */
export interface WorkerModule {
  /** Where it is: a URL, or a path (relative ones from the working folder or the page). */
  readonly module: URL | string;
  /** The export's name (default "getBatch"). */
  readonly export?: string;
  readonly options?: unknown;
}

/** Examples that can be asked for by number, from 0 to length − 1. */
export type IndexedSource =
  | { readonly length: number; readonly get: (row: number) => Example | Promise<Example> }
  | { readonly length: number; readonly getBatch: GetBatch | WorkerModule };

type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

/** Examples, or batches of them, that come in an order of their own. */
export type StreamSource =
  | AnyIterable<Example | RawBatch>
  /** A function makes the stream of each epoch anew. */
  | ((epoch: number) => AnyIterable<Example | RawBatch>);

export type Source = Dataset | IndexedSource | StreamSource;

export interface Batch {
  /** [n, ...] */
  readonly x: Tensor;
  /** [n, ...] */
  readonly y: Tensor;
  /** [n] */
  readonly weights?: Tensor;
  /** Which rows of the source these are; in a stream, the how-manieth. */
  readonly rows: Int32Array;
  readonly epoch: number;
  /** The how-manieth batch of the epoch, from 0. */
  readonly index: number;
}

/** What is done to every batch; the key is the same whenever the batch is the same. */
export type BatchTransform = (batch: Batch, key: Key) => Batch | Promise<Batch>;

export interface LoaderOptions {
  /** Examples in a batch (default 32). */
  readonly batchSize?: number;
  /** Rows in a new random order in each epoch; needs a key (default false). */
  readonly shuffle?: boolean;
  /** For the order and for transforms. */
  readonly key?: Key;
  /** Leaves out the last batch if it is smaller than the others (default false). */
  readonly dropLast?: boolean;
  /** How many batches are made ahead (default 0; with workers, two for each). */
  readonly prefetch?: number;
  /** How many workers there are for a worker module (default 1). */
  readonly workers?: number;
  /** Does the stream give whole batches? (default false) */
  readonly batched?: boolean;
  /** Types for what comes as plain numbers (default f32). */
  readonly dtypes?: { readonly x?: DType; readonly y?: DType };
  /** In this order. */
  readonly transforms?: readonly BatchTransform[];
}

/** Where a loader is, in a form for JSON; the rest is there to be compared. */
export interface LoaderState {
  readonly version: 1;
  /** The batch that comes next. */
  readonly epoch: number;
  readonly batch: number;
  readonly batchSize: number;
  readonly dropLast: boolean;
  /** The number of rows; null for a stream. */
  readonly length: number | null;
  /** The key's words if rows are shuffled. */
  readonly shuffle: readonly [number, number] | null;
}
