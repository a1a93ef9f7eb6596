import type { Dense } from "../../input/matrix.js";
import type { SparseRows } from "../../input/sparse-rows.js";

/** Sparse rows whose values may be f32, as those of a dense matrix are. */
export interface Compressed extends Omit<SparseRows, "values"> {
  readonly values: Float64Array | Float32Array;
}

/**
 * Up to this share of values that are not zero, a product passes over those alone: see docs/learn.md for
 * what was measured. With fewer elements, there is little to save.
 */
const mostShare = 0.3;
const fewestElements = 2 ** 20;
/** Rows that are looked at to find the share. */
const looked = 256;
/** Elements that are gone through at a time. */
const elementsAtOnce = 2 ** 18;

/** Are so many elements zero that the products are quicker without them? `kept`: the columns that count. */
export function isMostlyZero({ rows, columns, values }: Dense, kept: Int32Array): boolean {
  if (rows * kept.length < fewestElements) return false;
  let count = 0;
  for (let i = 0; i < looked; i++) {
    const from = Math.floor((i * rows) / looked) * columns;
    for (const j of kept) if (values[from + j] !== 0) count++;
  }
  return count <= mostShare * looked * kept.length;
}

/** Some columns of a dense matrix, without its zeros. */
export function compressed({ rows, columns, values }: Dense, kept: Int32Array): Compressed {
  const Values = values instanceof Float32Array ? Float32Array : Float64Array;
  const starts = new Int32Array(rows + 1);
  const parts: { indices: Int32Array; values: Float32Array | Float64Array }[] = [];
  const height = Math.max(1, Math.floor(elementsAtOnce / Math.max(1, kept.length)));
  // One more than there can be: what is not kept is written, and then written over.
  const room = height * kept.length + 1;
  const [indices, found] = [new Int32Array(room), new Values(room)];
  let all = 0;
  for (let first = 0; first < rows; first += height) {
    const last = Math.min(rows, first + height);
    const count = takeRows(values, first, last, columns, kept, { indices, found, starts, all });
    parts.push({ indices: indices.slice(0, count), values: found.slice(0, count) });
    all += count;
  }
  const whole = { indices: new Int32Array(all), values: new Values(all) };
  let at = 0;
  for (const part of parts) {
    whole.indices.set(part.indices, at);
    whole.values.set(part.values, at);
    at += part.values.length;
  }
  return { format: "csr", rows, columns: kept.length, starts, ...whole };
}

interface Room {
  readonly indices: Int32Array;
  readonly found: Float32Array | Float64Array;
  /** Of all rows; `all` values come before the first one. */
  readonly starts: Int32Array;
  readonly all: number;
}

/** Gives the number of values. */
function takeRows(
  values: Float32Array | Float64Array,
  first: number,
  last: number,
  columns: number,
  kept: Int32Array,
  { indices, found, starts, all }: Room,
): number {
  let count = 0;
  const { length } = kept;
  for (let row = first; row < last; row++) {
    const from = row * columns;
    // Without a branch, which nobody could predict.
    for (let j = 0; j < length; j++) {
      const value = values[from + kept[j]];
      indices[count] = j;
      found[count] = value;
      count += value === 0 ? 0 : 1;
    }
    starts[row + 1] = all + count;
  }
  return count;
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
  const next = new Int32Array(columns + 1);
  for (let i = from; i < to; i++) next[column[i] + 1]++;
  next[0] = from;
  for (let j = 0; j < columns; j++) next[j + 1] += next[j];
  starts.set(next.subarray(0, columns), at);
  for (let row = first; row < last; row++) {
    const end = rowStarts[row + 1];
    for (let i = rowStarts[row]; i < end; i++) {
      const place = next[column[i]]++;
      indices[place] = row;
      values[place] = value[i];
    }
  }
}
