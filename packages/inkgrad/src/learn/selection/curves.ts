import { ValueError } from "../../base/errors.js";
import type { SplitRows } from "../../data/split.js";
import type { Features, Label, Labels, Targets } from "../types.js";
import {
  type CrossValidateOptions,
  type FoldScores,
  foldScores,
  requireLearner,
} from "./cross-validate.js";
import { areClasses, dataOf, isFilled } from "./data.js";
import type { Learner, Outcome } from "./jobs.js";
import { runJobs } from "./parallel.js";
import { type Scorer, type ScorerName, scorersOf } from "./scorers.js";

export interface CurveOptions extends Omit<CrossValidateOptions, "scoring" | "trainScores"> {
  /** Which figure (default: accuracy, of regressors R²). */
  readonly scoring?: ScorerName | Scorer;
}

/** A figure along something that changes. */
export interface ScoreCurve {
  /** Of the rows that were learned from, one for each place. */
  readonly trainScores: readonly FoldScores[];
  /** Of the rows of the fold. */
  readonly testScores: readonly FoldScores[];
  /** The mean over the folds. */
  readonly fitSeconds: Float64Array;
}

export interface LearningCurve extends ScoreCurve {
  /** How many rows were learned from. */
  readonly sizes: Int32Array;
}

/**
 * How the score grows with the number of rows that are learned from: of the training part of each fold the first
 * ones, classes in even shares, the smaller within the larger. Would more data help?
 *
 * @param options.sizes  shares of the training part, or numbers of rows (default 0.1, 0.325, 0.55, 0.775, 1)
 * @throws ValueError  for a share outside 0 … 1, or more rows than a training part has
 * @source scikit-learn `learning_curve`
 */
export async function learningCurve(
  estimator: Learner,
  x: Features,
  y: Labels | Targets,
  options: CurveOptions & { readonly sizes?: readonly number[] } = {},
): Promise<LearningCurve> {
  const op = "learningCurve";
  requireLearner(estimator, op);
  const data = dataOf(x, y, options, op);
  const most = Math.min(...data.folds.map(({ train }) => train.length));
  const sizes = sizesOf(options.sizes ?? [0.1, 0.325, 0.55, 0.775, 1], most, op);
  const count = data.folds.length;
  const orders = data.folds.map(({ train }) => evenly(train, data.y, count));
  const folds = [...sizes].flatMap((size) =>
    data.folds.map(({ test }, fold): SplitRows => ({ train: orders[fold].slice(0, size), test })),
  );
  const jobs = folds.map((_, fold) => ({
    estimator,
    fold,
    params: { rows: sizes[Math.floor(fold / count)] },
  }));
  const plan = {
    op,
    scorers: scorersOf(options.scoring, op),
    trainScores: true,
    predicts: null,
  };
  const outcomes = await runJobs({ ...data, folds }, plan, jobs, options);
  return { sizes, ...curveOf(outcomes, count) };
}

export interface ValidationCurve<V> extends ScoreCurve {
  readonly values: readonly V[];
}

/**
 * How the score changes with a parameter, on the rows that were learned from and on others: where the two part,
 * the estimator begins to learn its rows by heart.
 *
 * @param make    an estimator from a value: `(C) => logisticRegression({ C })`
 * @param values  at least one
 * @source scikit-learn `validation_curve`
 */
export async function validationCurve<const V>(
  make: (value: V) => Learner,
  values: readonly V[],
  x: Features,
  y: Labels | Targets,
  options: CurveOptions = {},
): Promise<ValidationCurve<V>> {
  const op = "validationCurve";
  if (!isFilled(values)) throw new ValueError(`${op}: expected a list of values to try`);
  const data = dataOf(x, y, options, op);
  const jobs = values.flatMap((value) => {
    const estimator = make(value);
    requireLearner(estimator, op);
    return data.folds.map((_, fold) => ({ estimator, fold, params: { value } }));
  });
  const plan = { op, scorers: scorersOf(options.scoring, op), trainScores: true, predicts: null };
  const outcomes = await runJobs(data, plan, jobs, options);
  return { values, ...curveOf(outcomes, data.folds.length) };
}

function curveOf(outcomes: readonly Outcome[], folds: number): ScoreCurve {
  const places = Array.from({ length: outcomes.length / folds }, (_, i) =>
    outcomes.slice(i * folds, (i + 1) * folds),
  );
  const scores = (part: "test" | "train") =>
    places.map((own) => foldScores(Float64Array.from(own, (outcome) => outcome[part]![0])));
  return {
    trainScores: scores("train"),
    testScores: scores("test"),
    fitSeconds: Float64Array.from(
      places,
      (own) => own.reduce((sum, { fitSeconds }) => sum + fitSeconds, 0) / folds,
    ),
  };
}

function sizesOf(given: readonly number[], most: number, op: string): Int32Array {
  const sizes = Int32Array.from(given, (size) => {
    const isShare = size > 0 && size <= 1;
    if (!isShare && !(Number.isInteger(size) && size > 1 && size <= most))
      throw new ValueError(
        `${op}: sizes must be shares above 0 and up to 1, or rows up to the ${most} of a training part, got ${size}`,
      );
    return isShare ? Math.max(1, Math.floor(size * most + 1e-9)) : size;
  });
  if (sizes.length === 0) throw new ValueError(`${op}: there are no sizes`);
  return sizes;
}

/** The rows in an order of which every beginning has the classes in about the same shares. */
function evenly(rows: Int32Array, y: readonly Label[], folds: number): Int32Array {
  if (!areClasses(y, folds)) return rows;
  const totals = new Map<Label, number>();
  for (const row of rows) totals.set(y[row], (totals.get(y[row]) ?? 0) + 1);
  const seen = new Map<Label, number>();
  const places = Array.from(rows, (row) => {
    const before = seen.get(y[row]) ?? 0;
    seen.set(y[row], before + 1);
    return { row, at: (before + 0.5) / totals.get(y[row])! };
  });
  return Int32Array.from(
    places.sort((a, b) => a.at - b.at),
    ({ row }) => row,
  );
}
