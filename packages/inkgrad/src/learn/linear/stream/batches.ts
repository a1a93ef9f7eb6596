import type { Dense } from "../../input/matrix.js";
import type { SparseRows } from "../../input/sparse-rows.js";

/** Rows that make a step. */
export interface Batch {
  /** How many are filled; those after them are zeros. */
  readonly rows: number;
  /** [batch size, columns] */
  readonly values: Float64Array;
  /** [batch size] class numbers. */
  readonly numbers: Int32Array;
  /** [batch size], 0 for rows that are not filled; null: all are, and count the same. */
  readonly weights: Float64Array | null;
}

/** Gathers rows into batches of equal size, wherever the parts in which they come begin and end. */
export function batcher(size: number, columns: number) {
  const empty = () => ({
    rows: 0,
    // New for each batch: what a program has been given must stay as it is.
    values: new Float64Array(size * columns),
    numbers: new Int32Array(size),
    weights: new Float64Array(size),
  });
  let current = empty();
  const closed = (): Batch => {
    const full = current.rows === size && current.weights.every((weight) => weight === 1);
    return { ...current, weights: full ? null : current.weights };
  };
  return {
    /** Calls `use` with each batch that is full. */
    add(
      x: Dense | SparseRows,
      numbers: Int32Array,
      weights: Float64Array | null,
      use: (batch: Batch) => void,
    ): void {
      for (let from = 0; from < x.rows;) {
        const to = Math.min(x.rows, from + size - current.rows);
        copyRows(x, from, to, current.values, current.rows);
        current.numbers.set(numbers.subarray(from, to), current.rows);
        if (weights === null) current.weights.fill(1, current.rows, current.rows + to - from);
        else current.weights.set(weights.subarray(from, to), current.rows);
        current.rows += to - from;
        from = to;
        if (current.rows < size) continue;
        const batch = closed();
        current = empty();
        use(batch);
      }
    },
    /** A copy of what is waiting. */
    waiting(): Batch | null {
      return current.rows === 0 ? null : { ...closed(), values: current.values.slice() };
    },
    clear(): void {
      if (current.rows > 0) current = empty();
    },
  };
}

function copyRows(
  x: Dense | SparseRows,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
): void {
  const { columns } = x;
  if (x.format === "dense") {
    out.set(x.values.subarray(from * columns, to * columns), at * columns);
    return;
  }
  for (let row = from; row < to; row++, at++)
    for (let i = x.starts[row]; i < x.starts[row + 1]; i++)
      out[at * columns + x.indices[i]] = x.values[i];
}
