/** Models that are linear in their features. */

export { logisticRegression } from "./logistic-regression.js";
export type {
  LinearFitOptions,
  LogisticRegression,
  LogisticRegressionOptions,
} from "./logistic-regression.js";
export type { FittedLogisticRegression } from "./fitted-logistic-regression.js";
export type { CoefficientRow } from "./wald.js";
export type { FitWarning } from "./warnings.js";
export {
  logOddsToOdds,
  logOddsToProbability,
  oddsToLogOdds,
  oddsToProbability,
  probabilityToLogOdds,
  probabilityToOdds,
} from "./odds.js";
export { varianceInflation } from "./variance-inflation.js";
