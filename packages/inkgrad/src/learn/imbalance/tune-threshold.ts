import { ValueError } from "../../base/errors.js";
import { fBetaOf, precisionOf, recallOf } from "../../nn/metrics/counts.js";
import { type BinaryOptions, countByThreshold, readBinary } from "../metrics/binary.js";
import type { Scores } from "../metrics/read.js";
import type { Labels } from "../types.js";

/**
 * What a threshold is chosen for:
 * - "f1", or `{ fBeta }`: the greatest F-beta;
 * - "accuracy", "balancedAccuracy": the greatest;
 * - `{ cost: { fp, fn } }`: the least cost, fp for each false positive and fn for each false negative;
 * - `{ recallAtPrecision }`: the greatest recall among thresholds with at least this precision;
 * - `{ precisionAtRecall }`: the greatest precision among those with at least this recall.
 */
export type ThresholdObjective =
  | "f1"
  | "accuracy"
  | "balancedAccuracy"
  | { readonly fBeta: number }
  | { readonly cost: { readonly fp: number; readonly fn: number } }
  | { readonly recallAtPrecision: number }
  | { readonly precisionAtRecall: number };

/** Counts (of weights, if there are any) at each threshold, from none positive to all. */
export interface ThresholdCurve {
  /** Falling: Infinity, where nothing is positive, then the different scores. */
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly falseNegatives: Float64Array;
  readonly trueNegatives: Float64Array;
  /** 1 where nothing is positive, as at the end of the precision–recall curve. */
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  /** What the objective looks at: F-beta, accuracy, cost, recall or precision. */
  readonly values: Float64Array;
}

export interface TunedThreshold {
  /** A row is positive if its score is at least this. Infinity: none is. */
  readonly threshold: number;
  /** The objective's value there. */
  readonly value: number;
  /** False if no threshold keeps the floor asked for; then it is the one that comes nearest. */
  readonly reached: boolean;
  readonly curve: ThresholdCurve;
}

/**
 * The threshold that serves an objective best. Use scores of rows that the classifier has not learned from:
 * validation rows, or those of cross-validation; the test rows are for judging what comes of it.
 *
 * All rows of the same score fall on the same side. Of thresholds with the same value the highest is taken,
 * the one with fewest positives; for `precisionAtRecall` the lowest, and for `recallAtPrecision` the one of
 * greatest precision. If no threshold has the precision asked for, the one of greatest precision is given, and
 * `reached` is false. A recall is always reached.
 *
 * @param yTrue   [n] labels of two classes
 * @param scores  [n] or [n, 2] probabilities or decision values, the higher the more like `positive`
 * @throws ValueError  for an unknown objective, floors outside 0 … 1, costs that are negative, or if no row is
 *                     positive
 * @source scikit-learn `precision_recall_curve`, `TunedThresholdClassifierCV`
 */
export function tuneThreshold(
  yTrue: Labels,
  scores: Scores,
  objective: ThresholdObjective,
  options: BinaryOptions = {},
): TunedThreshold {
  const op = "tuneThreshold";
  const goal = goalOf(objective, op);
  const binary = readBinary(yTrue, scores, options, op, "greater");
  const counted = countByThreshold(binary);
  const [positives, negatives] = [counted.truePositives.at(-1)!, counted.falsePositives.at(-1)!];
  if (positives === 0)
    throw new ValueError(`${op}: no row is positive, so there is nothing to find by any threshold`);
  const before = <A extends Float64Array>(first: number, rest: A) =>
    Float64Array.from([first, ...rest]);
  const truePositives = before(0, counted.truePositives);
  const falsePositives = before(0, counted.falsePositives);
  const at = (i: number) => ({
    right: truePositives[i],
    predicted: truePositives[i] + falsePositives[i],
    actual: positives,
  });
  const thresholds = before(Infinity, counted.thresholds);
  const precision = thresholds.map((_, i) => precisionOf(at(i), 1));
  const recall = thresholds.map((_, i) => recallOf(at(i), 0));
  const values = thresholds.map((_, i) =>
    goal.value({ tp: truePositives[i], fp: falsePositives[i], positives, negatives }),
  );
  const curve: ThresholdCurve = {
    thresholds,
    truePositives,
    falsePositives,
    falseNegatives: truePositives.map((tp) => positives - tp),
    trueNegatives: falsePositives.map((fp) => negatives - fp),
    precision,
    recall,
    values,
  };
  const { best, reached } = bestOf(goal, curve);
  return { threshold: thresholds[best], value: values[best], reached, curve };
}

