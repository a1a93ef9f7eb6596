import { ValueError } from "../../base/errors.js";
import type { Encoded } from "../input/labels.js";
import type { Seen, Weights } from "./design/design.js";
import type { FittedLogisticRegression } from "./fitted-logistic-regression.js";
import { weightsOf as matrixForm } from "./linear-model.js";
import type { Penalty } from "./linear-objective.js";
import { binomial } from "./losses/binomial.js";
import { multinomial } from "./losses/multinomial.js";
import type { Form } from "./probabilities.js";

/** Classes as linear models, and the models' parameters as coefficients. */

export function requireClasses({ classes }: Encoded, op: string): void {
  if (classes.length < 2)
    throw new ValueError(
      `${op}: y has one class only, ${JSON.stringify(classes[0])}; there must be two at least to tell apart`,
    );
}

export function formOf(
  { multiClass = "auto" }: { readonly multiClass?: "auto" | "multinomial" | "ovr" },
  classes: number,
  op: string,
): Form {
  if (multiClass !== "auto" && multiClass !== "multinomial" && multiClass !== "ovr")
    throw new ValueError(
      `${op}: multiClass must be "auto", "multinomial" or "ovr", got ${JSON.stringify(multiClass)}`,
    );
  if (multiClass === "multinomial") return "multinomial";
  return classes === 2 ? "binary" : multiClass === "ovr" ? "ovr" : "multinomial";
}

/** What each model has to explain: one for all classes, or each class against the rest. */
export function seenOf(
  form: Form,
  { classes, numbers }: Encoded,
  weights: Float64Array | null,
): Seen[] {
  if (form === "ovr")
    return classes.map((_, k) => ({
      loss: binomial,
      outputs: 1,
      targets: Float64Array.from(numbers, (number) => (number === k ? 1 : 0)),
      weights,
    }));
  const targets = Float64Array.from(numbers);
  return form === "binary"
    ? [{ loss: binomial, outputs: 1, targets, weights }]
    : [{ loss: multinomial, outputs: classes.length, targets, weights }];
}

/** Parameters to begin with, for model k: those of an earlier fit, or zeros. */
export function startOf(
  start: FittedLogisticRegression | undefined,
  form: Form,
  classes: number,
  features: number,
  op: string,
): (k: number, outputs: number) => Weights | null {
  if (start === undefined) return () => null;
  const { state } = start;
  if (state.kind !== "logisticRegression" || state.form !== form || start.features !== features)
    throw new ValueError(
      `${op}: start must be an earlier fit of the same form (${form}) on ${features} features`,
    );
  if (start.classes.length !== classes)
    throw new ValueError(
      `${op}: start knows ${start.classes.length} classes, and y has ${classes}`,
    );
  const coefficients = state.coefficients as Float64Array;
  const intercepts = state.intercepts as Float64Array;
  return (k, outputs) => {
    return matrixForm({
      coefficients: coefficients.subarray(k * features, (k + outputs) * features),
      intercepts: intercepts.subarray(k, k + outputs),
    });
  };
}

/**
 * Softmax does not see what is added to the margins of all classes: where no penalty decides either, the sum over
 * classes is made 0.
 */
export function centre(
  x: Float64Array,
  columns: number,
  outputs: number,
  { strength }: Penalty,
): void {
  const from = strength === 0 ? 0 : columns * outputs;
  for (let at = from; at < x.length; at += outputs) {
    const line = x.subarray(at, at + outputs);
    const mean = line.reduce((sum, value) => sum + value, 0) / outputs;
    for (let k = 0; k < outputs; k++) line[k] -= mean;
  }
}

/** [outputs, features] from [features, outputs]. */
export function byOutput(W: Float64Array, outputs: number): Float64Array {
  const features = W.length / outputs;
  return Float64Array.from(W, (_, i) => W[(i % features) * outputs + Math.floor(i / features)]);
}

export function joined(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
