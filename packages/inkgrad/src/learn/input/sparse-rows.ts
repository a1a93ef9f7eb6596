import { IndexError, ShapeError, ValueError } from "../../base/errors.js";

/** A matrix of mostly zeros: of each row only what is not zero (compressed sparse rows, CSR). */
export interface SparseRows {
  readonly format: "csr";
  readonly rows: number;
  readonly columns: number;
  /** [rows + 1] where each row begins in `indices` and `values`; the last: where all end. */
  readonly starts: Int32Array;
  /** The column of each value, ascending within a row, each once. */
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/**
 * Sparse rows from their parts, which are checked.
 *
 * @param parts.columns  how many columns there are
 * @throws ShapeError  if the parts' lengths contradict each other
 * @throws IndexError  for a column that is not there, or not ascending
 * @source SciPy `csr_matrix`
 */
export function sparseRows(parts: {
  readonly columns: number;
  readonly starts: ArrayLike<number>;
  readonly indices: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}): SparseRows {
  const { columns } = parts;
  const [starts, indices] = [Int32Array.from(parts.starts), Int32Array.from(parts.indices)];
  const values = Float64Array.from(parts.values);
  const rows = starts.length - 1;
  if (!(Number.isSafeInteger(columns) && columns >= 0))
    throw new ValueError(`sparseRows: columns must be a whole number ≥ 0, got ${String(columns)}`);
  if (rows < 0 || starts[0] !== 0 || starts[rows] !== values.length)
    throw new ShapeError(
      `sparseRows: starts must be [rows + 1] and go from 0 to the ${values.length} values`,
    );
  if (indices.length !== values.length)
    throw new ShapeError(
      `sparseRows: ${indices.length} indices for ${values.length} values; each needs its column`,
    );
  for (let row = 0; row < rows; row++) {
    if (starts[row + 1] < starts[row])
      throw new ShapeError(`sparseRows: row ${row} ends before it begins`);
    for (let i = starts[row]; i < starts[row + 1]; i++)
      if (indices[i] < (i > starts[row] ? indices[i - 1] + 1 : 0) || indices[i] >= columns)
        throw new IndexError(
          `sparseRows: in row ${row}, column ${indices[i]} is not below ${columns} or not ` +
            "greater than the one before it",
        );
  }
  return { format: "csr", rows, columns, starts, indices, values };
}

export const isSparse = (x: unknown): x is SparseRows =>
  typeof x === "object" && x !== null && (x as { format?: unknown }).format === "csr";

/** Collects sparse rows: `add` the values of a row by ascending column, then `endRow`. */
export function sparseBuilder(columns: number) {
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  return {
    add: (column: number, value: number): void => {
      indices.push(column);
      values.push(value);
    },
    endRow: (): void => void starts.push(indices.length),
    build: (): SparseRows => ({
      format: "csr",
      rows: starts.length - 1,
      columns,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    }),
  };
}

/** Columns as rows. */
export function transposed(x: SparseRows): SparseRows {
  const starts = new Int32Array(x.columns + 1);
  for (let i = 0; i < x.indices.length; i++) starts[x.indices[i] + 1]++;
  for (let k = 0; k < x.columns; k++) starts[k + 1] += starts[k];
  const next = starts.slice(0, x.columns);
  const [indices, values] = [new Int32Array(x.indices.length), new Float64Array(x.values.length)];
  for (let row = 0; row < x.rows; row++)
    for (let i = x.starts[row]; i < x.starts[row + 1]; i++) {
      const to = next[x.indices[i]]++;
      indices[to] = row;
      values[to] = x.values[i];
    }
  return { format: "csr", rows: x.columns, columns: x.rows, starts, indices, values };
}

/** Some of the columns, in the order given, each once at most. */
export function sparseColumns(x: SparseRows, columns: ArrayLike<number>): SparseRows {
  const to = new Int32Array(x.columns).fill(-1);
  for (let k = 0; k < columns.length; k++) to[columns[k]] = k;
  const out = sparseBuilder(columns.length);
  for (let row = 0; row < x.rows; row++) {
    const kept: number[] = [];
    for (let i = x.starts[row]; i < x.starts[row + 1]; i++) if (to[x.indices[i]] >= 0) kept.push(i);
    kept.sort((a, b) => to[x.indices[a]] - to[x.indices[b]]);
    for (const i of kept) out.add(to[x.indices[i]], x.values[i]);
    out.endRow();
  }
  return out.build();
}
