import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { tensorOf } from "../../data/tensor-of.js";
import { elementsOf } from "../../tensor/operand.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import type { Estimator, Fitted, FitOptions, Matrix } from "../types.js";
import type { State } from "../saving/state.js";
import {
  type FittedLogisticRegression,
  type LogisticRegressionState,
  restoreLogisticRegression,
} from "./fitted-logistic-regression.js";
import { matrixTensor } from "./linear-model.js";
import { logisticRegression, type LogisticRegressionOptions } from "./logistic-regression.js";
import type { OnWarning } from "./warnings.js";

export type MultiLabelOptions = Omit<LogisticRegressionOptions, "multiClass">;

/** 0 and 1, or false and true: [rows, labels]. */
export type LabelMatrix = Tensor | readonly (readonly (number | boolean)[])[];

export interface FittedMultiLabel extends Fitted {
  /** One model for each label: does a row have it? */
  readonly models: readonly FittedLogisticRegression<number>[];
  /** 0 and 1, [rows, labels]: probability above ½. */
  predict(x: Matrix): Tensor<[number, number], "i32">;
  /** The probability of each label by itself, [rows, labels]: rows need not sum to 1. */
  predictProba(x: Matrix): Tensor<[number, number], "f64">;
  /** Log-odds [rows, labels]. */
  decisionFunction(x: Matrix): Tensor<[number, number], "f64">;
}

export interface MultiLabel extends Estimator {
  fit(
    x: Matrix,
    y: LabelMatrix,
    options?: FitOptions & { readonly onWarning?: OnWarning },
  ): Promise<FittedMultiLabel>;
}

interface MultiLabelState extends State {
  readonly kind: "multiLabel";
  readonly models: readonly LogisticRegressionState[];
}

/**
 * Rows that may have several labels, or none: a logistic regression (a sigmoid) for each label, independent of the
 * others.
 *
 * @source scikit-learn `MultiOutputClassifier`
 */
export const multiLabel = (options: MultiLabelOptions = {}): MultiLabel => ({
  kind: "multiLabel",
  options: { ...options },
  async fit(x, y, how = {}) {
    const models: LogisticRegressionState[] = [];
    for (const [k, column] of columnsOf(y, "multiLabel.fit").entries()) {
      const first = column.at(0);
      if (column.every((value) => value === first))
        throw new ValueError(
          `multiLabel.fit: label ${k} is ${String(first ?? "nowhere")} in all rows; leave it out, there is nothing to learn`,
        );
      const fitted = await logisticRegression(options).fit(x, column, how);
      models.push(fitted.state as LogisticRegressionState);
    }
    return restoreMultiLabel({ kind: "multiLabel", models });
  },
});

function columnsOf(y: LabelMatrix, op: string): Int32Array[] {
  if (isTensor(y) && y.rank !== 2)
    throw new ShapeError(`${op}: y must be [rows, labels], got ${show(y.shape)}`);
  if (!isTensor(y) && !(Array.isArray(y) && y.every((row) => Array.isArray(row))))
    throw new ShapeError(`${op}: y must be rows of 0 and 1, [rows, labels], got ${describe(y)}`);
  const rows = isTensor(y) ? y.shape[0] : y.length;
  const labels = isTensor(y) ? y.shape[1] : (y[0]?.length ?? 0);
  const flat = isTensor(y) ? elementsOf(y.cast("f64").node) : y.flat().map(Number);
  if (rows === 0 || labels === 0 || flat.length !== rows * labels)
    throw new ShapeError(`${op}: y must be [rows, labels], each row with as many labels`);
  return Array.from({ length: labels }, (_, k) =>
    Int32Array.from({ length: rows }, (_, row) => {
      const value = flat[row * labels + k];
      if (value !== 0 && value !== 1)
        throw new ValueError(
          `${op}: row ${row}, label ${k} is ${String(value)}; labels are 0 and 1`,
        );
      return value;
    }),
  );
}

export function restoreMultiLabel(state: MultiLabelState): FittedMultiLabel {
  const models = state.models.map((model) => restoreLogisticRegression<number>(model));
  const [{ features, featureNames }] = models;
  const decisionFunction = (x: Matrix): Tensor<[number, number], "f64"> => {
    const columns = models.map((model) => elementsOf(model.decisionFunction(x).node));
    const rows = columns[0].length;
    const out = new Float64Array(rows * columns.length);
    columns.forEach((column, k) => {
      for (let i = 0; i < rows; i++) out[i * columns.length + k] = column[i];
    });
    return matrixTensor(out, rows, columns.length);
  };
  return {
    state,
    features,
    featureNames,
    models,
    decisionFunction,
    predictProba: (x) => decisionFunction(x).sigmoid(),
    predict(x) {
      const z = decisionFunction(x);
      const ones = Int32Array.from(elementsOf(z.node), (value) => (value > 0 ? 1 : 0));
      return tensorOf(ones, z.shape, "i32") as Tensor<[number, number], "i32">;
    },
  };
}
