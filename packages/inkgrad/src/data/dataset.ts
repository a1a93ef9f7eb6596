import { isInteger, type TypedArray } from "../base/dtype.js";
import { IndexError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape, show } from "../base/shape.js";
import { describe } from "../base/tree.js";
import { tensor } from "../tensor/functions/create.js";
import { elementsOf } from "../tensor/operand.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";
import type { NestedNumbers } from "./values.js";
import { rowsOf } from "./rows.js";

/**
 * Examples in memory, the first axis counting them. What is stored in bytes stays in bytes: a model
 * casts it inside its program.
 */
export interface Dataset<X extends Tensor = Tensor, Y extends Tensor = Tensor> {
  /** What messages and reports call it. */
  readonly name: string;
  /** [n, ...]: images are [n, h, w, c]. */
  readonly x: X;
  /** [n] class numbers, or [n, ...] targets. */
  readonly y: Y;
  /** [n] how much each example counts; left out: all the same. */
  readonly weights?: Tensor;
  /** Names of the classes, by number. */
  readonly classes?: readonly string[];
}

/** What a data set can be made from: tensors stay as they are, arrays are copied into tensors. */
export type TensorLike = Tensor | TypedArray | NestedNumbers;

type TensorFrom<T> = T extends Tensor ? T : Tensor;

export interface DatasetParts<X extends TensorLike, Y extends TensorLike> {
  readonly x: X;
  readonly y: Y;
  readonly weights?: TensorLike;
  readonly classes?: readonly string[];
  readonly name?: string;
}

/**
 * A data set from its parts, which are checked against each other. Plain arrays become f32, typed
 * arrays keep their type; where there are `classes`, plain arrays of whole labels become i32.
 *
 * @param parts.x        [n, ...]
 * @param parts.y        [n] class numbers, or [n, ...] targets
 * @param parts.weights  [n] numbers ≥ 0
 * @param parts.classes  names of the classes; with them y must be whole numbers below their count
 * @throws ShapeError  if the lengths differ, or a part has no first axis
 * @throws ValueError  for a weight that is negative or not finite
 * @throws IndexError  for a label that names no class
 */
export function dataset<X extends TensorLike, Y extends TensorLike>(
  parts: DatasetParts<X, Y>,
): Dataset<TensorFrom<X>, TensorFrom<Y>> {
  const { classes, name = "data" } = parts;
  const x = tensorOf(parts.x, "x");
  let y = tensorOf(parts.y, "y");
  if (classes !== undefined && y.rank === 1) {
    // Names for columns (several labels at once) need no whole numbers; names for numbers do.
    requireLabels(elementsOf(y.node), classes.length);
    if (!isTensor(parts.y) && !isInteger(y.dtype)) y = y.cast("i32");
  }
  const weights = parts.weights === undefined ? undefined : weightsOf(parts.weights);
  const made = { name, x, y, ...(weights && { weights }), ...(classes && { classes }) };
  requireDataset(made, "dataset");
  return made as unknown as Dataset<TensorFrom<X>, TensorFrom<Y>>;
}

function tensorOf(value: TensorLike, what: string): Tensor {
  if (isTensor(value)) return value;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return tensor(value as number[]);
  throw new ShapeError(
    `dataset: ${what} must be a tensor, a typed array or nested arrays, got ${describe(value)}`,
  );
}

function weightsOf(value: TensorLike): Tensor {
  const weights = tensorOf(value, "weights");
  const wrong = elementsOf(weights.node).findIndex((w) => !(w >= 0 && w < Infinity));
  if (wrong >= 0)
    throw new ValueError(
      `dataset: weights must be finite and ≥ 0, that of row ${wrong} is ` +
        `${elementsOf(weights.node)[wrong]}`,
    );
  return weights;
}

function requireLabels(labels: TypedArray, count: number): void {
  const wrong = labels.findIndex((c) => !(Number.isInteger(c) && c >= 0 && c < count));
  if (wrong >= 0)
    throw new IndexError(
      `dataset: y[${wrong}] is ${labels[wrong]}, and there are names for the classes 0 to ` +
        `${count - 1}; labelEncoder turns other labels into such numbers`,
    );
}

/** The number of examples. */
export const lengthOf = ({ x }: Dataset): number => x.shape[0];

/**
 * Throws unless the parts of a data set fit together, and, where a shape is named, unless the
 * examples have it.
 *
 * @param shape  of one example of x, −1 leaving a size open
 * @throws ShapeError  saying which part does not fit
 */
export function requireDataset(data: Dataset, op: string, shape?: readonly number[]): void {
  const { name, x, y, weights } = data;
  if (x.rank === 0 || y.rank === 0)
    throw new ShapeError(
      `${op}: ${x.rank === 0 ? "x" : "y"} of "${name}" is a scalar; its first axis must count the examples`,
    );
  const n = x.shape[0];
  if (y.shape[0] !== n)
    throw new ShapeError(
      `${op}: x of "${name}" has ${n} examples, shape ${show(x.shape)}, and y has ${y.shape[0]}, ` +
        `shape ${show(y.shape)}; there must be a target for each`,
    );
  if (weights !== undefined && !sameShape(weights.shape, [n]))
    throw new ShapeError(
      `${op}: the weights of "${name}" must be [${n}], one for each example, got ${show(weights.shape)}`,
    );
  if (shape === undefined) return;
  const own = x.shape.slice(1);
  if (own.length !== shape.length || shape.some((size, i) => size !== -1 && size !== own[i]))
    throw new ShapeError(
      `${op}: an example of "${name}" has shape ${show(own)}, expected ${show(shape)}`,
    );
}

/**
 * The examples at the given rows, in that order; a row may come again. Negative rows count from the
 * end.
 *
 * @throws IndexError  for a row that is not there
 */
export function subset<X extends Tensor, Y extends Tensor>(
  data: Dataset<X, Y>,
  rows: ArrayLike<number> | Tensor,
): Dataset<Tensor, Tensor> {
  requireDataset(data, "subset");
  const at = rowNumbers(rows, lengthOf(data), "subset");
  return {
    ...data,
    x: rowsOf(data.x, at),
    y: rowsOf(data.y, at),
    ...(data.weights && { weights: rowsOf(data.weights, at) }),
  };
}

/** The first `count` examples, or all if there are fewer. */
export const head = (data: Dataset, count: number): Dataset =>
  subset(
    data,
    Int32Array.from({ length: Math.min(count, lengthOf(data)) }, (_, i) => i),
  );

/** Rows from 0, checked. */
export function rowNumbers(rows: ArrayLike<number> | Tensor, n: number, op: string): Int32Array {
  const list = isTensor(rows) ? elementsOf(rows.node) : rows;
  return Int32Array.from(list, (row) => {
    if (!Number.isInteger(row) || row < -n || row >= n)
      throw new IndexError(`${op}: there is no row ${row}, only 0 to ${n - 1}`);
    return row < 0 ? row + n : row;
  });
}
