import { ShapeError, ValueError } from "../../base/errors.js";
import type { DType, TypedArray } from "../../base/dtype.js";
import { describe } from "../../base/tree.js";
import type { Table } from "../../data/formats/csv.js";
import { groupKFold } from "../../data/folds.js";
import { kFold, type Labels as Groups, type SplitRows } from "../../data/split.js";
import { storedElements, tensorOf } from "../../data/tensor-of.js";
import type { Key } from "../../tensor/random/types.js";
import { isTensor } from "../../tensor/tensor.js";
import { weightsOf } from "../input/labels.js";
import { isTable } from "../input/matrix.js";
import { listOf, rowCount } from "../input/rows.js";
import { isSparse, type SparseRows } from "../input/sparse-rows.js";
import type { Features, Label, Labels, Targets } from "../types.js";

/** What folds are cut from. */
export interface Data {
  readonly x: Features;
  readonly y: readonly Label[];
  readonly weights: Float64Array | null;
  readonly folds: readonly SplitRows[];
}

export interface FoldsOption {
  /**
   * How many folds (default 5), or the rows of each (`kFold`, `repeatedKFold`, `leaveOneOut`, …). A number is
   * stratified where y are classes: texts, truth values, or whole numbers that each occur so many times.
   */
  readonly folds?: number | readonly SplitRows[];
  /** One for each row: rows of a group stay on the same side. */
  readonly groups?: Groups;
  /** Which rows go into which fold. Without a key they are taken in order. */
  readonly key?: Key;
  /** How much each row counts when fitting; figures count all rows the same. */
  readonly sampleWeight?: Targets;
}

/**
 * @throws ShapeError  if y, weights or groups are not one for each row
 * @throws ValueError  if there are fewer rows (or groups) than folds, or folds name rows that are not there
 */
export function dataOf(x: Features, y: Labels | Targets, options: FoldsOption, op: string): Data {
  const rows = rowCount(x, op);
  const list = listOf(y, rows, op);
  const wrong = list.findIndex(
    (label) => !["string", "number", "boolean"].includes(typeof label) || label !== label,
  );
  if (wrong >= 0)
    throw new ValueError(
      `${op}: y of row ${wrong} is ${describe(list[wrong])}; leave the row out, or say what it is`,
    );
  const weights = weightsOf(options.sampleWeight, rows, op);
  return { x: asTensor(x), y: list, weights, folds: foldsOf(list, options, op) };
}

function foldsOf(y: readonly Label[], options: FoldsOption, op: string): readonly SplitRows[] {
  const { folds = 5, groups, key } = options;
  const keyed = key === undefined ? {} : { key };
  if (typeof folds !== "number") {
    if (groups !== undefined)
      throw new ValueError(`${op}: give the rows of each fold, or groups, not both`);
    return checked(folds, y.length, op);
  }
  if (groups !== undefined) {
    const count = isTensor(groups) ? (groups.shape[0] ?? 0) : groups.length;
    if (count !== y.length)
      throw new ShapeError(`${op}: X has ${y.length} rows and groups has ${count}`);
    return groupKFold(groups, { folds, ...keyed });
  }
  return areClasses(y, folds)
    ? kFold(y.length, { folds, stratified: y, ...keyed })
    : kFold(y.length, { folds, ...keyed });
}

export function areClasses(y: readonly Label[], times: number): boolean {
  if (y.every((label) => typeof label !== "number")) return true;
  if (!y.every((label) => typeof label !== "number" || Number.isInteger(label))) return false;
  const counts = new Map<Label, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()].every((count) => count >= times);
}

/** A list with something in it; whoever calls from JavaScript may give anything. */
export const isFilled = (x: unknown): boolean => Array.isArray(x) && x.length > 0;

