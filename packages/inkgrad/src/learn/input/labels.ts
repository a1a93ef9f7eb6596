import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { type Label, labelEncoder } from "../../data/transforms/label-encoder.js";
import { elementsOf } from "../../tensor/operand.js";
import { isTensor } from "../../tensor/tensor.js";
import type { Labels, Targets } from "../types.js";

/** Labels as class numbers. */
export interface Encoded<L extends Label = Label> {
  readonly classes: readonly L[];
  /** [rows] */
  readonly numbers: Int32Array;
}

/** Labels as a list. @throws ShapeError  if they are not one for each row */
export const labelList = <L extends Label>(y: Labels<L>, rows: number, op: string): L[] =>
  Array.from(labelsIn(y, rows, op));

/** Labels as they lie. */
function labelsIn<L extends Label>(y: Labels<L>, rows: number, op: string): ArrayLike<L> {
  if (isTensor(y) && y.rank !== 1)
    throw new ShapeError(
      `${op}: y must be one label for each row, [${rows}], got ${show(y.shape)}`,
    );
  if (!isTensor(y) && !isList(y))
    throw new ShapeError(`${op}: y must be one label for each row, got ${describe(y)}`);
  const list = (isTensor(y) ? elementsOf(y.node) : y) as ArrayLike<L>;
  if (list.length !== rows)
    throw new ShapeError(`${op}: X has ${rows} rows and y has ${list.length} labels`);
  return list;
}

/** How many labels there are, where no X says it. */
export const lengthOfLabels = (y: Labels): number =>
  isTensor(y) ? (y.shape[0] ?? 0) : isList(y) ? y.length : 0;

/**
 * Labels as class numbers; classes in the order of `labelEncoder`.
 *
 * @throws ShapeError  if they are not one for each row
 * @throws ValueError  if there are none, if one is NaN or no label, or they are fractions: targets of a
 *   regression
 */
export function encoded<L extends Label>(y: Labels<L>, rows: number, op: string): Encoded<L> {
  const list = labelsIn(y, rows, op);
  if (rows === 0) throw new ValueError(`${op}: there are no rows to learn from`);
  // Classes are few: each is looked at once, and rows only for their number.
  const seen = new Map<L, number>();
  // Most labels are small whole numbers, for which a table is quicker than the map.
  const ofSmall = new Int32Array(256).fill(-1);
  const isSmall = (label: L): label is L & number =>
    typeof label === "number" && (label & 255) === label;
  const order = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = list[row];
    if (isSmall(label) && ofSmall[label] >= 0) {
      order[row] = ofSmall[label];
      continue;
    }
    let number = seen.get(label);
    if (number === undefined) {
      requireLabel(label, row, op);
      number = seen.size;
      seen.set(label, number);
      if (isSmall(label)) ofSmall[label] = number;
    }
    order[row] = number;
  }
  const { classes } = labelEncoder([...seen.keys()]);
  const places = Int32Array.from([...seen.keys()], (label) => classes.indexOf(label));
  for (let row = 0; row < rows; row++) order[row] = places[order[row]];
  return { classes, numbers: order };
}

function requireLabel(label: unknown, row: number, op: string): void {
  if (!isLabel(label))
    throw new ValueError(
      `${op}: the label of row ${row} is ${describe(label)}; labels are texts, whole numbers or true and false`,
    );
  if (typeof label === "number" && !Number.isInteger(label))
    throw new ValueError(
      `${op}: the label of row ${row} is ${String(label)}, a fraction: a classifier takes ` +
        "classes; for continuous targets use linearRegression or ridge",
    );
}

/** One finite number for each row. */
export function targetsOf(y: Targets, rows: number, op: string, what = "y"): Float64Array {
  if (isTensor(y) && y.rank !== 1)
    throw new ShapeError(
      `${op}: ${what} must be one number for each row, [${rows}], got ${show(y.shape)}`,
    );
  if (!isTensor(y) && !isList(y))
    throw new ShapeError(`${op}: ${what} must be one number for each row, got ${describe(y)}`);
  const list = Float64Array.from(isTensor(y) ? elementsOf(y.cast("f64").node) : y);
  if (list.length !== rows)
    throw new ShapeError(`${op}: X has ${rows} rows and ${what} has ${list.length} numbers`);
  const wrong = list.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new ValueError(`${op}: ${what} of row ${wrong} is ${list[wrong]}; it must be finite`);
  return list;
}

/** How much each row counts; null: all the same. @throws ValueError  for a negative weight */
export function weightsOf(
  weights: Targets | undefined,
  rows: number,
  op: string,
): Float64Array | null {
  if (weights === undefined) return null;
  const list = targetsOf(weights, rows, op, "sampleWeight");
  const wrong = list.findIndex((weight) => weight < 0);
  if (wrong >= 0)
    throw new ValueError(`${op}: sampleWeight of row ${wrong} is ${list[wrong]}; it must be ≥ 0`);
  return list;
}

const isList = (y: unknown): y is ArrayLike<unknown> =>
  typeof y === "object" && y !== null && typeof (y as { length?: unknown }).length === "number";

const isLabel = (label: unknown): boolean =>
  typeof label === "string" ||
  typeof label === "boolean" ||
  (typeof label === "number" && !Number.isNaN(label));
