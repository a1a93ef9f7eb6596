import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import type { Labels } from "../../data/split.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { elementsOf } from "../../tensor/operand.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import { userValue } from "../../tensor/values.js";

/** What metrics take, read into plain arrays; what cannot be judged is refused by its row. */

/** Numbers [n], or rows of them [n, k]. */
export type Scores = Tensor | ArrayLike<number> | readonly ArrayLike<number>[];

/** A weight for each row, finite and ≥ 0. */
export type Weights = Tensor | ArrayLike<number>;

/** One label a row, or zeros and ones [n, k]: which of k labels the row has. */
export type Targets = Labels | readonly ArrayLike<number | boolean>[];

export interface WeightOption {
  /** How much each row counts (default: all the same). */
  readonly sampleWeight?: Weights;
}

/** Numbers [rows, columns], row after row. */
export interface Matrix {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Were they given as rows of columns, not as one number a row? */
  readonly nested: boolean;
  /** Are they rounded to f32 or less? */
  readonly single: boolean;
}

const isRow = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** Is it [n, k], k ≠ 1? What has one column is as good as without. */
export const isTable = (x: Targets | Scores): boolean =>
  isTensor(x) ? x.rank === 2 && x.shape[1] !== 1 : x.length > 0 && isRow(x[0]);

/** How many scores a row has. */
export function columnsIn(x: Scores): number {
  if (isTensor(x)) return x.rank === 2 ? x.shape[1] : 1;
  return x.length > 0 && isRow(x[0]) ? x[0].length : 1;
}

function listOf<T>(x: Tensor | ArrayLike<T>, what: string): ArrayLike<T | number> {
  if (isTensor(x)) {
    if (x.rank === 1 || (x.rank === 2 && x.shape[1] === 1)) return numbersOf(x);
    throw new ShapeError(`${what} must be one for each row, [n], got shape ${show(x.shape)}`);
  }
  if (isRow(x)) return x;
  throw new ShapeError(`${what} must be a tensor or an array, got ${describe(x)}`);
}

const numbersOf = (x: Tensor): ArrayLike<number> =>
  x.dtype === "f16" || x.dtype === "bf16"
    ? userValue(elementsOf(x.node), x.dtype)
    : elementsOf(x.node);

/**
 * The labels, one a row.
 *
 * @throws ValueError  for a row without a label: NaN, null, undefined, or what is no label
 */
export function readLabels(x: Labels, what: string): Label[] {
  const isBool = isTensor(x) && x.dtype === "bool";
  return Array.from(listOf<Label>(x, what), (label, row) => {
    const kind = typeof label;
    if ((kind !== "string" && kind !== "number" && kind !== "boolean") || label !== label)
      throw new ValueError(
        `${what}: row ${row} has no label but ${labelText(label)}; leave the row out, or name its class`,
      );
    return isBool ? label !== 0 : label;
  });
}

/** A label as messages write it. */
export const labelText = (label: unknown): string =>
  typeof label === "string" ? JSON.stringify(label) : describeValue(label);

const describeValue = (x: unknown): string =>
  typeof x === "number" || typeof x === "boolean" ? String(x) : describe(x);

export const labelList = (labels: readonly unknown[], most = 6): string =>
  labels.slice(0, most).map(labelText).join(", ") + (labels.length > most ? ", …" : "");

/**
 * Finite numbers [n] or [n, k].
 *
 * @throws ValueError  for a number that is NaN or infinite, saying where
 * @throws ShapeError  for rows of different lengths, or another rank
 */
