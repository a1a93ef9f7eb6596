import { takeRows } from "../../learn/input/rows.js";
import { trainTestSplit } from "../../data/split.js";
import { audit, type Audit } from "../../learn/audit/index.js";
import { calibrated, type CalibrationMethod } from "../../learn/calibration/index.js";
import { tuneThreshold, type TunedThreshold, withThreshold } from "../../learn/imbalance/index.js";
import { crossValPredict, gridSearch } from "../../learn/selection/index.js";
import type { Table } from "../../data/index.js";
import type { Classifier, FittedClassifier } from "../../learn/types.js";
import type { PenaltyName } from "../../learn/linear/penalty.js";
import { logLoss } from "../../learn/metrics/index.js";
import { foldIn, key } from "../../tensor/random/key.js";
import { UsageError } from "../errors.js";
import type { Intake } from "./intake.js";
import { type Answers, judge, type Judged } from "./judge.js";
import type { Goal } from "./objective.js";
import { planOf, strengths } from "./plan.js";

/** From a table to a classifier that has been tuned, calibrated and judged. */

export type Calibration = CalibrationMethod | "none";

export interface LearnOptions {
  readonly model: "logistic" | "mlp";
  readonly penalty: PenaltyName;
  readonly testFraction: number;
  readonly calibrate: Calibration | "auto";
  readonly goal: Goal;
  readonly seed: number;
}

export interface Tried {
  readonly C: number;
  /** Mean log loss over the folds, and its standard deviation. */
  readonly logLoss: number;
  readonly deviation: number;
}

/** How probabilities are made to mean what they say, and the log loss of each way that was tried. */
export interface CalibrationTried {
  readonly chosen: Calibration;
  readonly tried: readonly { readonly method: Calibration; readonly logLoss: number }[];
}

export interface Learned {
  readonly audit: Audit;
  readonly trainRows: number;
  readonly testRows: number;
  readonly tried: readonly Tried[];
  readonly bestC: number | null;
  readonly calibration: CalibrationTried;
  readonly fitted: FittedClassifier<string>;
  /** Of two classes: on predictions for training rows by models that had not seen them. */
  readonly threshold: TunedThreshold | null;
  readonly answers: Answers;
  readonly judged: Judged;
  readonly seconds: number;
}

const folds = 5;

/** What is going on, for people who wait. */
export type Progress = (what: string) => void;

export interface Reporting {
  readonly progress: Progress;
  readonly onAudit: (audit: Audit) => void;
}

export async function learn(
  { table, target, labels, classes, positive }: Intake,
  options: LearnOptions,
  { progress, onAudit }: Reporting,
): Promise<Learned> {
  const began = performance.now();
  const { seed, testFraction, goal } = options;
  const split = trainTestSplit([labels], {
    fraction: testFraction,
    stratified: labels,
    key: foldIn(key(seed), 0),
  }).rows;
  const part = (rows: Int32Array): Part => ({
    x: takeRows(table, rows),
    y: Array.from(rows, (row) => labels[row]),
  });
  const [train, test] = [part(split.train), part(split.test)];
  requireEnough(train.y, test.y, classes, testFraction);
  // Columns are judged by the rows that are learned from: the others stay unseen.
  const audited = audit(train.x, target);
  onAudit(audited);
  const plan = planOf(audited, options);

  const { tried, bestC, chosen } = await strength(plan, train, options, progress);
  const { made, scores, calibration } = await calibrating(chosen, train, options, progress);
  const threshold =
    positive === null
      ? null
      : tuneThreshold(
          train.y,
          scores.map((p) => p[classesOf(train.y).indexOf(positive)]),
          goal.objective,
          { positive },
        );
  progress("fitting on all training rows");
  const whole = await made.fit(train.x, train.y);
  const fitted =
    threshold === null
      ? whole
      : withThreshold(whole, { threshold: threshold.threshold, positive: positive! });
  progress("judging on the test rows");
  const answers: Answers = {
    classes,
    positive,
    truth: test.y,
    said: fitted.predict(test.x),
    probabilities: inOrder(fitted, test.x, classes),
  };
  return {
    ...{
      audit: audited,
      trainRows: train.y.length,
      testRows: test.y.length,
      tried,
      bestC,
      calibration,
    },
    ...{ fitted, threshold, answers, judged: judge(answers) },
    seconds: (performance.now() - began) / 1000,
  };
}

