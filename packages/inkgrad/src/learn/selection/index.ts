/** Which estimator, with which options, and how well it does on rows it has not seen. */

export { crossValidate } from "./cross-validate.js";
export type { CrossValidateOptions, CrossValidation, FoldScores } from "./cross-validate.js";
export { crossValPredict } from "./cross-val-predict.js";
export type { CrossValPredictOptions } from "./cross-val-predict.js";
export { learningCurve, validationCurve } from "./curves.js";
export type { CurveOptions, LearningCurve, ScoreCurve, ValidationCurve } from "./curves.js";
export type { FoldsOption } from "./data.js";
export { choice, integer, logUniform, uniform } from "./distributions.js";
export type { Distribution } from "./distributions.js";
export type { WorkersOption } from "./parallel.js";
export { regularizationPath } from "./regularization-path.js";
export type { PathOptions, RegularizationPath } from "./regularization-path.js";
export type { Scorer, ScorerName, Scoring } from "./scorers.js";
export { gridSearch, randomSearch } from "./search.js";
export type {
  Candidate,
  FittedSearch,
  RandomSearchOptions,
  Search,
  SearchOptions,
  SearchResults,
} from "./search.js";
