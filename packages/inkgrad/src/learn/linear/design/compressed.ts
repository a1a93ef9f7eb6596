import type { Dense } from "../../input/matrix.js";
import type { SparseRows } from "../../input/sparse-rows.js";

/** Sparse rows whose values may be f32, as those of a dense matrix are. */
export interface Compressed extends Omit<SparseRows, "values"> {
  readonly values: Float64Array | Float32Array;
}

/**
 * Up to this share of values that are not zero, a product passes over those alone. At 21 % one with ten
 * columns so takes a third of the time. With one column an f32 one is quicker at 5 %, as quick at 19 % and
 * slower at 28 %, and making sparse rows of dense ones has to pay as well. With fewer elements, there is
 * little to save.
 */
export const mostShare = (outputs: number): number => (outputs > 4 ? 0.3 : 0.1);
const fewestElements = 2 ** 20;
/** Rows that are looked at to find the share. */
const looked = 256;

/**
 * The share of elements that are not zero in some columns, in rows here and there; null: there are too many of
 * those, or too few elements, for products without zeros to be quicker.
 *
 * @param most  the share up to which they are, see `mostShare`
 */
export function shareOfNonzeros(
  { rows, columns, values }: Dense,
  kept: Int32Array,
  most: number,
): number | null {
  if (rows * kept.length < fewestElements) return null;
  let count = 0;
  for (let i = 0; i < looked; i++) {
    const from = Math.floor((i * rows) / looked) * columns;
    for (const j of kept) if (values[from + j] !== 0) count++;
  }
  const share = count / (looked * kept.length);
  return share <= most ? share : null;
}

/**
 * Some columns of a dense matrix, without its zeros.
 *
 * @param share  of values that are not zero, as far as is known
 */
export function compressed(
  { rows, columns, values }: Dense,
  kept: Int32Array,
  share: number,
): Compressed {
  const starts = new Int32Array(rows + 1);
  // Memory that is not written to costs nothing; so there may be more of it than is needed.
  let room = roomFor(values, share * 1.25 * rows * kept.length + kept.length);
  const runs = runsOf(kept);
  for (let row = 0, all = 0; row < rows; row++) {
    if (all + kept.length > room.indices.length) {
      const more = roomFor(values, 1.5 * (all + kept.length));
      more.indices.set(room.indices);
      more.values.set(room.values);
      room = more;
    }
    all = takeRow(values, row * columns, runs, room, all);
    starts[row + 1] = all;
  }
  const all = starts[rows];
  return {
    format: "csr",
    rows,
    columns: kept.length,
    starts,
    indices: room.indices.subarray(0, all),
    values: room.values.subarray(0, all),
  };
}

interface Room {
  readonly indices: Int32Array;
  readonly values: Float32Array | Float64Array;
}

function roomFor(values: Float32Array | Float64Array, size: number): Room {
  const length = Math.ceil(size);
  const Values = values instanceof Float32Array ? Float32Array : Float64Array;
  return { indices: new Int32Array(length), values: new Values(length) };
}

/** Columns beside each other: from, to (behind the last), and how far they move up. */
type Run = readonly [from: number, to: number, up: number];

function runsOf(kept: Int32Array): Run[] {
  const runs: Run[] = [];
  for (let j = 0, first = 0; j < kept.length; j++)
    if (kept[j + 1] !== kept[j] + 1) {
      runs.push([kept[first], kept[j] + 1, kept[first] - first]);
      first = j + 1;
    }
  return runs;
}

/** Puts a row's values from `at` on, and gives where the next one's go. */
function takeRow(
  all: Float32Array | Float64Array,
  row: number,
  runs: readonly Run[],
  { indices, values }: Room,
  at: number,
): number {
  for (const [from, to, up] of runs)
    for (let j = from; j < to; j++) {
      const value = all[row + j];
      if (value === 0) continue;
      indices[at] = j - up;
      values[at++] = value;
    }
  return at;
}

/** Some of the rows. */
export function rowsBetween(x: Compressed, first: number, last: number): Compressed {
  if (first === 0 && last === x.rows) return x;
  const [from, to] = [x.starts[first], x.starts[last]];
  return {
    ...x,
    rows: last - first,
    starts: x.starts.slice(first, last + 1).map((start) => start - from),
    indices: x.indices.subarray(from, to),
    values: x.values.subarray(from, to),
  };
}

/**
 * The transposes of parts of `height` rows, one below the other: [parts · columns, rows]. Row
 * p · columns + j has what stands in column j of part p.
 */
export function transposedParts(x: Compressed, height: number): Compressed {
  const { rows, columns } = x;
  const parts = Math.ceil(rows / height);
  const { length } = x.indices;
  const Values = x.values instanceof Float32Array ? Float32Array : Float64Array;
  const starts = new Int32Array(parts * columns + 1);
  const [indices, values] = [new Int32Array(length), new Values(length)];
  for (let part = 0; part < parts; part++) {
    const last = Math.min(rows, (part + 1) * height);
    transposePart(x, part * height, last, starts, part * columns, indices, values);
  }
  starts[parts * columns] = length;
  return { format: "csr", rows: parts * columns, columns: rows, starts, indices, values };
}

/** The rows of one transposed part; their starts stand from `at` on. */
function transposePart(
  x: Compressed,
  first: number,
  last: number,
  starts: Int32Array,
  at: number,
  indices: Int32Array,
  values: Float32Array | Float64Array,
): void {
  const { columns, starts: rowStarts, indices: column, values: value } = x;
  const [from, to] = [rowStarts[first], rowStarts[last]];
  const next = new Int32Array(columns);
  for (let i = from; i < to; i++) next[column[i]]++;
  for (let j = 0, before = from; j < columns; j++) {
    starts[at + j] = before;
    before += next[j];
    next[j] = starts[at + j];
  }
  for (let row = first, i = from; row < last; row++)
    for (const end = rowStarts[row + 1]; i < end; i++) {
      const place = next[column[i]]++;
      indices[place] = row;
      values[place] = value[i];
    }
}
