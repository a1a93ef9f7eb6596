import { ValueError } from "../../base/errors.js";
import { kFold, type SplitRows, trainTestSplit } from "../../data/split.js";
import type { Key } from "../../tensor/random/types.js";
import {
  fromProbabilities,
  isEstimator,
  requireClassifier,
  requireFittedClassifier,
} from "../input/classifier.js";
import { encoded, type Encoded, weightsOf } from "../input/labels.js";
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
import {
  applyCurves,
  type CalibrationMethod,
  type Curve,
  fitCurves,
  methods,
  type Scores,
  scoresOf,
} from "./curves.js";

export interface CalibratedOptions {
  /**
   * "sigmoid" (Platt, the default; for little data), "isotonic" (any rising curve; from about a thousand
   * rows) or "temperature" (one number; the predicted class stays the same).
   */
  readonly method?: CalibrationMethod;
  /** Cross-fitting: how many folds (default 5), or the rows of each. */
  readonly folds?: number | readonly SplitRows[];
  /**
   * True (default): of each fold a classifier and its curves are kept, and their probabilities averaged.
   * False: one classifier of all rows, with curves from the scores that the folds gave.
   */
  readonly ensemble?: boolean;
  /** Instead of folds: this share of the rows, stratified, is kept out of fitting, for the curves. */
  readonly heldOut?: number;
  /** Which rows go into which fold, or are held out. Without a key they are taken in order. */
  readonly key?: Key;
}

export interface FittedCalibrated<L extends Label = Label> extends FittedClassifier<L> {
  readonly method: CalibrationMethod;
  /** The classifiers and their curves, one a class (two classes, or a temperature: one). */
  readonly members: readonly {
    readonly classifier: FittedClassifier<L>;
    readonly curves: readonly Curve[];
  }[];
}

interface CalibratedState extends State {
  readonly kind: "calibrated";
  readonly method: CalibrationMethod;
  readonly classes: readonly Label[];
  readonly members: readonly { readonly classifier: State; readonly curves: readonly Curve[] }[];
}

type Member = FittedCalibrated["members"][number];

/**
 * A classifier whose probabilities mean what they say: of the rows given 0.8, about 80 % are of the class.
 * Its curves are never learned from rows that its classifier was fitted on. Of more than two classes each
 * is calibrated against all others, and the results are divided by their sum.
 *
 * @param base  an estimator; or a classifier fitted already: then the X and y given to `fit`, which it must
 *              not have seen, are for the curves alone
 * @throws ValueError  when fitting: if a class has fewer rows than there are folds
 * @source scikit-learn `CalibratedClassifierCV`
 */
export const calibrated = (
  base: Classifier | FittedClassifier,
  options: CalibratedOptions = {},
): Omit<Classifier, "fit"> & {
  fit<L extends Label>(
    x: Features,
    y: Labels<L>,
    options?: FitOptions,
  ): Promise<FittedCalibrated<L>>;
} => ({
  kind: "calibrated",
  options: { ...options, estimator: base },
  async fit<L extends Label>(x: Features, y: Labels<L>, { sampleWeight }: FitOptions = {}) {
    const op = "calibrated.fit";
    const { method = "sigmoid", folds, heldOut, ensemble = true, key } = options;
    requireClassifier(base, op, true);
    if (!methods.includes(method))
      throw new ValueError(
        `${op}: method must be one of ${methods.join(", ")}, got ${String(method)}`,
      );
    if (folds !== undefined && heldOut !== undefined)
      throw new ValueError(`${op}: give folds or heldOut, not both`);
    const rows = rowCount(x, op);
    const labels = encoded(y, rows, op);
    const weights = weightsOf(sampleWeight, rows, op);
    const data: Data = { x, labels, weights, method, op };
    const members = !isEstimator(base)
      ? [calibrate(base, data, undefined)]
      : heldOut !== undefined
        ? [await onSplit(base, data, splitOff(data, heldOut, key))]
        : await crossFitted(base, data, foldsOf(data, rows, folds ?? 5, key), ensemble);
    return fittedOf(method, members[0].classifier.classes as readonly L[], members);
  },
});

interface Data {
  readonly x: Features;
  readonly labels: Encoded;
  readonly weights: Float64Array | null;
  readonly method: CalibrationMethod;
  readonly op: string;
}

/** Curves for a fitted classifier from some rows (undefined: all of them). */
function calibrate(
  classifier: FittedClassifier,
  data: Data,
  rows: Int32Array | undefined,
  known?: Scores,
): Member {
  const { x, labels, weights, method, op } = data;
  requireFittedClassifier(classifier, op);
  const { classes } = classifier;
  const placeOf = Array.from(labels.classes, (label) => classes.indexOf(label));
  const unknown = placeOf.indexOf(-1);
  if (unknown >= 0)
    throw new ValueError(
      `${op}: the classifier was fitted without the class ${JSON.stringify(labels.classes[unknown])}; ` +
        "every training part must hold every class: stratify the folds",
    );
  if (classes.length < 2)
    throw new ValueError(`${op}: there is one class only, nothing to calibrate`);
  const scores = known ?? scoresOf(classifier, rows === undefined ? x : takeRows(x, rows), op);
  const own = rows === undefined ? labels.numbers : takeLabels([...labels.numbers], rows);
  const numbers = Int32Array.from(own, (number) => placeOf[number]);
  const weight = weights === null || rows === undefined ? weights : takeNumbers(weights, rows);
  return { classifier, curves: fitCurves(method, scores, numbers, classes.length, weight) };
}

