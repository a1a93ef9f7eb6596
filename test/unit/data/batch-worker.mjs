// What the loader's tests let workers do: squares of the row numbers, in the ways they are told to.
import { isMainThread, threadId } from "node:worker_threads";

const shared = Float32Array.from({ length: 100 }, (_, i) => i * i);

export const squares =
  ({ failAt = -1, dieAt = -1, slow = false } = {}) =>
  async (rows) => {
    if (rows.includes(failAt)) throw new RangeError(`row ${failAt} is bad`);
    if (rows.includes(dieAt)) process.exit(3);
    // Later batches are ready sooner.
    if (slow) await new Promise((done) => setTimeout(done, 40 - 4 * rows[0]));
    return {
      x: { data: Float32Array.from(rows, (row) => shared[row]), shape: [rows.length, 1] },
      y: Int32Array.from(rows),
      weights: Float32Array.from(rows, () => (isMainThread ? 0 : threadId)),
    };
  };

// The same array again and again: handing it over would take it away from the next batch.
export const views = () => (rows) => ({
  x: shared.subarray(rows[0], rows[0] + rows.length),
  y: rows,
});

export const notMaker = () => 7;
