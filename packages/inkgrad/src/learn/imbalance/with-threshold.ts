import { ValueError } from "../../base/errors.js";
import { kFold, trainTestSplit } from "../../data/split.js";
import { storedElements, tensorOf } from "../../data/tensor-of.js";
import type { Key } from "../../tensor/random/types.js";
import { isEstimator, requireClassifier, requireFittedClassifier } from "../input/classifier.js";
import { encoded, weightsOf } from "../input/labels.js";
import { rowCount, takeLabels, takeNumbers, takeRows } from "../input/rows.js";
import type { State } from "../saving/state.js";
import type {
  Classifier,
  Features,
  Fitted,
  FitOptions,
  FittedClassifier,
  Label,
  Labels,
} from "../types.js";
import { type ThresholdObjective, tuneThreshold } from "./tune-threshold.js";

export interface GivenThreshold {
  /** A row is of the positive class if its probability of it is at least this. */
  readonly threshold: number;
  /** Which class (default: the second). */
  readonly positive?: Label;
}

export interface TunedThresholdOptions {
  /** What the threshold is tuned for, on rows that the classifier has not learned from. */
  readonly objective: ThresholdObjective;
  readonly positive?: Label;
  /** Probabilities from so many stratified folds (default 5); the classifier is fitted on all rows then. */
  readonly folds?: number;
  /** Instead of folds: this share of the rows, stratified, is kept out of fitting for it. */
  readonly heldOut?: number;
  /** Which rows go where. Without a key they are taken in order. */
  readonly key?: Key;
}

export interface FittedWithThreshold<L extends Label = Label> extends FittedClassifier<L> {
  readonly classifier: FittedClassifier<L>;
  readonly threshold: number;
  readonly positive: L;
}

interface ThresholdState extends State {
  readonly kind: "withThreshold";
  readonly classifier: State;
  readonly threshold: number;
  readonly positive: Label;
}

export type ThresholdClassifier = Omit<Classifier, "fit"> & {
  fit<L extends Label>(
    x: Features,
    y: Labels<L>,
    options?: FitOptions,
  ): Promise<FittedWithThreshold<L>>;
};

/**
 * A classifier of two classes that decides by a threshold other than ½: one that is given, or one that is tuned
 * when fitting. Probabilities stay as they are; the decision function is by how much the probability of the
 * second class passes the threshold (of the positive one, if that is the first, falls short of it).
 *
 * @param classifier  an estimator; or what was fitted, with a threshold that is given: the result is fitted
 * @throws ValueError  if there are more than two classes, or `positive` is none of them
 * @source scikit-learn 1.5 `FixedThresholdClassifier`, `TunedThresholdClassifierCV`
 */
export function withThreshold<L extends Label>(
  classifier: FittedClassifier<L>,
  options: GivenThreshold,
): FittedWithThreshold<L>;
export function withThreshold(
  classifier: Classifier,
  options: GivenThreshold | TunedThresholdOptions,
): ThresholdClassifier;
export function withThreshold(
  classifier: Classifier | FittedClassifier,
  options: GivenThreshold | TunedThresholdOptions,
): ThresholdClassifier | FittedWithThreshold {
  if (!isEstimator(classifier)) {
    requireClassifier(classifier, "withThreshold", true);
    return decided(classifier, options as GivenThreshold, "withThreshold");
  }
  return {
    kind: "withThreshold",
    options: { ...options, estimator: classifier },
    async fit<L extends Label>(x: Features, y: Labels<L>, fitOptions: FitOptions = {}) {
      const op = "withThreshold.fit";
      const made =
        "objective" in options
          ? await tuned(classifier, options, x, y, fitOptions, op)
          : decided(await classifier.fit(x, y, fitOptions), options, op);
      return made as FittedWithThreshold<L>;
    },
  };
}

function positiveOf(classes: readonly Label[], given: Label | undefined, op: string): Label {
  if (classes.length !== 2)
    throw new ValueError(
      `${op}: a threshold decides between two classes, and there are ${classes.length}`,
    );
  if (given === undefined) return classes[1];
  if (classes.includes(given)) return given;
  throw new ValueError(
    `${op}: the positive class ${JSON.stringify(given)} is none of ${JSON.stringify(classes)}`,
  );
}

