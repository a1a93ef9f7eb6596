import { ValueError } from "../../base/errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { targetsOf, weightsOf as countsOf } from "../input/labels.js";
import { matrixOf, namesOf } from "../input/matrix.js";
import type { State } from "../saving/state.js";
import type { FitOptions, FittedRegressor, Matrix, Regressor, Targets } from "../types.js";
import { designOf } from "./design/known.js";
import { byCholesky, byQr, type LeastSquares, type Line } from "./least-squares.js";
import { linearObjective, weightsIn } from "./linear-objective.js";
import { marginsOf, vectorTensor } from "./linear-model.js";
import { squared } from "./losses/squared.js";
import { solve, type SolveOptions, type SolverName } from "./solve.js";
import type { CostRecord } from "./solvers/solver.js";
import { convergenceWarning, type FitWarning, type OnWarning, printWarning } from "./warnings.js";

export interface LinearRegressionOptions extends Omit<SolveOptions, "solver"> {
  /** Default true. */
  readonly fitIntercept?: boolean;
  /**
   * "qr" is exact, "cholesky" quicker with half the digits; or any solver that goes step by step, such as
   * "gradientDescent". "auto" (default) chooses.
   */
  readonly solver?: "auto" | "qr" | "cholesky" | SolverName;
}

export interface RidgeOptions extends LinearRegressionOptions {
  /** α in Σ (y − xw − b)² + α‖w‖² (default 1), as in scikit-learn; the intercept is not penalised. */
  readonly alpha?: number;
}

export interface FittedLinearRegression extends FittedRegressor {
  /** [features] */
  readonly coefficients: Tensor<[number], "f64">;
  readonly intercept: number;
  readonly solver: string;
  readonly solverReason: string;
  readonly converged: boolean;
  readonly iterations: number;
  /** The cost 1/m (½ Σ (y − xw − b)² + ½ α‖w‖²) at 0 and after each iteration. */
  readonly history: readonly CostRecord[];
  readonly warnings: readonly FitWarning[];
  predict(x: Matrix): Tensor<[number], "f64">;
}

export interface LinearRegression extends Regressor {
  fit(
    x: Matrix,
    y: Targets,
    options?: FitOptions & { readonly onWarning?: OnWarning },
  ): Promise<FittedLinearRegression>;
}

interface LinearRegressionState extends State {
  readonly kind: "linearRegression" | "ridge";
  readonly names: readonly string[] | null;
  readonly coefficients: Float64Array;
  readonly intercept: number;
  readonly solver: string;
  readonly solverReason: string;
  readonly converged: boolean;
  readonly costs: Float64Array;
  readonly gradientSizes: Float64Array;
  readonly warnings: readonly { readonly name: string; readonly message: string }[];
}

/**
 * Least squares. Where columns depend on each other, or are more than the rows, the shortest of the solutions.
 *
 * @source scikit-learn `LinearRegression`
 */
export const linearRegression = (options: LinearRegressionOptions = {}): LinearRegression =>
  estimator("linearRegression", options, () => 0);

/** Least squares with coefficients kept small. @source scikit-learn `Ridge` */
export const ridge = (options: RidgeOptions = {}): LinearRegression =>
  estimator("ridge", options, (op) => {
    const { alpha = 1 } = options;
    if (!(alpha >= 0 && alpha < Infinity))
      throw new ValueError(`${op}: alpha must be a number ≥ 0, got ${String(alpha)}`);
    return alpha;
  });

