import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import type { SplitRows } from "../../data/split.js";
import { isEstimator } from "../input/classifier.js";
import type { Features, Labels, Targets } from "../types.js";
import { dataOf, type FoldsOption } from "./data.js";
import type { Learner, Outcome } from "./jobs.js";
import { runJobs, type WorkersOption } from "./parallel.js";
import { type Scorers, scorersOf, type Scoring } from "./scorers.js";

export interface CrossValidateOptions extends FoldsOption, WorkersOption {
  /** Which figures (default: accuracy, of regressors R²). Of losses and errors the negative is the score. */
  readonly scoring?: Scoring;
  /** Also score the rows that were learned from? Default false. */
  readonly trainScores?: boolean;
}

/** A figure over the folds. */
export interface FoldScores {
  /** [folds] */
  readonly folds: Float64Array;
  readonly mean: number;
  /** The standard deviation, dividing by the number of folds. */
  readonly deviation: number;
}

export interface CrossValidation {
  /** By the scores' names; a single function, or none, is called "score". */
  readonly scores: Readonly<Record<string, FoldScores>>;
  readonly trainScores: Readonly<Record<string, FoldScores>> | null;
  /** [folds] */
  readonly fitSeconds: Float64Array;
  readonly scoreSeconds: Float64Array;
  /** The rows of each fold. */
  readonly folds: readonly SplitRows[];
}

/**
 * How well an estimator does on rows that it has not learned from: it is fitted as many times as there are
 * folds, each time on all rows but those of the fold, which are then scored.
 *
 * @param estimator  anything that `fit(X, y)` makes a classifier or regressor of, searches too
 * @throws  what a fit throws, naming the fold (from 0), of the same class
 * @source scikit-learn `cross_validate`
 */
export async function crossValidate(
  estimator: Learner,
  x: Features,
  y: Labels | Targets,
  options: CrossValidateOptions = {},
): Promise<CrossValidation> {
  const op = "crossValidate";
  requireLearner(estimator, op);
  const scorers = scorersOf(options.scoring, op);
  const { trainScores = false } = options;
  const data = dataOf(x, y, options, op);
  const jobs = data.folds.map((_, fold) => ({ estimator, fold }));
  const plan = { op, scorers, trainScores, predicts: null };
  const outcomes = await runJobs(data, plan, jobs, options);
  return {
    scores: byName(scorers, outcomes, "test"),
    trainScores: trainScores ? byName(scorers, outcomes, "train") : null,
    fitSeconds: Float64Array.from(outcomes, ({ fitSeconds }) => fitSeconds),
    scoreSeconds: Float64Array.from(outcomes, ({ scoreSeconds }) => scoreSeconds),
    folds: data.folds,
  };
}

export function requireLearner(x: unknown, op: string): asserts x is Learner {
  if (!isEstimator(x))
    throw new ValueError(`${op}: expected an estimator, with fit and options, got ${describe(x)}`);
}

/** Of the outcomes of all folds, each figure. */
export const byName = (
  scorers: Scorers,
  outcomes: readonly Outcome[],
  part: "test" | "train",
): Readonly<Record<string, FoldScores>> =>
  Object.fromEntries(
    scorers.map(([name], k) => [
      name,
      foldScores(Float64Array.from(outcomes, (outcome) => outcome[part]![k])),
    ]),
  );

export function foldScores(folds: Float64Array): FoldScores {
  const mean = folds.reduce((sum, value) => sum + value, 0) / folds.length;
  const squares = folds.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { folds, mean, deviation: Math.sqrt(squares / folds.length) };
}
