import { ShapeError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { targetsLike } from "../losses/checks.js";
import type { FromLogits } from "../losses/probabilities.js";
import type { WholeMetric } from "./metric.js";
import { rocArea } from "./roc-area.js";

/**
 * The area under the ROC curve, exact: how likely a one has a higher prediction than a zero, where equal
 * ones count half. Predictions [n], [n, 1] (of zeros and ones, in their shape) or [n, 2] (of class numbers [n] or
 * one-hot targets); of [n, classes] the mean over the classes, each against the rest. NaN if a class has no
 * examples, or all.
 *
 * @param options.fromLogits  are predictions of several classes logits (default, unless the model
 *   gives probabilities), or probabilities?
 * @source scikit-learn `roc_auc_score`, for several classes with `multi_class="ovr"`
 */
export const auc = ({ fromLogits }: FromLogits = {}): WholeMetric => ({
  ...areas(fromLogits ?? true),
  ...(fromLogits === undefined && { ofProbabilities: () => areas(false) }),
});

const areas = (fromLogits: boolean): WholeMetric => ({
  name: "auc",
  async whole(predictions, targets, weights) {
    const w = weights === undefined ? undefined : await weights.data();
    const scores = await predictions.data();
    const [n, classes = 1] = predictions.shape;
    if (predictions.rank > 2 || targets.shape[0] !== n)
      throw new ShapeError(
        `auc: predictions must be [n] or [n, classes], got ${show(predictions.shape)}, with targets ` +
          show(targets.shape),
      );
    if (classes === 1) {
      const y = await targetsLike(predictions, targets, "auc").data();
      return rocArea(scores, (i) => y[i] > 0.5, w);
    }
    const y = await classNumbers(predictions, targets);
    const columns = columnsOf(fromLogits ? logOdds(scores, n, classes) : scores, n, classes);
    if (classes === 2) return rocArea(columns[1], (i) => y[i] === 1, w);
    const areas = columns.map((column, k) => rocArea(column, (i) => y[i] === k, w));
    return areas.reduce((sum, area) => sum + area, 0) / classes;
  },
});

const columnsOf = (rows: ArrayLike<number>, n: number, classes: number): Float64Array[] =>
  Array.from({ length: classes }, (_, k) =>
    Float64Array.from({ length: n }, (_, i) => rows[i * classes + k]),
  );

/** log p − log(1 − p) of each class: in the order of p, but not all the same where p is close to 1. */
function logOdds(logits: ArrayLike<number>, n: number, classes: number): Float64Array {
  const odds = new Float64Array(n * classes);
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: classes }, (_, k) => logits[i * classes + k]);
    for (let k = 0; k < classes; k++) {
      let peak = -Infinity;
      for (let j = 0; j < classes; j++) if (j !== k) peak = Math.max(peak, row[j]);
      let others = 0;
      for (let j = 0; j < classes; j++) if (j !== k) others += Math.exp(row[j] - peak);
      odds[i * classes + k] = row[k] - peak - Math.log(others);
    }
  }
  return odds;
}

async function classNumbers(predictions: Tensor, targets: Tensor): Promise<ArrayLike<number>> {
  if (targets.rank === 1) return targets.data();
  if (sameShape(targets.shape, predictions.shape)) return targets.argmax(-1).data();
  throw new ShapeError(
    `auc: for predictions ${show(predictions.shape)} targets must be class numbers ` +
      `[${predictions.shape[0]}], or of their shape; got ${show(targets.shape)}`,
  );
}