export function readMatrix(x: Scores, what: string): Matrix {
  if (isTensor(x)) {
    if (x.rank !== 1 && x.rank !== 2)
      throw new ShapeError(`${what} must be [n] or [n, k], got shape ${show(x.shape)}`);
    const [rows, columns = 1] = x.shape;
    const single = x.dtype === "f32" || x.dtype === "f16" || x.dtype === "bf16";
    const data = Float64Array.from(numbersOf(x));
    return finite({ data, rows, columns, nested: x.rank === 2, single }, what);
  }
  if (!isRow(x)) throw new ShapeError(`${what} must be a tensor or an array, got ${describe(x)}`);
  if (x.length === 0 || !isRow(x[0])) {
    const data = Float64Array.from(x as ArrayLike<number>, (v, row) => number(v, what, row));
    const single = x instanceof Float32Array;
    return finite({ data, rows: data.length, columns: 1, nested: false, single }, what);
  }
  const table = x as readonly ArrayLike<number>[];
  const columns = table[0].length;
  const data = new Float64Array(table.length * columns);
  for (let row = 0; row < table.length; row++) {
    const own = table[row];
    if (!isRow(own) || own.length !== columns)
      throw new ShapeError(
        `${what}: row ${row} has ${isRow(own) ? own.length : describe(own)}, the first has ${columns} numbers`,
      );
    for (let k = 0; k < columns; k++) data[row * columns + k] = number(own[k], what, row);
  }
  const single = table[0] instanceof Float32Array;
  return finite({ data, rows: table.length, columns, nested: true, single }, what);
}

function number(value: unknown, what: string, row: number): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  throw new ValueError(`${what}: row ${row} must be a number, got ${labelText(value)}`);
}

function finite(matrix: Matrix, what: string): Matrix {
  const { data, columns } = matrix;
  const at = data.findIndex((v) => !Number.isFinite(v));
  if (at < 0) return matrix;
  const column = columns > 1 ? `, column ${at % columns}` : "";
  throw new ValueError(
    `${what}: row ${Math.floor(at / columns)}${column} is ${data[at]}; it must be a finite number`,
  );
}

/** Throws unless there are rows, and as many of both. */
export function requireRows(
  n: number,
  other: number,
  names: readonly [string, string],
  op: string,
) {
  if (n !== other)
    throw new ShapeError(
      `${op}: ${names[0]} has ${n} rows, ${names[1]} has ${other}; there must be as many`,
    );
  if (n === 0) throw new ValueError(`${op}: there are no rows to judge`);
}

/**
 * The weights, if any.
 *
 * @throws ValueError  for a weight that is negative or not finite, or if all are 0
 */
export function readWeights(
  weights: Weights | undefined,
  n: number,
  op: string,
): Float64Array | undefined {
  if (weights === undefined) return undefined;
  const list = Float64Array.from(listOf<number>(weights, `${op}: sampleWeight`));
  if (list.length !== n)
    throw new ShapeError(`${op}: there are ${list.length} weights for ${n} rows`);
  const wrong = list.findIndex((w) => !(w >= 0 && w < Infinity));
  if (wrong >= 0)
    throw new ValueError(
      `${op}: weights must be finite and ≥ 0, that of row ${wrong} is ${list[wrong]}`,
    );
  if (list.every((w) => w === 0)) throw new ValueError(`${op}: all weights are 0`);
  return list;
}

/** Σ wᵢ. */
export const totalWeight = (weights: Float64Array | undefined, n: number): number =>
  weights === undefined ? n : weights.reduce((sum, w) => sum + w, 0);

/** Σ wᵢ xᵢ. */
export function sumOf(n: number, each: (i: number) => number, weights?: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += weights === undefined ? each(i) : weights[i] * each(i);
  return sum;
}

/** Σ wᵢ xᵢ / Σ wᵢ. */
export const meanOf = (n: number, each: (i: number) => number, weights?: Float64Array): number =>
  sumOf(n, each, weights) / totalWeight(weights, n);

/** Throws unless an option is one of its words. */
export function requireOneOf(value: unknown, words: readonly unknown[], name: string, op: string) {
  if (!words.includes(value))
    throw new ValueError(
      `${op}: ${name} must be ${words.map((word) => JSON.stringify(word)).join(", ")}; got ` +
        String(JSON.stringify(value)),
    );
}

/** Throws unless all numbers are probabilities. */
export function requireWithin(probabilities: Float64Array, op: string, columns = 1): void {
  const wrong = probabilities.findIndex((p) => !(p >= 0 && p <= 1));
  if (wrong < 0) return;
  const column = columns > 1 ? `, column ${wrong % columns}` : "";
  throw new ValueError(
    `${op}: probabilities lie between 0 and 1, row ${Math.floor(wrong / columns)}${column} has ` +
      `${probabilities[wrong]}; take sigmoid or softmax of logits`,
  );
}
