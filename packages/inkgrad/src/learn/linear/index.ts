/** Models: linear in their features, and networks behind the same contract. */

export { logisticRegression } from "./logistic-regression.js";
export type {
  LinearFitOptions,
  LogisticRegression,
  LogisticRegressionOptions,
} from "./logistic-regression.js";
export type { FittedLogisticRegression } from "./fitted-logistic-regression.js";
export { linearRegression, ridge } from "./linear-regression.js";
export type {
  FittedLinearRegression,
  LinearRegression,
  LinearRegressionOptions,
  RidgeOptions,
} from "./linear-regression.js";
export { mlpClassifier } from "./mlp-classifier.js";
export type { FittedMlpClassifier, MlpClassifier, MlpClassifierOptions } from "./mlp-classifier.js";
export { multiLabel } from "./multi-label.js";
export type {
  FittedMultiLabel,
  LabelMatrix,
  MultiLabel,
  MultiLabelOptions,
} from "./multi-label.js";
export { perceptron } from "./perceptron.js";
export type { FittedPerceptron, Perceptron, PerceptronOptions } from "./perceptron.js";
export { bernoulli, gradientAscent, logLikelihood, maximizeLikelihood } from "./likelihood.js";
export type { Ascent, AscentOptions } from "./likelihood.js";
export type { SolverName } from "./solve.js";
export type { DescentSettings } from "./solvers/gradient-descent.js";
export type { CostRecord } from "./solvers/solver.js";
export type { FitStreamOptions, StreamPart } from "./stream/fit-stream.js";
export type { LearnerOptions, LogisticRegressionLearner } from "./stream/learner.js";
export type { CoefficientRow } from "./wald.js";
export type { FitWarning, OnWarning } from "./warnings.js";
export {
  logOddsToOdds,
  logOddsToProbability,
  oddsToLogOdds,
  oddsToProbability,
  probabilityToLogOdds,
  probabilityToOdds,
} from "./odds.js";
export { varianceInflation } from "./variance-inflation.js";