interface Point {
  readonly tp: number;
  readonly fp: number;
  readonly positives: number;
  readonly negatives: number;
}

interface Goal {
  readonly value: (point: Point) => number;
  /** Smaller is better. */
  readonly least?: boolean;
  readonly floor?: { readonly of: "precision" | "recall"; readonly is: number };
}

function goalOf(objective: ThresholdObjective, op: string): Goal {
  const fBeta = (beta: number): Goal => ({
    value: ({ tp, fp, positives }) =>
      fBetaOf({ right: tp, predicted: tp + fp, actual: positives }, beta, 0),
  });
  if (objective === "f1") return fBeta(1);
  if (objective === "accuracy")
    return {
      value: ({ tp, fp, positives, negatives }) => (tp + negatives - fp) / (positives + negatives),
    };
  if (objective === "balancedAccuracy")
    return {
      value: ({ tp, fp, positives, negatives }) =>
        negatives === 0 ? tp / positives : (tp / positives + (negatives - fp) / negatives) / 2,
    };
  if (typeof objective === "object" && objective !== null) {
    if ("fBeta" in objective) {
      requireNumber(objective.fBeta, Infinity, `${op}: fBeta`);
      return fBeta(objective.fBeta);
    }
    if ("cost" in objective) {
      const { fp, fn } = objective.cost ?? {};
      requireNumber(fp, Infinity, `${op}: the cost fp`);
      requireNumber(fn, Infinity, `${op}: the cost fn`);
      const value = (point: Point) => fp * point.fp + fn * (point.positives - point.tp);
      return { value, least: true };
    }
    if ("recallAtPrecision" in objective) {
      requireNumber(objective.recallAtPrecision, 1, `${op}: recallAtPrecision`);
      const floor = { of: "precision", is: objective.recallAtPrecision } as const;
      return { value: ({ tp, positives }) => tp / positives, floor };
    }
    if ("precisionAtRecall" in objective) {
      requireNumber(objective.precisionAtRecall, 1, `${op}: precisionAtRecall`);
      const floor = { of: "recall", is: objective.precisionAtRecall } as const;
      return { value: ({ tp, fp }) => (tp + fp === 0 ? 1 : tp / (tp + fp)), floor };
    }
  }
  throw new ValueError(
    `${op}: the objective must be "f1", "accuracy", "balancedAccuracy", { fBeta }, { cost: { fp, fn } }, ` +
      `{ recallAtPrecision } or { precisionAtRecall }, got ${JSON.stringify(objective)}`,
  );
}

function requireNumber(x: unknown, most: number, what: string): asserts x is number {
  if (!(typeof x === "number" && x >= 0 && x <= most))
    throw new ValueError(
      `${what} must be a number ${most === 1 ? "from 0 to 1" : "≥ 0"}, got ${String(x)}`,
    );
}

function bestOf({ least = false, floor }: Goal, curve: ThresholdCurve) {
  const { values, precision, recall } = curve;
  const places = Array.from(values.keys());
  const greatest = (among: readonly number[], ...by: readonly ((i: number) => number)[]): number =>
    among.reduce((best, i) => {
      const differs = by.find((figure) => figure(i) !== figure(best));
      return differs !== undefined && differs(i) > differs(best) ? i : best;
    });
  const value = (i: number): number => (least ? -values[i] : values[i]);
  if (floor === undefined) return { best: greatest(places, value), reached: true };
  // Without a single positive there is no precision to speak of.
  const real = places.slice(1);
  if (floor.of === "recall") {
    const enough = real.filter((i) => recall[i] >= floor.is);
    return { best: greatest(enough, value, (i) => recall[i]), reached: true };
  }
  const enough = real.filter((i) => precision[i] >= floor.is);
  return enough.length > 0
    ? { best: greatest(enough, value, (i) => precision[i]), reached: true }
    : { best: greatest(real, (i) => precision[i], value), reached: false };
}
