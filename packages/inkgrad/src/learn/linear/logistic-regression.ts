import { ValueError } from "../../base/errors.js";
import { type Encoded, encoded, weightsOf } from "../input/labels.js";
import { matrixOf, namesOf } from "../input/matrix.js";
import type { Classifier, FitOptions, Label, Labels, Matrix } from "../types.js";
import { type ClassWeight, withClassWeight } from "./class-weight.js";
import type { Seen, Weights } from "./design/design.js";
import { gathered, type Known, known, spread } from "./design/known.js";
import {
  type FittedLogisticRegression,
  restoreLogisticRegression,
} from "./fitted-logistic-regression.js";
import { type Inference, inferenceOf } from "./inference.js";
import { type LinearProblem, linearObjective, totalOf, weightsIn } from "./linear-objective.js";
import { weightsOf as matrixForm } from "./linear-model.js";
import { binomial } from "./losses/binomial.js";
import { multinomial } from "./losses/multinomial.js";
import { penaltyOf, type PenaltyOptions } from "./penalty.js";
import type { Form } from "./probabilities.js";
import { separated } from "./separation.js";
import { solve, type Solved, type SolveOptions } from "./solve.js";
import { convergenceWarning, type FitWarning, type OnWarning, printWarning } from "./warnings.js";

export interface LogisticRegressionOptions extends PenaltyOptions, SolveOptions {
  /** Default true. An intercept is not penalised. */
  readonly fitIntercept?: boolean;
  /**
   * "multinomial": softmax over all classes; "ovr": one model for each class against the rest; "auto"
   * (default): one model for two classes, softmax for more.
   */
  readonly multiClass?: "auto" | "multinomial" | "ovr";
  readonly classWeight?: ClassWeight;
}

export interface LinearFitOptions<F> extends FitOptions {
  /** Begin with the coefficients of an earlier fit (warm start). */
  readonly start?: F;
  /** Told of what did not go well (default: `console.warn`, the same once); `fitted.warnings` has it too. */
  readonly onWarning?: OnWarning;
}

export interface LogisticRegression extends Classifier {
  fit<L extends Label>(
    x: Matrix,
    y: Labels<L>,
    options?: LinearFitOptions<FittedLogisticRegression<Label>>,
  ): Promise<FittedLogisticRegression<L>>;
}

/**
 * Logistic regression: the log-odds of a class, or with more than two classes the logarithms of all
 * probabilities up to a common term, are linear in the features. Minimises penalty(w) + C Σ losses.
 *
 * - Constant features get the coefficient 0 where there is an intercept.
 * - One class only is an error. More features than rows is not, for the penalty decides between the solutions.
 * - Without a penalty, classes that can be separated have no finite solution: the fit goes as far as `tol` and
 *   `maxIterations` let it, and warns.
 *
 * @source scikit-learn `LogisticRegression`
 */
export const logisticRegression = (
  options: LogisticRegressionOptions = {},
): LogisticRegression => ({
  kind: "logisticRegression",
  options: { ...options },
  async fit<L extends Label>(
    x: Matrix,
    y: Labels<L>,
    {
      sampleWeight,
      start,
      onWarning = printWarning,
    }: LinearFitOptions<FittedLogisticRegression> = {},
  ) {
    const op = "logisticRegression.fit";
    const { fitIntercept = true, classWeight } = options;
    const matrix = matrixOf(x, op);
    const labels = encoded(y, matrix.rows, op);
    requireClasses(labels, op);
    const form = formOf(options, labels.classes.length, op);
    const data = known(matrix, fitIntercept);
    const weights = withClassWeight(
      weightsOf(sampleWeight, matrix.rows, op),
      classWeight,
      labels,
      op,
    );
    const total = totalOf({ weights } as Seen, matrix.rows);
    if (!(total > 0)) throw new ValueError(`${op}: all rows have weight 0`);
    const penalty = penaltyOf(options, total, op);
    const before = startOf(start, form, labels.classes.length, matrix.columns, op);

    const fits = seenOf(form, labels, weights).map((seen, k) => {
      const problem = { design: data.design, seen, penalty, intercept: fitIntercept };
      return fitOne(problem, data, before(k, seen.outputs), options, op);
    });
    const warnings = fits.flatMap(({ warnings }) => warnings);
    warnings.forEach(onWarning);
    const [{ solved }] = fits;
    return restoreLogisticRegression<L>({
      kind: "logisticRegression",
      names: namesOf(x),
      features: matrix.columns,
      classes: labels.classes,
      form,
      coefficients: joined(fits.map(({ W, outputs }) => byOutput(W, outputs))),
      intercepts: joined(fits.map(({ b }) => b)),
      deviations: data.deviations,
      covariance: fits.every(({ inference }) => inference.covariance !== null)
        ? joined(fits.map(({ inference }) => inference.covariance!))
        : null,
      noInference:
        fits.find(({ inference }) => inference.reason !== null)?.inference.reason ?? null,
      fitIntercept,
      solver: solved.solver,
      solverReason: solved.reason,
      converged: fits.every(({ solved }) => solved.converged),
      iterations: Int32Array.from(fits, ({ solved }) => solved.iterations),
      costs: fits.map(({ solved }) => Float64Array.from(solved.history, ({ cost }) => cost)),
      gradientSizes: fits.map(({ solved }) =>
        Float64Array.from(solved.history, ({ gradientSize }) => gradientSize),
      ),
      warnings: warnings.map(({ name, message }) => ({ name, message })),
    });
  },
});

