import "../tensor/methods.js";

/** Classical learning: estimators after scikit-learn's contract (docs/learn.md). */

export { audit } from "./audit/index.js";
export type { Audit, AuditWarning, ColumnAudit, Role } from "./audit/index.js";
export * as metrics from "./metrics/index.js";
export * as calibration from "./calibration/index.js";
export * as imbalance from "./imbalance/index.js";
export * from "./compose/index.js";
export type { ColumnChoice } from "./input/select.js";
export * as preprocessing from "./preprocessing/index.js";
export * as selection from "./selection/index.js";
export * from "./linear/index.js";
export { restore } from "./kinds.js";
export { loadFitted, saveFitted } from "./saving/file.js";
export { named } from "./input/names.js";
export type { NamedMatrix } from "./input/names.js";
export type { Stream } from "./input/stream.js";
export { sparseRows } from "./input/sparse-rows.js";
export type { SparseRows } from "./input/sparse-rows.js";
export type {
  Classifier,
  Estimator,
  Features,
  FitOptions,
  Fitted,
  FittedClassifier,
  FittedRegressor,
  FittedTransformer,
  Label,
  Labels,
  Matrix,
  Regressor,
  Targets,
  Transformed,
  Transformer,
} from "./types.js";