function decided(classifier: FittedClassifier, options: GivenThreshold, op: string) {
  requireFittedClassifier(classifier, op);
  const { threshold, positive } = options;
  if (typeof threshold !== "number" || Number.isNaN(threshold))
    throw new ValueError(`${op}: threshold must be a number, got ${String(threshold)}`);
  return around(classifier, threshold, positiveOf(classifier.classes, positive, op));
}

async function tuned(
  classifier: Classifier,
  options: TunedThresholdOptions,
  x: Features,
  y: Labels,
  { sampleWeight }: FitOptions,
  op: string,
): Promise<FittedWithThreshold> {
  const { objective, folds, heldOut, key } = options;
  if (folds !== undefined && heldOut !== undefined)
    throw new ValueError(`${op}: give folds or heldOut, not both`);
  if (heldOut !== undefined && !(heldOut > 0 && heldOut < 1))
    throw new ValueError(`${op}: heldOut must be a share between 0 and 1, got ${String(heldOut)}`);
  const n = rowCount(x, op);
  const { classes, numbers } = encoded(y, n, op);
  const weights = weightsOf(sampleWeight, n, op);
  const positive = positiveOf(classes, options.positive, op);
  const list = Array.from(numbers, (number) => classes[number]);
  const keyed = key === undefined ? {} : { key };
  const parts =
    heldOut === undefined
      ? kFold(n, { folds: folds ?? 5, stratified: numbers, ...keyed })
      : [trainTestSplit([numbers], { fraction: heldOut, stratified: numbers, ...keyed }).rows];
  const fitOn = (rows: Int32Array) => {
    const own = weights === null ? {} : { sampleWeight: takeNumbers(weights, rows) };
    return classifier.fit(takeRows(x, rows), takeLabels(list, rows), own);
  };
  const [seen, scores]: [number[], number[]] = [[], []];
  let last: FittedClassifier | undefined;
  for (const { train, test } of parts) {
    last = await fitOn(train);
    requireFittedClassifier(last, op);
    scores.push(...probabilitiesOf(last, positive, takeRows(x, test), op));
    seen.push(...test);
  }
  const { threshold } = tuneThreshold(takeLabels(list, seen), scores, objective, {
    positive,
    ...(weights && { sampleWeight: takeNumbers(weights, seen) }),
  });
  const fitted =
    heldOut === undefined
      ? await classifier.fit(x, list, weights === null ? {} : { sampleWeight: weights })
      : last!;
  return around(fitted, threshold, positive);
}

function probabilitiesOf(
  classifier: FittedClassifier,
  positive: Label,
  x: Features,
  op: string,
): Float64Array<ArrayBuffer> {
  const column = classifier.classes.indexOf(positive);
  if (classifier.classes.length !== 2 || column < 0)
    throw new ValueError(`${op}: a part of the rows lacks a class; take fewer folds`);
  const p = storedElements(classifier.predictProba(x)) as Float64Array;
  return Float64Array.from({ length: p.length / 2 }, (_, row) => p[2 * row + column]);
}

export const restoreWithThreshold = (
  { classifier, threshold, positive }: ThresholdState,
  restore: (state: State) => Fitted,
): FittedWithThreshold => around(restore(classifier) as FittedClassifier, threshold, positive);

function around(
  classifier: FittedClassifier,
  threshold: number,
  positive: Label,
): FittedWithThreshold {
  const { classes, features, featureNames } = classifier;
  const other = classes[0] === positive ? classes[1] : classes[0];
  const state: ThresholdState = {
    kind: "withThreshold",
    classifier: classifier.state,
    threshold,
    positive,
  };
  const probabilities = (x: Features) =>
    probabilitiesOf(classifier, positive, x, "withThreshold.predict");
  return {
    state,
    features,
    featureNames,
    classes,
    classifier,
    threshold,
    positive,
    predict: (x) => Array.from(probabilities(x), (p) => (p >= threshold ? positive : other)),
    predictProba: (x) => classifier.predictProba(x),
    decisionFunction(x) {
      const sign = positive === classes[1] ? 1 : -1;
      const p = probabilities(x);
      return tensorOf(
        p.map((value) => sign * (value - threshold)),
        [p.length],
        "f64",
      );
    },
  };
}
