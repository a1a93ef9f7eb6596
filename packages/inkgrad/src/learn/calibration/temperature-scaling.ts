import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { storedElements, tensorOf } from "../../data/tensor-of.js";
import { type Tensor, isTensor } from "../../tensor/tensor.js";
import { encoded, weightsOf } from "../input/labels.js";
import { denseOf } from "../input/matrix.js";
import type { FitOptions, Labels, Matrix } from "../types.js";
import { applyTemperature, fitTemperature } from "./temperature.js";
import { ValueError } from "../../base/errors.js";

export interface TemperatureScaling {
  /** What logits are divided by: above 1 where the classifier was too sure of itself. */
  readonly temperature: number;
  /** softmax(logits / temperature), [rows, classes] */
  predict(logits: Matrix): Tensor<[number, number], "f64">;
}

/**
 * The one number that logits must be divided by for the least log loss. The class of the greatest
 * probability stays the same.
 *
 * @param logits  [rows, classes], classes ≥ 2, in the order of the labels; or [rows] for two classes
 * @param y       [rows] labels, which must occur all; or class numbers 0 … classes − 1
 * @throws ShapeError  if there are more labels than columns
 * @source Guo et al., On calibration of modern neural networks, ICML 2017
 */
export function temperatureScaling(
  logits: Matrix,
  y: Labels,
  { sampleWeight }: FitOptions = {},
): TemperatureScaling {
  const op = "temperatureScaling";
  const { rows, columns, values } = logitsOf(logits, op);
  const labels = encoded(y, rows, op);
  const areNumbers = labels.classes.every(
    (label) => typeof label === "number" && label >= 0 && label < columns,
  );
  if (labels.classes.length !== columns && !areNumbers)
    throw new ShapeError(
      `${op}: there are ${labels.classes.length} labels and ${columns} columns of logits; for labels that ` +
        "do not all occur give class numbers",
    );
  const numbers = areNumbers
    ? Int32Array.from(labels.numbers, (number) => Number(labels.classes[number]))
    : labels.numbers;
  const weights = weightsOf(sampleWeight, rows, op);
  const temperature = fitTemperature(values, columns, numbers, weights);
  return {
    temperature,
    predict(other) {
      const given = logitsOf(other, op);
      if (given.columns !== columns)
        throw new ShapeError(`${op}: expected ${columns} columns of logits, got ${given.columns}`);
      const p = applyTemperature(temperature, given.values, columns);
      return tensorOf(p, [given.rows, columns], "f64") as Tensor<[number, number], "f64">;
    },
  };
}

function logitsOf(x: Matrix, op: string) {
  if (isTensor(x) && x.rank === 1) {
    const values = Float64Array.from(storedElements(x.cast("f64")) as Float64Array);
    if (values.some((value) => !Number.isFinite(value)))
      throw new ValueError(`${op}: logits must be finite`);
    const both = new Float64Array(2 * values.length);
    values.forEach((value, row) => (both[2 * row + 1] = value));
    return { rows: values.length, columns: 2, values: both };
  }
  const { rows, columns, values } = denseOf(x, op);
  if (columns < 2)
    throw new ShapeError(
      `${op}: logits must be [rows, classes] with two classes or more, got ${show([rows, columns])}`,
    );
  return { rows, columns, values: Float64Array.from(values) };
}
