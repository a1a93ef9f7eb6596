import { ValueError } from "../base/errors.js";
import type { RawBatch, WorkerModule } from "./loader/types.js";
import { openPool, type Pool } from "./system-threads.js";

/** Workers that make batches. */

export type WorkerPool = Pool<readonly number[], RawBatch>;

/**
 * Of tensors their elements are sent. Arrays are copied before they are handed over, for they may be parts of
 * something that the module needs again.
 */
const pack = `async (made) => {
  const isTensor = (v) => v && typeof v.data === "function" && Array.isArray(v.shape);
  const plain = async (v) =>
    isTensor(v) ? { data: await v.data(), shape: [...v.shape], dtype: v.dtype } : v;
  const buffers = [];
  const own = (v) => {
    if (ArrayBuffer.isView(v)) {
      const copy = v.slice();
      buffers.push(copy.buffer);
      return copy;
    }
    return v && ArrayBuffer.isView(v.data) ? { ...v, data: own(v.data) } : v;
  };
  const batch = {};
  for (const part of ["x", "y", "weights"])
    if (made[part] !== undefined) batch[part] = own(await plain(made[part]));
  return [batch, buffers];
}`;

/** A pool whose workers start when there is first something for them to do. */
export function openWorkers(source: WorkerModule, count: number): WorkerPool {
  if (!Number.isInteger(count) || count < 1)
    throw new ValueError(`DataLoader: workers must be a whole number ≥ 1, got ${String(count)}`);
  if (!(typeof source.module === "string" || source.module instanceof URL))
    throw new ValueError(
      "DataLoader: getBatch must be a function or { module: URL or path, export }",
    );
  return openPool(source, {
    count,
    pack,
    name: "inkgrad data",
    gives: "a function that makes a batch from row numbers",
    closed: "the loader is closed, and its workers with it",
    dropped: "the loader was closed before the batch was made",
  });
}