function requireClasses({ classes }: Encoded, op: string): void {
  if (classes.length < 2)
    throw new ValueError(
      `${op}: y has one class only, ${JSON.stringify(classes[0])}; there must be two at least to tell apart`,
    );
}

function formOf(
  { multiClass = "auto" }: LogisticRegressionOptions,
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
function seenOf(form: Form, { classes, numbers }: Encoded, weights: Float64Array | null): Seen[] {
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
function startOf(
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

interface Fit {
  readonly W: Float64Array;
  readonly b: Float64Array;
  readonly outputs: number;
  readonly solved: Solved;
  readonly inference: Inference;
  readonly warnings: readonly FitWarning[];
}

function fitOne(
  problem: LinearProblem,
  { kept, deviations }: Known,
  start: Weights | null,
  options: SolveOptions,
  op: string,
): Fit {
  const { design, seen, penalty } = problem;
  const objective = linearObjective(problem);
  const first =
    start === null
      ? new Float64Array(objective.size)
      : joined([gathered(start.W, kept, seen.outputs), start.b]).slice(0, objective.size);
  const solved = solve(objective, first, options, op);
  if (seen.outputs > 1) centre(solved.x, problem);
  const { W, b } = weightsIn(solved.x, design.columns, seen.outputs);
  const warnings: FitWarning[] = [];
  const noPenalty = penalty.strength === 0;
  const apart = noPenalty && separated(design, seen, { W, b });
  if (apart !== false) warnings.push(apart);
  if (!solved.converged)
    warnings.push(
      convergenceWarning(
        `${op}: ${solved.solver}: ${solved.message}. Scale the columns (standardScaler), raise maxIterations, ` +
          "strengthen the penalty (a smaller C), or be content with a larger tol",
      ),
    );
  const inference = inferenceOf(problem, objective, solved.x, apart !== false, kept !== null);
  const all = spread(W, kept, deviations.length, seen.outputs);
  return { W: all, b, outputs: seen.outputs, solved, inference, warnings };
}

/**
 * Softmax does not see what is added to the margins of all classes: where no penalty decides either, the sum over
 * classes is made 0.
 */
function centre(x: Float64Array, { design, seen, penalty }: LinearProblem): void {
  const { outputs } = seen;
  const from = penalty.strength === 0 ? 0 : design.columns * outputs;
  for (let at = from; at < x.length; at += outputs) {
    const line = x.subarray(at, at + outputs);
    const mean = line.reduce((sum, value) => sum + value, 0) / outputs;
    for (let k = 0; k < outputs; k++) line[k] -= mean;
  }
}

/** [outputs, features] from [features, outputs]. */
function byOutput(W: Float64Array, outputs: number): Float64Array {
  const features = W.length / outputs;
  return Float64Array.from(W, (_, i) => W[(i % features) * outputs + Math.floor(i / features)]);
}

function joined(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
