import { ValueError } from "../../base/errors.js";
import type { Table } from "../../data/formats/csv.js";
import { encoded, weightsOf } from "../input/labels.js";
import { matrixOf, namesOf } from "../input/matrix.js";
import type { Stream } from "../input/stream.js";
import type { Classifier, FitOptions, Label, Labels, Matrix } from "../types.js";
import { type ClassWeight, withClassWeight } from "./class-weight.js";
import type { Seen, Weights } from "./design/design.js";
import { gathered, type Known, known, spread } from "./design/known.js";
import {
  type FittedLogisticRegression,
  restoreLogisticRegression,
} from "./fitted-logistic-regression.js";
import { byOutput, centre, formOf, joined, requireClasses, seenOf, startOf } from "./forms.js";
import { type Inference, inferenceOf } from "./inference.js";
import { type LinearProblem, linearObjective, totalOf, weightsIn } from "./linear-objective.js";
import { penaltyOf, type PenaltyOptions } from "./penalty.js";
import { separated } from "./separation.js";
import { fitStream, type FitStreamOptions, type StreamPart } from "./stream/fit-stream.js";
import {
  type LearnerOptions,
  learnerOf,
  type LogisticRegressionLearner,
} from "./stream/learner.js";
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
  /**
   * To learn from parts, as they come (scikit-learn's `partial_fit`), by mini-batch descent as `descent` says: by
   * default "adam" with 256 rows a step, at a rate that begins with 0.1 and falls with the root of the steps.
   */
  learner<L extends Label>(options: LearnerOptions<L>): LogisticRegressionLearner<L>;
  /**
   * Learns from a stream of parts, of which one is in memory at a time: data larger than the memory.
   *
   * @param parts  { x, y }, or tables of `csv.stream` with `target` naming the column of labels
   */
  fitStream<L extends Label>(
    parts: Stream<StreamPart> | Stream<Table>,
    options: FitStreamOptions<L>,
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
 * - Large matrices of which 30 % or less is not zero are fitted as sparse rows, dense ones too: loss and gradient
 *   then pass over what is there. Fits of the same tensor share what was found out about it.
 *
 * @source scikit-learn `LogisticRegression`
 */
export const logisticRegression = (
  options: LogisticRegressionOptions = {},
): LogisticRegression => ({
  kind: "logisticRegression",
  options: { ...options },
  learner: (learnerOptions) => learnerOf(options, learnerOptions, "logisticRegression.learn"),
  fitStream: async (parts, streamOptions) => fitStream(options, parts, streamOptions),
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
    const data = known(matrix, fitIntercept, form === "multinomial" ? labels.classes.length : 1);
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
  if (seen.outputs > 1) centre(solved.x, design.columns, seen.outputs, penalty);
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