/** Fits on some rows; undefined: on all. */
function fitOn(base: Classifier, { x, labels, weights }: Data, rows: Int32Array | undefined) {
  const label = (number: number) => labels.classes[number];
  if (rows === undefined)
    return base.fit(x, Array.from(labels.numbers, label), fitOptions(weights));
  const y = Array.from(rows, (row) => label(labels.numbers[row]));
  return base.fit(takeRows(x, rows), y, fitOptions(weights && takeNumbers(weights, rows)));
}

const fitOptions = (weights: Float64Array | null): FitOptions =>
  weights === null ? {} : { sampleWeight: weights };

const onSplit = async (base: Classifier, data: Data, { train, test }: SplitRows): Promise<Member> =>
  calibrate(await fitOn(base, data, train), data, test);

async function crossFitted(
  base: Classifier,
  data: Data,
  folds: readonly SplitRows[],
  ensemble: boolean,
): Promise<Member[]> {
  if (ensemble) {
    const members: Member[] = [];
    for (const fold of folds) members.push(await onSplit(base, data, fold));
    return members;
  }
  const parts: Scores[] = [];
  const rows: number[] = [];
  for (const { train, test } of folds) {
    const classifier = await fitOn(base, data, train);
    requireFittedClassifier(classifier, data.op);
    parts.push(scoresOf(classifier, takeRows(data.x, test), data.op));
    rows.push(...test);
  }
  const [{ columns }] = parts;
  if (parts.some((part) => part.columns !== columns))
    throw new ValueError(
      `${data.op}: a fold's training part lacks a class; every one must hold every class`,
    );
  const values = Float64Array.from(parts.flatMap((part) => [...part.values]));
  const scores = { rows: rows.length, columns, values };
  return [calibrate(await fitOn(base, data, undefined), data, Int32Array.from(rows), scores)];
}

function foldsOf(
  { labels, op }: Data,
  rows: number,
  folds: number | readonly SplitRows[],
  key: Key | undefined,
): readonly SplitRows[] {
  if (typeof folds !== "number") {
    if (Array.isArray(folds) && folds.length > 0) return folds as readonly SplitRows[];
    throw new ValueError(`${op}: folds must be a number or a list of { train, test } rows`);
  }
  const counts = labels.classes.map(() => 0);
  for (const number of labels.numbers) counts[number]++;
  const few = counts.findIndex((count) => count < folds);
  if (few >= 0)
    throw new ValueError(
      `${op}: class ${JSON.stringify(labels.classes[few])} has ${counts[few]} rows, too few for ${folds} folds; ` +
        "take fewer folds",
    );
  return kFold(rows, { folds, stratified: labels.numbers, ...(key && { key }) });
}

function splitOff({ labels, op }: Data, share: number, key: Key | undefined) {
  if (!(share > 0 && share < 1))
    throw new ValueError(`${op}: heldOut must be a share between 0 and 1, got ${String(share)}`);
  const { numbers } = labels;
  return trainTestSplit([numbers], { fraction: share, stratified: numbers, ...(key && { key }) })
    .rows;
}

function fittedOf<L extends Label>(
  method: CalibrationMethod,
  classes: readonly L[],
  members: readonly Member[],
): FittedCalibrated<L> {
  const state: CalibratedState = {
    kind: "calibrated",
    method,
    classes,
    members: members.map(({ classifier, curves }) => ({ classifier: classifier.state, curves })),
  };
  return around(state, members) as FittedCalibrated<L>;
}

export function restoreCalibrated(
  state: CalibratedState,
  restore: (state: State) => Fitted,
): FittedCalibrated {
  const members = state.members.map(({ classifier, curves }) => ({
    classifier: restore(classifier) as FittedClassifier,
    curves,
  }));
  return around(state, members);
}

function around(state: CalibratedState, members: readonly Member[]): FittedCalibrated {
  const { features, featureNames } = members[0].classifier;
  const probabilities = (x: Features): Float64Array<ArrayBuffer> => {
    const all = members.map(({ classifier, curves }) =>
      applyCurves(curves, scoresOf(classifier, x, "calibrated.predict")),
    );
    return all[0].map((_, i) => all.reduce((sum, p) => sum + p[i], 0) / all.length);
  };
  const rest = { state, features, featureNames };
  return {
    ...fromProbabilities(rest, state.classes, probabilities),
    method: state.method,
    members,
  };
}
