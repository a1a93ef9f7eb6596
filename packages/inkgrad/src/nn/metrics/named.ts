import { InkgradError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { accuracy, binaryAccuracy, topK } from "./accuracy.js";
import { auc } from "./auc.js";
import { confusionMatrix } from "./confusion-matrix.js";
import { meanAbsoluteError, meanSquaredError } from "./errors.js";
import type { Metric, WholeMetric } from "./metric.js";
import { f1, precision, recall } from "./precision-recall.js";

const metrics = {
  accuracy,
  binaryAccuracy,
  topK,
  precision,
  recall,
  f1,
  auc,
  meanSquaredError,
  meanAbsoluteError,
};

/** Keras's names, and the usual abbreviations. */
const others = {
  acc: accuracy,
  binary_accuracy: binaryAccuracy,
  top_k_categorical_accuracy: topK,
  AUC: auc,
  mean_squared_error: meanSquaredError,
  mse: meanSquaredError,
  mean_absolute_error: meanAbsoluteError,
  mae: meanAbsoluteError,
};

export type MetricName = keyof typeof metrics | keyof typeof others;
export type AnyMetric = Metric | WholeMetric;
export type MetricLike = MetricName | AnyMetric;

const all = { ...metrics, ...others } as unknown as Readonly<Record<string, () => AnyMetric>>;

/** The metric of a name. */
export function metricOf(like: MetricLike): AnyMetric {
  if (typeof like === "object" && like !== null && "name" in like) return like;
  if (typeof like === "string" && Object.hasOwn(all, like)) return all[like]();
  const known = [...Object.values(all), confusionMatrix] as unknown[];
  const hint = known.includes(like)
    ? `call it, as metrics.${(like as unknown as { name: string }).name}()`
    : `there are ${Object.keys(metrics).join(", ")}, or give one made with metrics`;
  throw new InkgradError(
    `unknown metric ${typeof like === "string" ? `"${String(like)}"` : describe(like)}; ${hint}`,
  );
}