interface Part {
  readonly x: Table;
  readonly y: string[];
}

/** The strength of the penalty with the least log loss in cross-validation. */
async function strength(
  plan: (params: { readonly C: number }) => Classifier,
  { x, y }: Part,
  { model, penalty, seed }: LearnOptions,
  progress: Progress,
): Promise<{ tried: Tried[]; bestC: number | null; chosen: Classifier }> {
  if (model === "logistic" && penalty === "none")
    return { tried: [], bestC: null, chosen: plan({ C: 1 }) };
  const list: readonly number[] = strengths[model];
  progress(`trying ${list.length} strengths of the penalty on ${folds} folds`);
  const { search } = await gridSearch(
    plan,
    { C: list },
    { folds, key: foldIn(key(seed), 3), scoring: "logLoss" },
  ).fit(x, y);
  const tried = search.candidates.map(({ params, scores }) => {
    const { mean, deviation } = scores.logLoss;
    return { C: params.C, logLoss: -mean, deviation };
  });
  return { tried, bestC: search.params.C, chosen: plan(search.params) };
}

/** Isotonic curves follow noise where there are few rows. */
const rowsForIsotonic = 1000;

/**
 * The way of calibrating that leads to the least log loss on rows not learned from ("auto"), or the one asked
 * for; and what it says of such rows, from which the threshold is chosen.
 */
async function calibrating(
  estimator: Classifier,
  { x, y }: Part,
  { calibrate, seed }: LearnOptions,
  progress: Progress,
): Promise<{ made: Classifier; scores: number[][]; calibration: CalibrationTried }> {
  const two = classesOf(y).length === 2;
  const all: Calibration[] = ["none", "sigmoid", ...(two ? [] : (["temperature"] as const))];
  if (y.length >= rowsForIsotonic) all.push("isotonic");
  const methods = calibrate === "auto" ? all : [calibrate];
  progress(calibrate === "auto" ? `trying ${all.length} ways of calibrating` : "calibrating");
  const tried = [];
  for (const method of methods) {
    const made =
      method === "none"
        ? estimator
        : calibrated(estimator, { method, folds, ensemble: false, key: foldIn(key(seed), 2) });
    const given = await crossValPredict(made, x, y, {
      ...{ folds, key: foldIn(key(seed), 1) },
      method: "predictProba",
    });
    const scores = given.toArray() as number[][];
    tried.push({ method, made: made, scores, logLoss: logLoss(y, scores) });
  }
  const best = tried.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  return {
    made: best.made,
    scores: best.scores,
    calibration: {
      chosen: best.method,
      tried: tried.map(({ method, logLoss }) => ({ method, logLoss })),
    },
  };
}

/** In the order that estimators have them. */
const classesOf = (y: readonly string[]): readonly string[] => [...new Set(y)].sort();

/** Probabilities with the classes in the order of the report. */
function inOrder(
  fitted: FittedClassifier<string>,
  x: Table,
  classes: readonly string[],
): number[][] {
  const columns = classes.map((name) => fitted.classes.indexOf(name));
  const rows = fitted.predictProba(x).toArray() as number[][];
  return rows.map((row) => columns.map((column) => row[column]));
}

function requireEnough(
  train: readonly string[],
  test: readonly string[],
  classes: readonly string[],
  fraction: number,
): void {
  for (const name of classes) {
    const [own, aside] = [train, test].map((list) => list.filter((label) => label === name).length);
    if (own < 2 * folds || aside < 1)
      throw new UsageError(
        `the class "${name}" has ${own} rows to learn from and ${aside} to test on; at least ${2 * folds} and 1 ` +
          `are needed. Get more rows, leave that class out, or change --test-fraction (${fraction})`,
      );
  }
}
