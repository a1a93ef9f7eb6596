import { ValueError } from "../../../base/errors.js";
import { sortedLabels } from "../../../data/transforms/label-encoder.js";
import { type Encoded, encoded, labelList } from "../../input/labels.js";
import type { Label, Labels } from "../../types.js";

/** Labels as numbers of classes that are known beforehand. */
export interface Announced<L extends Label> {
  readonly classes: readonly L[];
  /** @param firstRow  the number of the first row, for messages */
  readonly encode: (y: Labels, rows: number, firstRow: number) => Encoded<L>;
}

/** @throws ValueError  if there are fewer than two classes, or one is no label */
export function announced<L extends Label>(given: readonly L[], op: string): Announced<L> {
  if (!Array.isArray(given))
    throw new ValueError(
      `${op}: classes must list all labels that can come, such as ["no", "yes"]; a stream does not show them ` +
        "before its end",
    );
  encoded(given as readonly L[], given.length, `${op}: classes`);
  const classes = sortedLabels<L>(given as readonly L[]);
  if (classes.length < 2)
    throw new ValueError(
      `${op}: classes has ${JSON.stringify(classes[0])} only; there must be two at least to tell apart`,
    );
  const places = new Map<unknown, number>(classes.map((label, k) => [label, k]));
  return {
    classes,
    encode(y, rows, firstRow) {
      const list = labelList(y, rows, op);
      const numbers = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        const number = places.get(list[row]);
        if (number === undefined) throw unknownLabel(list[row], firstRow + row, classes, op);
        numbers[row] = number;
      }
      return { classes, numbers };
    },
  };
}

function unknownLabel(
  label: Label,
  row: number,
  classes: readonly Label[],
  op: string,
): ValueError {
  const shown = classes.slice(0, 20).map((known) => JSON.stringify(known));
  const alike = classes.some((known) => String(known) === String(label))
    ? `; one of them is written alike but is a ${typeof classes[0]}, and this a ${typeof label}`
    : "";
  return new ValueError(
    `${op}: the label of row ${row} is ${JSON.stringify(label)}, which is none of the classes that were ` +
      `announced: ${shown.join(", ")}${alike}`,
  );
}