const estimator = (
  kind: "linearRegression" | "ridge",
  options: LinearRegressionOptions,
  alphaOf: (op: string) => number,
): LinearRegression => ({
  kind,
  options: { ...options },
  async fit(x, y, { sampleWeight, onWarning = printWarning } = {}) {
    const op = `${kind}.fit`;
    const matrix = matrixOf(x, op);
    if (matrix.rows === 0) throw new ValueError(`${op}: there are no rows to learn from`);
    const problem: LeastSquares = {
      x: matrix,
      y: targetsOf(y, matrix.rows, op),
      weights: countsOf(sampleWeight, matrix.rows, op),
      alpha: alphaOf(op),
      intercept: options.fitIntercept ?? true,
    };
    const found = solved(problem, options, op);
    const warnings = found.converged
      ? []
      : [
          convergenceWarning(
            `${op}: ${found.solver}: ${found.message}. Scale the columns (standardScaler), raise maxIterations, ` +
              'or take solver: "qr"',
          ),
        ];
    warnings.forEach(onWarning);
    return restoreLinearRegression({
      kind,
      names: namesOf(x),
      coefficients: found.line.w,
      intercept: found.line.b,
      solver: found.solver,
      solverReason: found.reason,
      converged: found.converged,
      costs: Float64Array.from(found.history, ({ cost }) => cost),
      gradientSizes: Float64Array.from(found.history, ({ gradientSize }) => gradientSize),
      warnings: warnings.map(({ name, message }) => ({ name, message })),
    });
  },
});

interface Found {
  readonly line: NonNullable<Line>;
  readonly solver: string;
  readonly reason: string;
  readonly converged: boolean;
  readonly message: string;
  readonly history: readonly CostRecord[];
}

/** Columns up to which normal equations are set up, and multiplications up to which all is factored. */
const [mostColumns, cheap] = [3000, 1e8];

function solved(problem: LeastSquares, options: LinearRegressionOptions, op: string): Found {
  const { x, y, weights, alpha, intercept } = problem;
  const { solver = "auto" } = options;
  const design = designOf(x);
  const total = weights === null ? x.rows : weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new ValueError(`${op}: all rows have weight 0`);
  const objective = linearObjective({
    design,
    seen: { loss: squared, outputs: 1, targets: y, weights },
    penalty: { strength: alpha / total, ratio: 0 },
    intercept,
  });
  const directly = (line: NonNullable<Line>, solver: string, reason: string): Found => {
    const end = new Float64Array(objective.size);
    end.set(line.w);
    if (intercept) end[end.length - 1] = line.b;
    const history = [new Float64Array(objective.size), end].map((place, iteration) => {
      const { value, gradient } = objective.look(place);
      const gradientSize = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      return { iteration, cost: value, gradientSize };
    });
    return { line, solver, reason, converged: true, message: "solved at once", history };
  };

  const work = x.rows * x.columns ** 2;
  if (solver === "qr" || (solver === "auto" && work <= cheap))
    return directly(
      byQr(problem)!,
      "qr",
      solver === "qr" ? "asked for" : "small enough to be exact",
    );
  if (solver === "cholesky" || (solver === "auto" && x.columns <= mostColumns)) {
    const line = byCholesky(problem);
    if (line !== null)
      return directly(
        line,
        "cholesky",
        solver === "auto"
          ? "many rows and few columns: the normal equations are small"
          : "asked for",
      );
    if (solver === "cholesky")
      throw new ValueError(
        `${op}: columns depend on each other, and cholesky finds no single solution; take solver: "qr", or ridge`,
      );
    return directly(byQr(problem)!, "qr", "columns depend on each other: the shortest solution");
  }
  const found = solve(objective, new Float64Array(objective.size), { ...options, solver }, op);
  const { W, b } = weightsIn(found.x, x.columns, 1);
  return { ...found, line: { w: W.slice(), b: b[0] } };
}

export function restoreLinearRegression(state: LinearRegressionState): FittedLinearRegression {
  const { coefficients, intercept, names, kind } = state;
  const like = { features: coefficients.length, featureNames: names };
  const lines = { coefficients, intercepts: Float64Array.of(intercept) };
  return {
    state,
    ...like,
    coefficients: vectorTensor(coefficients),
    intercept,
    solver: state.solver,
    solverReason: state.solverReason,
    converged: state.converged,
    iterations: state.costs.length - 1,
    history: Array.from(state.costs, (cost, iteration) => ({
      iteration,
      cost,
      gradientSize: state.gradientSizes[iteration],
    })),
    warnings: state.warnings as readonly FitWarning[],
    predict: (x) => vectorTensor(marginsOf(x, lines, `${kind}.predict`, like).z),
  };
}
