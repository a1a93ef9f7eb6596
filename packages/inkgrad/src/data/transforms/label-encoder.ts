import { FormatError, IndexError, ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { elementsOf } from "../../tensor/operand.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import { tensorAround } from "../rows.js";

/** What names a class. */
export type Label = string | number | boolean;

/** Turns labels into the class numbers 0, 1, … and back. */
export interface LabelEncoder<L extends Label = Label> {
  /** The labels, by number. */
  readonly classes: readonly L[];
  /** Class numbers [n], i32. @throws ValueError  for a label that is not known */
  readonly transform: (labels: readonly Label[]) => Tensor<[number], "i32">;
  /** Labels from class numbers. @throws IndexError  for a number that names no class */
  readonly inverse: (numbers: Tensor | ArrayLike<number>) => L[];
  /** As for `labelEncoderOf`. */
  readonly toJSON: () => readonly L[];
}

/**
 * A label encoder of the labels that occur: false and true, then numbers in order, then strings by
 * their characters' codes.
 *
 * @throws ValueError  if there are none, or NaN among them
 * @source scikit-learn `LabelEncoder`
 */
export function labelEncoder<L extends Label>(labels: readonly L[]): LabelEncoder<L> {
  return labelEncoderOf(sortedLabels(labels));
}

/** The labels that occur, each once, in the order of `labelEncoder`. */
export const sortedLabels = <L extends Label>(labels: Iterable<L>): L[] =>
  [...new Set(labels)].sort(byKind);

const kinds = ["boolean", "number", "string"];

const byKind = (a: Label, b: Label): number =>
  kinds.indexOf(typeof a) - kinds.indexOf(typeof b) || (a < b ? -1 : a > b ? 1 : 0);

/**
 * A label encoder whose classes, and their order, are known.
 *
 * @throws FormatError  if a class is there twice, or is neither string, number nor boolean
 */
export function labelEncoderOf<L extends Label>(classes: readonly L[]): LabelEncoder<L> {
  if (!Array.isArray(classes) || classes.length === 0)
    throw new ValueError("labelEncoder: there are no labels; give one for each example");
  const numbers = new Map<Label, number>(classes.map((label: L, i: number) => [label, i]));
  const wrong = (classes as readonly L[]).find(
    (label: L) => !kinds.includes(typeof label) || label !== label,
  );
  if (numbers.size !== classes.length || wrong !== undefined)
    throw new FormatError(
      "labelEncoder: classes must be strings, numbers or booleans, each once; got " +
        (wrong === undefined ? "one of them twice" : String(wrong)),
    );
  const known: readonly L[] = Object.freeze([...(classes as readonly L[])]);
  return {
    classes: known,
    transform(labels) {
      const out = Int32Array.from(labels, (label) => {
        const number = numbers.get(label);
        if (number === undefined)
          throw new ValueError(
            `labelEncoder: ${JSON.stringify(label)} is none of the ${known.length} known labels, ` +
              `which begin ${JSON.stringify(known.slice(0, 5))}`,
          );
        return number;
      });
      return tensorAround(out, [out.length], "i32") as Tensor<[number], "i32">;
    },
    inverse(list) {
      if (isTensor(list) && list.rank !== 1)
        throw new ShapeError(`labelEncoder.inverse: expected numbers [n], got ${show(list.shape)}`);
      return Array.from(isTensor(list) ? elementsOf(list.node) : list, (number) => {
        if (!(number in known))
          throw new IndexError(
            `labelEncoder.inverse: there is no class ${number}, only 0 to ${known.length - 1}`,
          );
        return known[number];
      });
    },
    toJSON: () => known,
  };
}
