import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { tensor } from "../../tensor/functions/create.js";
import { take } from "../../tensor/functions/take.js";
import type { Tensor } from "../../tensor/tensor.js";
import { exampleWeights, type Loss } from "../losses/loss.js";
import type { Examples } from "./examples.js";
import { type BatchStream, isStream } from "./source.js";
import { classNumbers } from "./targets.js";

/**
 * How much the examples of a class count: numbers by class (a class that is left out counts 1), or
 * "balanced": n / (classes · examples of the class), so that all classes count alike.
 */
export type ClassWeights = "balanced" | readonly number[] | { readonly [label: number]: number };

/** Greater numbers are taken for a mistake. */
const maxClasses = 2 ** 20;

/** The weights by class number, checked. */
export function classWeightsOf(
  given: ClassWeights | undefined,
  data: Examples | BatchStream,
  among: Int32Array | undefined,
): readonly number[] | undefined {
  if (given === undefined) return undefined;
  if (given === "balanced") {
    if (!isStream(data)) return balanced(classNumbers(data.y), among);
    throw new ValueError(
      'fit: classWeights "balanced" needs all targets beforehand, and the data comes batch by batch; ' +
        "give a number for each class, as { 0: 1, 1: 5 }",
    );
  }
  if (typeof given !== "object" || given === null)
    throw new ValueError(
      `fit: classWeights must be "balanced" or numbers by class, as { 0: 1, 1: 5 }, got ${describe(given)}`,
    );
  const weights: number[] = [];
  for (const [label, weight] of Object.entries(given) as [string, unknown][]) {
    const at = Number(label);
    if (!(Number.isSafeInteger(at) && at >= 0 && at < maxClasses))
      throw new ValueError(`fit: classWeights go by class numbers (0, 1, …), got "${label}"`);
    if (!(typeof weight === "number" && Number.isFinite(weight) && weight >= 0))
      throw new ValueError(
        `fit: classWeights: the weight of class ${label} must be a number ≥ 0, got ${describe(weight)}`,
      );
    weights[at] = weight;
  }
  return Array.from(weights, (weight: number | undefined) => weight ?? 1);
}

function balanced(labels: ArrayLike<number>, among: Int32Array | undefined): number[] {
  const counts: number[] = [];
  const n = among?.length ?? labels.length;
  for (let i = 0; i < n; i++) {
    const label = labels[among === undefined ? i : among[i]];
    if (!(Number.isSafeInteger(label) && label >= 0 && label < maxClasses))
      throw new ValueError(
        `fit: classWeights "balanced" needs class numbers as targets, got ${label}`,
      );
    counts[label] = (counts[label] ?? 0) + 1;
  }
  const present = counts.filter((count) => count > 0).length;
  return Array.from(counts, (count: number | undefined) =>
    count === undefined ? 1 : n / (present * count),
  );
}

/**
 * The weights of a batch's examples [n] in the loss, as part of a program: their own, times their
 * classes' by the loss and by `fit`.
 */
export function weightsOf(
  loss: Loss,
  { y, weights: given }: Examples,
  predictions: Tensor,
  classWeights: readonly number[] | undefined,
): Tensor | undefined {
  const weights = exampleWeights(loss, y, given);
  if (classWeights === undefined) return weights;
  const classes = predictions.shape[predictions.rank - 1];
  const length = Math.max(classes, classWeights.length, 2);
  const table = tensor(Float32Array.from({ length }, (_, i) => classWeights[i] ?? 1));
  const [n, ...rest] = y.shape;
  const oneHot = rest.length === 1 && rest[0] > 1;
  if (rest.length > 1)
    throw new ValueError(
      "fit: classWeights need one class an example; targets are [n], or [n, classes] one-hot",
    );
  const labels = oneHot ? y.argmax(-1) : y.reshape([n]).cast("i32");
  const own = take(table, labels as never, 0) as Tensor;
  return weights === undefined ? own : own.mul(weights);
}
