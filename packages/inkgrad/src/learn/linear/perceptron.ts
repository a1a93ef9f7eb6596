import { ValueError } from "../../base/errors.js";
import { orderOf } from "../../data/order.js";
import { foldIn, key } from "../../tensor/random/key.js";
import type { Tensor } from "../../tensor/tensor.js";
import { encoded } from "../input/labels.js";
import { matrixOf, namesOf } from "../input/matrix.js";
import type { State } from "../saving/state.js";
import type { Estimator, Fitted, Label, Labels, Matrix } from "../types.js";
import type { Design } from "./design/design.js";
import { designOf } from "./design/known.js";
import { linesOf, marginsOf, matrixTensor, vectorTensor } from "./linear-model.js";
import { winners } from "./probabilities.js";
import { convergenceWarning, type FitWarning, type OnWarning, printWarning } from "./warnings.js";

export interface PerceptronOptions {
  /** Passes over the rows at most (default 1000). */
  readonly maxIterations?: number;
  /** For the order of rows (default 0). */
  readonly seed?: number;
  /** Default true. */
  readonly fitIntercept?: boolean;
}

/** It has no probabilities: a perceptron knows sides only. */
export interface FittedPerceptron<L extends Label = Label> extends Fitted {
  readonly classes: readonly L[];
  /** [classes | 1, features] */
  readonly coefficients: Tensor<[number, number], "f64">;
  readonly intercepts: Tensor<[number], "f64">;
  /** Were all rows on their sides in the end? They can be, if the classes can be separated. */
  readonly converged: boolean;
  /** Mistakes in each pass, for each model. */
  readonly mistakes: readonly Int32Array[];
  readonly warnings: readonly FitWarning[];
  predict(x: Matrix): L[];
  /** [rows] for two classes (> 0: the second), else [rows, classes]. */
  decisionFunction(x: Matrix): Tensor<number[], "f64">;
}

export interface Perceptron extends Estimator {
  fit<L extends Label>(
    x: Matrix,
    y: Labels<L>,
    options?: { readonly onWarning?: OnWarning },
  ): Promise<FittedPerceptron<L>>;
}

interface PerceptronState extends State {
  readonly kind: "perceptron";
  readonly names: readonly string[] | null;
  readonly features: number;
  readonly classes: readonly Label[];
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly converged: boolean;
  readonly mistakes: readonly Int32Array[];
  readonly warnings: readonly { readonly name: string; readonly message: string }[];
}

/**
 * Rows one after another, in random order: one on the wrong side is added to the coefficients (or taken away). Ends
 * when a pass makes no mistake. With more than two classes, one against the rest.
 *
 * @source Rosenblatt, The perceptron, 1958
 */
export const perceptron = (options: PerceptronOptions = {}): Perceptron => ({
  kind: "perceptron",
  options: { ...options },
  async fit<L extends Label>(
    x: Matrix,
    y: Labels<L>,
    { onWarning = printWarning }: { readonly onWarning?: OnWarning } = {},
  ) {
    const op = "perceptron.fit";
    const { maxIterations = 1000 } = options;
    if (!(Number.isSafeInteger(maxIterations) && maxIterations >= 1))
      throw new ValueError(
        `${op}: maxIterations must be a whole number ≥ 1, got ${String(maxIterations)}`,
      );
    const matrix = matrixOf(x, op);
    const { classes, numbers } = encoded(y, matrix.rows, op);
    if (classes.length < 2)
      throw new ValueError(`${op}: y has one class only; there must be two at least to tell apart`);
    const design = designOf(matrix);
    const fits = (classes.length === 2 ? [1] : classes.map((_, k) => k)).map((k) =>
      sides(
        design,
        numbers.map((number) => (number === k ? 1 : -1)),
        options,
        maxIterations,
      ),
    );
    const lines = fits.map(({ W, b }) => linesOf({ W, b }));
    const converged = fits.every(({ mistakes }) => mistakes.at(-1) === 0);
    const warnings = converged
      ? []
      : [
          convergenceWarning(
            `${op}: there are still mistakes after ${maxIterations} passes: the classes cannot be separated by a ` +
              "plane, or not yet; take logisticRegression, other features, or more maxIterations",
          ),
        ];
    warnings.forEach(onWarning);
    return restorePerceptron<L>({
      kind: "perceptron",
      names: namesOf(x),
      features: matrix.columns,
      classes,
      coefficients: Float64Array.from(lines.flatMap(({ coefficients }) => [...coefficients])),
      intercepts: Float64Array.from(lines.flatMap(({ intercepts }) => [...intercepts])),
      converged,
      mistakes: fits.map(({ mistakes }) => Int32Array.from(mistakes)),
      warnings: warnings.map(({ name, message }) => ({ name, message })),
    });
  },
});

function sides(
  design: Design,
  targets: Int32Array,
  { seed = 0, fitIntercept = true }: PerceptronOptions,
  maxIterations: number,
) {
  const line = { W: new Float64Array(design.columns), b: new Float64Array(1) };
  const [z, one] = [new Float64Array(1), Float64Array.of(1)];
  const mistakes: number[] = [];
  for (let pass = 0; pass < maxIterations; pass++) {
    let wrong = 0;
    for (const row of orderOf(foldIn(key(seed), pass), design.rows)) {
      design.marginsOfRow(row, line, z, 0);
      if (z[0] * targets[row] > 0) continue;
      wrong++;
      design.addRow(row, one, 0, targets[row], line.W);
      if (fitIntercept) line.b[0] += targets[row];
    }
    mistakes.push(wrong);
    if (wrong === 0) break;
  }
  return { ...line, mistakes };
}

export function restorePerceptron<L extends Label>(state: PerceptronState): FittedPerceptron<L> {
  const { features, names, coefficients, intercepts } = state;
  const outputs = intercepts.length;
  const classes = state.classes as readonly L[];
  const like = { features, featureNames: names };
  const margins = (x: Matrix, op: string) => marginsOf(x, state, `perceptron.${op}`, like);
  return {
    state,
    ...like,
    classes,
    coefficients: matrixTensor(coefficients, outputs, features),
    intercepts: vectorTensor(intercepts),
    converged: state.converged,
    mistakes: state.mistakes,
    warnings: state.warnings as readonly FitWarning[],
    predict(x) {
      const { rows, z } = margins(x, "predict");
      return Array.from(winners(z, rows), (k) => classes[k]);
    },
    decisionFunction(x) {
      const { rows, z } = margins(x, "decisionFunction");
      return outputs === 1 ? vectorTensor(z) : matrixTensor(z, rows, outputs);
    },
  };
}
