import { ShapeError, ValueError } from "../../base/errors.js";
import { type Label, labelEncoder, labelEncoderOf } from "../../data/transforms/label-encoder.js";
import { elementsOf } from "../../tensor/operand.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Tensor64, tensor64 } from "./matrices.js";

export interface LabelBinarizerOptions {
  /** What stands for "is not of this class" (default 0), and for "is" (default 1). */
  readonly negative?: number;
  readonly positive?: number;
}

/** Turns labels into columns, one against all others, and back. */
export interface LabelBinarizer<L extends Label = Label> {
  readonly classes: readonly L[];
  /** [n, classes]; for two classes [n, 1]: is it the second? A label that is not known has none. */
  transform(labels: readonly Label[]): Tensor64;
  /** The class whose column is greatest; for two classes the second beyond half way. */
  inverse(columns: Tensor): L[];
  /** As for `labelBinarizerOf`. */
  toJSON(): {
    readonly classes: readonly L[];
    readonly negative: number;
    readonly positive: number;
  };
}

/**
 * A binarizer of the labels that occur, in the order of `labelEncoder`.
 *
 * @source scikit-learn `LabelBinarizer`
 */
export const labelBinarizer = <L extends Label>(
  labels: readonly L[],
  options: LabelBinarizerOptions = {},
): LabelBinarizer<L> => labelBinarizerOf({ ...options, classes: labelEncoder(labels).classes });

/** A binarizer whose classes, and their order, are known. */
export function labelBinarizerOf<L extends Label>({
  classes: given,
  negative = 0,
  positive = 1,
}: LabelBinarizerOptions & { readonly classes: readonly L[] }): LabelBinarizer<L> {
  const { classes } = labelEncoderOf(given);
  if (!(negative < positive))
    throw new ValueError(
      `labelBinarizer: negative must be less than positive, got ${negative} and ${positive}`,
    );
  const numbers = new Map<Label, number>(classes.map((label, i) => [label, i]));
  const width = classes.length === 2 ? 1 : classes.length;
  return {
    classes,
    transform(labels) {
      const out = new Float64Array(labels.length * width).fill(negative);
      labels.forEach((label, row) => {
        const number = numbers.get(label);
        if (width !== 1) {
          if (number !== undefined) out[row * width + number] = positive;
          // A single class has nothing that it could be held against.
        } else if (number === 1 && classes.length === 2) out[row] = positive;
      });
      return tensor64(out, labels.length, width);
    },
    inverse(columns) {
      if (columns.rank !== 2 || columns.shape[1] !== width)
        throw new ShapeError(
          `labelBinarizer.inverse: expected [rows, ${width}], got [${columns.shape.join(", ")}]`,
        );
      const values = elementsOf(columns.cast("f64").node) as Float64Array;
      return Array.from({ length: columns.shape[0] }, (_, row) => {
        if (classes.length === 1) return classes[0];
        if (width === 1) return classes[Number(values[row] > (negative + positive) / 2)];
        let best = 0;
        for (let k = 1; k < width; k++)
          if (values[row * width + k] > values[row * width + best]) best = k;
        return classes[best];
      });
    },
    toJSON: () => ({ classes, negative, positive }),
  };
}
