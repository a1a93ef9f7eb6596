import { takeRows } from "../../learn/input/rows.js";
import { trainTestSplit } from "../../data/split.js";
import { audit, type Audit } from "../../learn/audit/index.js";
import { calibrated, type CalibrationMethod } from "../../learn/calibration/index.js";
import { tuneThreshold, type TunedThreshold, withThreshold } from "../../learn/imbalance/index.js";
import { crossValPredict, gridSearch } from "../../learn/selection/index.js";
import type { Table } from "../../data/index.js";
import type { Classifier, FittedClassifier } from "../../learn/types.js";
import type { PenaltyName } from "../../learn/linear/index.js";
import { foldIn, key } from "../../tensor/random/key.js";
import { UsageError } from "../errors.js";
import type { Intake } from "./intake.js";
import { type Answers, judge, type Judged } from "./judge.js";
import type { Goal } from "./objective.js";
import { planOf, strengths } from "./plan.js";

/** From a table to a classifier that has been tuned, calibrated and judged. */

export interface LearnOptions {
  readonly model: "logistic" | "mlp";
  readonly penalty: PenaltyName;
  readonly testFraction: number;
  readonly calibrate: CalibrationMethod | "none";
  readonly goal: Goal;
  readonly seed: number;
}

export interface Tried {
  readonly C: number;
  /** Mean log loss over the folds, and its standard deviation. */
  readonly logLoss: number;
  readonly deviation: number;
}

export interface Learned {
  readonly audit: Audit;
  readonly trainRows: number;
  readonly testRows: number;
  readonly tried: readonly Tried[];
  readonly bestC: number | null;
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

export async function learn(
  { table, target, labels, classes, positive }: Intake,
  options: LearnOptions,
  progress: Progress,
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
  const plan = planOf(audited, options);

  const { tried, bestC, chosen } = await strength(plan, train, options, progress);
  const foldKey = foldIn(key(seed), 1);
  const calibrating = options.calibrate !== "none";
  const made: Classifier = calibrating
    ? (calibrated(chosen, {
        method: options.calibrate as CalibrationMethod,
        folds,
        ensemble: false,
        key: foldIn(key(seed), 2),
      }) as Classifier)
    : chosen;
  let threshold: TunedThreshold | null = null;
  if (positive !== null) {
    progress("choosing the threshold");
    const scores = await crossValPredict(made, train.x, train.y, {
      ...{ folds, stratified: true, key: foldKey },
      method: "predictProba",
    });
    threshold = tuneThreshold(train.y, scores as never, goal.objective, { positive });
  }
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
    ...{ audit: audited, trainRows: train.y.length, testRows: test.y.length, tried, bestC },
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
  const list = strengths[model];
  progress(`trying ${list.length} strengths of the penalty on ${folds} folds`);
  const search = await gridSearch(
    plan,
    { C: list },
    {
      ...{ folds, stratified: true, key: foldIn(key(seed), 3) },
      scoring: "logLoss",
      refit: false,
    },
  ).fit(x, y);
  const tried = search.results.map(({ params, mean, deviation }) => ({
    C: params.C,
    logLoss: -mean,
    deviation,
  }));
  const bestC = search.bestParams.C;
  return { tried, bestC, chosen: plan({ C: bestC }) };
}

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
