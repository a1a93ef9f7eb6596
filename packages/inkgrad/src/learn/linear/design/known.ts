import type { Dense } from "../../input/matrix.js";
import type { SparseRows } from "../../input/sparse-rows.js";
import { constantColumns } from "../columns.js";
import { compressed, mostShare, shareOfNonzeros } from "./compressed.js";
import { denseDesign } from "./dense.js";
import type { Design } from "./design.js";
import { sparseDesign } from "./sparse.js";

/** X without the columns that say nothing. */
export interface Known {
  readonly design: Design;
  /** The columns that are left, of all; null: all are. */
  readonly kept: Int32Array | null;
  /** [all columns] */
  readonly deviations: Float64Array;
}

export const designOf = (x: Dense | SparseRows): Design =>
  x.format === "dense" ? denseDesign(x) : sparseDesign(x);

/**
 * What was found out about a matrix. Elements of tensors never change, so that fits of the same data (a path of
 * penalties, a search) look at them once.
 */
const found = new WeakMap<object, Map<string, Known>>();

/**
 * @param varying  leave out columns that hold one value throughout
 * @param outputs  of each model that is fitted
 */
export function known(x: Dense | SparseRows, varying: boolean, outputs: number): Known {
  const what = x.format === "dense" ? x.values : x;
  const entry = found.get(what) ?? new Map<string, Known>();
  found.set(what, entry);
  const most = mostShare(outputs);
  const part = JSON.stringify([varying, most]);
  const before = entry.get(part);
  if (before?.design.rows === x.rows) return before;
  const constant = varying ? constantColumns(x) : [];
  const now = constant.length === 0 ? wholly(x, most) : without(x, constant, most);
  entry.set(part, now);
  return now;
}

function wholly(x: Dense | SparseRows, most: number): Known {
  const design = some(x, null, most);
  return { design, kept: null, deviations: design.deviations() };
}

function without(x: Dense | SparseRows, constant: readonly number[], most: number): Known {
  const gone = new Set(constant);
  const kept = columnsOf(x).filter((j) => !gone.has(j));
  const design = some(x, kept, most);
  return { design, kept, deviations: spread(design.deviations(), kept, x.columns, 1) };
}

const columnsOf = (x: { readonly columns: number }): Int32Array =>
  Int32Array.from({ length: x.columns }, (_, j) => j);

/** Some columns, or all. A dense matrix that is mostly zeros is gone through without them from here on. */
function some(x: Dense | SparseRows, kept: Int32Array | null, most: number): Design {
  if (x.format === "csr") return sparseDesign(kept === null ? x : sparseColumns(x, kept));
  const columns = kept ?? columnsOf(x);
  const filled = (): Design => denseDesign(kept === null ? x : denseColumns(x, kept));
  const share = shareOfNonzeros(x, columns, most);
  if (share === null) return filled();
  let dense: Design | null = null;
  return sparseDesign(compressed(x, columns, share), {
    // Products of all columns with one another are quicker with the zeros.
    gram: (d) => (dense ??= filled()).gram(d),
  });
}

/** Lines of the kept columns at their places among all, with zeros between them; `width` numbers a line. */
export function spread(
  lines: Float64Array,
  kept: Int32Array | null,
  columns: number,
  width: number,
): Float64Array {
  if (kept === null) return lines;
  const all = new Float64Array(columns * width);
  kept.forEach((j, i) => {
    all.set(lines.subarray(i * width, (i + 1) * width), j * width);
  });
  return all;
}

/** The inverse of `spread`. */
export function gathered(all: Float64Array, kept: Int32Array | null, width: number): Float64Array {
  if (kept === null) return all;
  const lines = new Float64Array(kept.length * width);
  kept.forEach((j, i) => {
    lines.set(all.subarray(j * width, (j + 1) * width), i * width);
  });
  return lines;
}

function denseColumns({ rows, columns, values }: Dense, kept: Int32Array): Dense {
  const some = new (values instanceof Float32Array ? Float32Array : Float64Array)(
    rows * kept.length,
  );
  // Columns beside each other are copied in one go.
  const from = kept.filter((j, i) => j !== kept[i - 1] + 1);
  const to = kept.filter((j, i) => j !== kept[i + 1] - 1).map((j) => j + 1);
  for (let row = 0, at = 0; row < rows * columns; row += columns)
    for (let run = 0; run < from.length; run++) {
      const end = row + to[run];
      for (let i = row + from[run]; i < end; i++, at++) some[at] = values[i];
    }
  return { format: "dense", rows, columns: kept.length, values: some };
}

function sparseColumns(x: SparseRows, kept: Int32Array): SparseRows {
  const place = new Int32Array(x.columns).fill(-1);
  kept.forEach((j, i) => {
    place[j] = i;
  });
  const [indices, values, starts] = [[] as number[], [] as number[], new Int32Array(x.rows + 1)];
  for (let row = 0; row < x.rows; row++) {
    for (let i = x.starts[row]; i < x.starts[row + 1]; i++)
      if (place[x.indices[i]] >= 0) {
        indices.push(place[x.indices[i]]);
        values.push(x.values[i]);
      }
    starts[row + 1] = indices.length;
  }
  return {
    ...x,
    columns: kept.length,
    starts,
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  };
}
