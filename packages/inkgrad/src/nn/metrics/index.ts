/** Figures about predictions. */

export { accuracy, binaryAccuracy, topK } from "./accuracy.js";
export { auc } from "./auc.js";
export { confusionMatrix } from "./confusion-matrix.js";
export { meanAbsoluteError, meanSquaredError, ofLoss } from "./errors.js";
export type { Metric, MetricValue, WholeMetric } from "./metric.js";
export { f1, precision, recall } from "./precision-recall.js";
