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
  categorical_accuracy: accuracy,
  sparse_categorical_accuracy: accuracy,
  binary_accuracy: binaryAccuracy,
  top_k_categorical_accuracy: topK,
  sparse_top_k_categorical_accuracy: topK,
  Precision: precision,
  Recall: recall,
  f1_score: f1,
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

/**
 * The metrics of a training, each for what the model gives.
 *
 * @throws InkgradError  if two have one name, or one that of the loss: one would hide the other
 */
export function metricsOf(likes: readonly MetricLike[], probabilities: boolean): AnyMetric[] {
  if (!Array.isArray(likes))
    throw new InkgradError(
      `compile: metrics must be a list, as ["accuracy"], got ${describe(likes)}`,
    );
  const made = likes.map(metricOf);
  const names = ["loss", ...made.map(({ name }) => name)];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InkgradError(
      `compile: two figures are called "${twice}"; leave one out, or give it a name of its own: ` +
        "{ ...metric, name }",
    );
  if (!probabilities) return made;
  return made.map((metric) => ({ ...(metric.ofProbabilities?.() ?? metric), name: metric.name }));
}
