import type { Tensor } from "../../tensor/tensor.js";
import { columnNames } from "../input/names.js";
import type { State } from "../saving/state.js";
import type { FittedClassifier, Label, Matrix } from "../types.js";
import { marginsOf, matrixTensor, vectorTensor } from "./linear-model.js";
import { type Form, probabilitiesOf, winners } from "./probabilities.js";
import type { SolverName } from "./solve.js";
import type { CostRecord } from "./solvers/solver.js";
import { type CoefficientRow, waldTable } from "./wald.js";
import type { FitWarning } from "./warnings.js";

export interface LogisticRegressionState extends State {
  readonly kind: "logisticRegression";
  readonly names: readonly string[] | null;
  readonly features: number;
  readonly classes: readonly Label[];
  readonly form: Form;
  /** [classes | 1, features] */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly fitIntercept: boolean;
  readonly deviations: Float64Array;
  readonly covariance: Float64Array | null;
  readonly noInference: string | null;
  readonly solver: string;
  readonly solverReason: string;
  readonly converged: boolean;
  readonly iterations: Int32Array;
  readonly costs: readonly Float64Array[];
  readonly gradientSizes: readonly Float64Array[];
  readonly warnings: readonly { readonly name: string; readonly message: string }[];
}

export interface FittedLogisticRegression<L extends Label = Label> extends FittedClassifier<L> {
  /** [classes, features]; [1, features] where one model tells two classes apart. */
  readonly coefficients: Tensor<[number, number], "f64">;
  /** [classes | 1] */
  readonly intercepts: Tensor<[number], "f64">;
  /** Which solver it was, and why. */
  readonly solver: SolverName;
  readonly solverReason: string;
  readonly converged: boolean;
  /** Of each model: one, or with "ovr" one for each class. */
  readonly iterations: Int32Array;
  /** The cost 1/m (penalty/C + Σ losses) at the start and after each iteration, for each model. */
  readonly history: readonly (readonly CostRecord[])[];
  readonly warnings: readonly FitWarning[];
  predict(x: Matrix): L[];
  predictProba(x: Matrix): Tensor<[number, number], "f64">;
  /** Logarithms of `predictProba`. */
  predictLogProba(x: Matrix): Tensor<[number, number], "f64">;
  decisionFunction(x: Matrix): Tensor<number[], "f64">;
  /** By what the odds are multiplied where a feature grows by 1: e^coefficient, [classes | 1, features]. */
  oddsRatios(): Tensor<[number, number], "f64">;
  /** Coefficients times the features' standard deviations in training, comparable with each other. */
  standardisedImportance(): Tensor<[number, number], "f64">;
  /** [classes | 1, features + 1], the intercept's last; null: see `noInference`. */
  readonly standardErrors: Tensor<[number, number], "f64"> | null;
  /** Why there are no standard errors. */
  readonly noInference: string | null;
  /**
   * All about each coefficient. Standard errors and what follows from them are null where there are none.
   *
   * @param confidence  of the intervals (default 0.95)
   */
  coefficientTable(confidence?: number): CoefficientRow[];
}

export function restoreLogisticRegression<L extends Label>(
  state: LogisticRegressionState,
): FittedLogisticRegression<L> {
  const { coefficients, intercepts, features, names, form } = state;
  const outputs = intercepts.length;
  const classes = state.classes as readonly L[];
  const like = { features, featureNames: names };
  const margins = (x: Matrix, op: string) => marginsOf(x, state, `logisticRegression.${op}`, like);
  const predictProba = (x: Matrix, op = "predictProba") => {
    const { rows, z } = margins(x, op);
    return matrixTensor(probabilitiesOf(z, rows, form), rows, classes.length);
  };
  const table = (confidence?: number): CoefficientRow[] =>
    waldTable(state, columnNames(names, features), confidence);
  return {
    state,
    ...like,
    classes,
    coefficients: matrixTensor(coefficients, outputs, features),
    intercepts: vectorTensor(intercepts),
    solver: state.solver as SolverName,
    solverReason: state.solverReason,
    converged: state.converged,
    iterations: state.iterations,
    history: state.costs.map((costs, k) =>
      Array.from(costs, (cost, iteration) => ({
        iteration,
        cost,
        gradientSize: state.gradientSizes[k][iteration],
      })),
    ),
    warnings: state.warnings as readonly FitWarning[],
    noInference: state.noInference,
    standardErrors:
      state.covariance === null
        ? null
        : matrixTensor(
            Float64Array.from(table(), ({ standardError }) => standardError ?? 0),
            outputs,
            features + 1,
          ),
    predict(x) {
      const { rows, z } = margins(x, "predict");
      return Array.from(winners(z, rows), (k) => classes[k]);
    },
    predictProba: (x) => predictProba(x),
    predictLogProba: (x) => predictProba(x, "predictLogProba").log() as never,
    decisionFunction(x) {
      const { rows, z } = margins(x, "decisionFunction");
      if (outputs === 1) return vectorTensor(z);
      if (classes.length > 2) return matrixTensor(z, rows, outputs);
      return vectorTensor(Float64Array.from({ length: rows }, (_, i) => z[2 * i + 1] - z[2 * i]));
    },
    oddsRatios: () => matrixTensor(coefficients.map(Math.exp), outputs, features),
    standardisedImportance: () =>
      matrixTensor(
        coefficients.map((w, i) => w * state.deviations[i % features]),
        outputs,
        features,
      ),
    coefficientTable: table,
  };
}
