/** Figures of predictions: what is so first, what is said of it second. */

export { accuracy, balancedAccuracy } from "./accuracy.js";
export type { AccuracyOptions, BalancedAccuracyOptions } from "./accuracy.js";
export { kappa, matthews } from "./agreement.js";
export type { KappaOptions } from "./agreement.js";
export { averagePrecision } from "./average-precision.js";
export type { AveragePrecisionOptions } from "./average-precision.js";
export type { BinaryOptions } from "./binary.js";
export { bootstrap } from "./bootstrap.js";
export type { BootstrapInterval, BootstrapOptions } from "./bootstrap.js";
export { brier } from "./brier.js";
export type { BrierOptions } from "./brier.js";
export { calibrationCurve, expectedCalibrationError } from "./calibration.js";
export type {
  CalibrationCurve,
  CalibrationCurveOptions,
  CalibrationErrorOptions,
} from "./calibration.js";
export { classificationReport } from "./classification-report.js";
export type {
  ClassificationReport,
  ClassificationReportOptions,
  ReportRow,
} from "./classification-report.js";
export { confusionMatrix } from "./confusion-matrix.js";
export type { ConfusionMatrix, ConfusionMatrixOptions } from "./confusion-matrix.js";
export { logLoss } from "./log-loss.js";
export type { LogLossOptions } from "./log-loss.js";
export { hammingLoss, subsetAccuracy } from "./multi-label.js";
export { f1, fBeta, precision, recall } from "./precision-recall.js";
export type { Average, FBetaOptions, PrecisionRecallOptions } from "./precision-recall.js";
export { precisionRecallCurve } from "./precision-recall-curve.js";
export type { PrecisionRecallCurve } from "./precision-recall-curve.js";
export type { Scores, Targets, WeightOption, Weights } from "./read.js";
export { meanAbsoluteError, meanSquaredError, r2, rootMeanSquaredError } from "./regression.js";
export type { MultiOutput, R2Options, RegressionOptions } from "./regression.js";
export { rocAuc } from "./roc-auc.js";
export type { AucAverage, RocAucOptions } from "./roc-auc.js";
export { rocCurve } from "./roc-curve.js";
export type { RocCurve, RocCurveOptions } from "./roc-curve.js";
export { topK } from "./top-k.js";
export type { TopKOptions } from "./top-k.js";
