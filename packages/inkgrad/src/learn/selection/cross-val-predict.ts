import { ValueError } from "../../base/errors.js";
import { tensorOf } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Classifier, Features, Label, Labels, Regressor, Targets } from "../types.js";
import { requireLearner } from "./cross-validate.js";
import { dataOf, type FoldsOption } from "./data.js";
import type { Learner, Outcome, PredictMethod } from "./jobs.js";
import { runJobs, type WorkersOption } from "./parallel.js";

export interface CrossValPredictOptions<M extends PredictMethod = PredictMethod>
  extends FoldsOption, WorkersOption {
  /** "predict" (default), "predictProba" or "decisionFunction". */
  readonly method?: M;
}

/**
 * What is predicted of each row by an estimator that has not learned from it: the folds' predictions, put back
 * in the order of the rows. For choosing thresholds and drawing curves; as an estimate of how well the estimator
 * does, `crossValidate` is the better.
 *
 * @returns  labels; of regressors numbers [rows]; with `predictProba` [rows, classes], all labels sorted; with
 *           `decisionFunction` [rows] or [rows, classes]
 * @throws ValueError  unless each row is in `test` of exactly one fold, or if decisions of folds that lack a
 *                     class would have to stand beside others
 * @source scikit-learn `cross_val_predict`
 */
export function crossValPredict<L extends Label>(
  estimator: Classifier,
  x: Features,
  y: Labels<L>,
  options?: CrossValPredictOptions<"predict">,
): Promise<L[]>;
export function crossValPredict(
  estimator: Classifier,
  x: Features,
  y: Labels,
  options: CrossValPredictOptions<"predictProba">,
): Promise<Tensor<[number, number], "f64">>;
export function crossValPredict(
  estimator: Classifier,
  x: Features,
  y: Labels,
  options: CrossValPredictOptions<"decisionFunction">,
): Promise<Tensor<number[], "f64">>;
export function crossValPredict(
  estimator: Regressor,
  x: Features,
  y: Targets,
  options?: CrossValPredictOptions<"predict">,
): Promise<Tensor<[number], "f64">>;
export async function crossValPredict(
  estimator: Learner,
  x: Features,
  y: Labels | Targets,
  options: CrossValPredictOptions = {},
): Promise<Label[] | Tensor<number[], "f64">> {
  const op = "crossValPredict";
  requireLearner(estimator, op);
  const { method = "predict" } = options;
  if (!["predict", "predictProba", "decisionFunction"].includes(method))
    throw new ValueError(
      `${op}: method must be predict, predictProba or decisionFunction, got ${String(method)}`,
    );
  const data = dataOf(x, y, options, op);
  const times = new Uint32Array(data.y.length);
  for (const { test } of data.folds) for (const row of test) times[row]++;
  const wrong = times.findIndex((count) => count !== 1);
  if (wrong >= 0)
    throw new ValueError(
      `${op}: each row must be tested once, and row ${wrong} is in ${times[wrong]} folds; repeated folds are for crossValidate`,
    );
  const jobs = data.folds.map((_, fold) => ({ estimator, fold }));
  const plan = { op, scorers: [], trainScores: false, predicts: method };
  const outcomes = await runJobs(data, plan, jobs, options);
  const tests = data.folds.map(({ test }) => test);
  const first = outcomes[0].predicted!;
  if (!(first.values instanceof Float64Array)) return labelsOf(outcomes, tests, data.y.length);
  return method === "predict"
    ? numbersOf(outcomes, tests, data.y.length)
    : columnsOf(outcomes, tests, data.y.length, method, op);
}

type Tests = readonly ArrayLike<number>[];

function labelsOf(outcomes: readonly Outcome[], tests: Tests, rows: number): Label[] {
  const out = new Array<Label>(rows);
  outcomes.forEach(({ predicted }, fold) => {
    (predicted!.values as readonly Label[]).forEach((label, i) => (out[tests[fold][i]] = label));
  });
  return out;
}

function numbersOf(outcomes: readonly Outcome[], tests: Tests, rows: number) {
  const out = new Float64Array(rows);
  outcomes.forEach(({ predicted }, fold) => {
    (predicted!.values as Float64Array).forEach((value, i) => (out[tests[fold][i]] = value));
  });
  return tensorOf(out, [rows], "f64");
}

/** Columns go by class; of a class that a fold's training part lacks the probability is 0. */
function columnsOf(
  outcomes: readonly Outcome[],
  tests: Tests,
  rows: number,
  method: PredictMethod,
  op: string,
) {
  const lists = outcomes.map(({ predicted }) => predicted!.classes!);
  const classes = lists.reduce((most, list) => (list.length > most.length ? list : most));
  const strange = lists.findIndex((list) => list.some((label) => !classes.includes(label)));
  const differs = lists.findIndex((list) => list.length !== classes.length);
  if (strange >= 0 || (differs >= 0 && method === "decisionFunction"))
    throw new ValueError(
      `${op}: the training part of fold ${Math.max(strange, differs)} lacks a class that others have; stratify the folds`,
    );
  const { columns: width } = outcomes[lists.indexOf(classes)].predicted!;
  const out = new Float64Array(rows * width);
  outcomes.forEach(({ predicted }, fold) => {
    const { values, columns } = predicted!;
    const places =
      method === "predictProba"
        ? lists[fold].map((label) => classes.indexOf(label))
        : Array.from({ length: columns }, (_, k) => k);
    for (let i = 0; i < tests[fold].length; i++)
      for (let k = 0; k < columns; k++)
        out[tests[fold][i] * width + places[k]] = values[i * columns + k] as number;
  });
  const shape = width === 1 && method === "decisionFunction" ? [rows] : [rows, width];
  return tensorOf(out, shape, "f64");
}