function checked(folds: readonly SplitRows[], rows: number, op: string): readonly SplitRows[] {
  if (!isFilled(folds))
    throw new ValueError(`${op}: folds must be a number, or a list of { train, test } row numbers`);
  (folds as readonly Partial<SplitRows>[]).forEach(({ train, test }, fold) => {
    for (const [name, part] of Object.entries({ train, test })) {
      if (part === undefined || part.length === 0)
        throw new ValueError(`${op}: fold ${fold} has no rows in ${name}`);
      const wrong = part.find((row) => !(Number.isInteger(row) && row >= 0 && row < rows));
      if (wrong !== undefined)
        throw new ValueError(`${op}: fold ${fold} names row ${wrong}, and there are ${rows} rows`);
    }
  });
  return folds;
}

/** Rows of numbers become a tensor: quicker to cut, and ready to be shared. */
function asTensor(x: Features): Features {
  const list: unknown = x;
  if (!Array.isArray(list) || list.length === 0 || !Array.isArray(list[0])) return x;
  const table = list as readonly (readonly unknown[])[];
  const columns = table[0].length;
  const plain = table.every(
    (row) =>
      Array.isArray(row) && row.length === columns && row.every((v) => typeof v === "number"),
  );
  if (!plain) return x;
  const values = new Float64Array(table.length * columns);
  table.forEach((row, i) => values.set(row as readonly number[], i * columns));
  return tensorOf(values, [table.length, columns], "f64");
}

type Sent =
  | {
      readonly tensor: {
        readonly data: TypedArray;
        readonly shape: number[];
        readonly dtype: DType;
      };
    }
  | { readonly sparse: SparseRows }
  | { readonly table: Table }
  | { readonly rows: Features };

/** Data as it is sent to workers: numbers lie in memory that all of them share. */
export interface SharedData {
  readonly x: Sent;
  readonly y: readonly Label[] | Float64Array;
  readonly weights: Float64Array | null;
  readonly folds: readonly SplitRows[];
}

function shared<A extends TypedArray>(array: A): A {
  const bytes = new SharedArrayBuffer(array.byteLength);
  const copy = new (array.constructor as new (bytes: SharedArrayBuffer) => A)(bytes);
  copy.set(array);
  return copy;
}

export function share({ x, y, weights, folds }: Data): SharedData {
  const cut = folds.map(({ train, test }) => ({
    train: shared(Int32Array.from(train)),
    test: shared(Int32Array.from(test)),
  }));
  const areNumbers = y.every((label) => typeof label === "number");
  return {
    x: sentOf(x),
    y: areNumbers ? shared(Float64Array.from(y)) : y,
    weights: weights && shared(weights as Float64Array<ArrayBuffer>),
    folds: cut,
  };
}

function sentOf(x: Features): Sent {
  if (isTensor(x))
    return { tensor: { data: shared(storedElements(x)), shape: [...x.shape], dtype: x.dtype } };
  if (isSparse(x))
    return {
      sparse: {
        ...x,
        starts: shared(x.starts as Int32Array<ArrayBuffer>),
        indices: shared(x.indices as Int32Array<ArrayBuffer>),
        values: shared(x.values as Float64Array<ArrayBuffer>),
      },
    };
  if (!isTable(x)) return { rows: x };
  const columns = Object.fromEntries(
    x.names.map((name) => {
      const column = x.columns[name];
      const { values } = column;
      const own =
        values instanceof Float64Array ? shared(values as Float64Array<ArrayBuffer>) : values;
      return [name, { ...column, values: own } as typeof column];
    }),
  );
  return { table: { ...x, columns } };
}

export function unshare({ x, y, weights, folds }: SharedData): Data {
  return { x: receivedOf(x), y: Array.from(y as readonly Label[]), weights, folds };
}

function receivedOf(x: Sent): Features {
  if ("tensor" in x) return tensorOf(x.tensor.data, x.tensor.shape, x.tensor.dtype);
  if ("sparse" in x) return x.sparse;
  if ("rows" in x) return x.rows;
  const columns = Object.assign(Object.create(null), x.table.columns) as Table["columns"];
  return { ...x.table, columns };
}
