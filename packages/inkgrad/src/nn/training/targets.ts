import { isInteger } from "../../base/dtype.js";
import { DTypeError, ValueError } from "../../base/errors.js";
import { type Shape, show } from "../../base/shape.js";
import { fromBrainBits, fromHalfBits } from "../../base/half.js";
import { storedElements } from "../../data/tensor-of.js";
import { zeros } from "../../tensor/functions/create.js";
import { scoped } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Loss } from "../losses/loss.js";
import type { Learning } from "./step.js";
import { addToTally, startTally } from "./tally.js";

/** Mistakes with targets that a program would not notice: it would learn nonsense from them. */

/**
 * Throws for targets that the loss cannot mean: class numbers that are no integers or beyond the
 * model's outputs, probabilities outside 0…1.
 *
 * @param output  shape of what the model makes of one example
 */
export function requireTargets({ kind }: Loss, y: Tensor, output: Shape, op: string): void {
  if (kind === "sparseCategoricalCrossEntropy") requireClasses(y, output, op);
  if (kind.startsWith("binary")) requireShares(y, op);
}

/**
 * Throws for targets of another shape or type than the loss and the metrics take: those of validation too
 * before anything is learned. Nothing is computed.
 */
export function requireAnswers(
  { loss, metrics }: Pick<Learning, "loss" | "metrics">,
  y: Tensor,
  output: Shape,
): void {
  scoped(() => {
    const predictions: Tensor = zeros([y.shape[0], ...output]);
    const targets: Tensor = zeros([...y.shape], { dtype: y.dtype });
    const losses = { losses: loss.perExample(predictions, targets), lossWeights: undefined };
    addToTally(startTally(metrics), metrics, losses, predictions, { y: targets });
  });
}

function requireClasses(y: Tensor, output: Shape, op: string): void {
  const classes = output[output.length - 1] ?? 1;
  if (classes === 1)
    throw new ValueError(
      `${op}: with one output there is but one class to choose; give the last layer a unit for each ` +
        "class, or for two classes keep one unit and take the loss binaryCrossEntropy",
    );
  const oneHot = y.rank === output.length + 1 && y.shape[y.rank - 1] === classes;
  if (!isInteger(y.dtype) && y.dtype !== "bool")
    throw new DTypeError(
      `${op}: class numbers must be integers, y is ${y.dtype} ${show(y.shape)}; ` +
        (oneHot
          ? "if it is one-hot, take the loss categoricalCrossEntropy"
          : 'write y.cast("i32"), or for numbers to be predicted take the loss meanSquaredError'),
    );
  if (oneHot) return; // The loss says it better: its shape is wrong.
  const labels = storedElements(y);
  for (let i = 0; i < labels.length; i++)
    if (labels[i] < 0 || labels[i] >= classes)
      throw new ValueError(
        `${op}: y has the class number ${labels[i]} (at position ${i}), and the model has ${classes} ` +
          `outputs, for the classes 0 to ${classes - 1}; ` +
          (labels[i] < 0
            ? "classes are counted from 0"
            : labels[i] === classes
              ? "count classes from 0, or give the last layer one unit more"
              : `give the last layer as many units as there are classes`),
      );
}

function requireShares(y: Tensor, op: string): void {
  const values = numbersOf(y);
  for (let i = 0; i < values.length; i++)
    if (!(values[i] >= 0 && values[i] <= 1))
      throw new ValueError(
        `${op}: targets of a binary cross-entropy are 0 or 1 (or in between), y has ${values[i]} at ` +
          `position ${i}; for several classes take the loss sparseCategoricalCrossEntropy`,
      );
}

/** A tensor's numbers, not to be written to. */
function numbersOf(y: Tensor): ArrayLike<number> {
  const stored = storedElements(y);
  if (y.dtype === "f16") return Float32Array.from(stored, fromHalfBits);
  if (y.dtype === "bf16") return Float32Array.from(stored, fromBrainBits);
  return stored;
}

/** Class numbers of targets. One-hot rows [n, classes] become the number of their greatest one. */
export function classNumbers(y: Tensor): ArrayLike<number> {
  const values = numbersOf(y);
  const [n, classes = 1] = y.shape;
  if (y.rank !== 2 || classes === 1) return values;
  return Int32Array.from({ length: n }, (_, i) => {
    let best = 0;
    for (let j = 1; j < classes; j++)
      if (values[i * classes + j] > values[i * classes + best]) best = j;
    return best;
  });
}
