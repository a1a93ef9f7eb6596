import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { storedElements } from "../../data/tensor-of.js";
import { isFittedClassifier } from "../input/classifier.js";
import * as metrics from "../metrics/index.js";
import type { Features, Fitted, FittedClassifier, FittedRegressor, Label } from "../types.js";

/** A figure of a fitted object on some rows: the greater, the better. */
export type Scorer = (fitted: Fitted, x: Features, y: readonly Label[]) => number | Promise<number>;

type Of<F extends Fitted> = (fitted: F, x: Features, y: readonly Label[]) => number;

/** Of two classes the second is the one that it is about. */
const positiveOf = ({ classes }: FittedClassifier) => ({ positive: classes[1] });

const columns = (p: { readonly shape: readonly number[] }, values: Float64Array): number[][] => {
  const [rows, width] = p.shape;
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
};

const probabilities = (fitted: FittedClassifier, x: Features): number[][] => {
  const p = fitted.predictProba(x);
  return columns(p, storedElements(p) as Float64Array);
};

/** Of two classes what tells them apart best, [n]; of more the probabilities. */
function rankable(fitted: FittedClassifier, x: Features): number[] | number[][] {
  if (fitted.classes.length !== 2) return probabilities(fitted, x);
  const scores = [...(storedElements(fitted.decisionFunction(x)) as Float64Array)];
  // Log-odds of a calibrated 0 or 1 are infinite.
  return scores.every(Number.isFinite) ? scores : probabilities(fitted, x).map(([, p]) => p);
}

const secondColumn = (fitted: FittedClassifier, x: Features): number[] =>
  probabilities(fitted, x).map(([, p]) => p);

type Average = "macro" | "micro" | "weighted";
const counted = (metric: "f1" | "precision" | "recall", average?: Average): Of<FittedClassifier> =>
  average === undefined
    ? (f, x, y) => metrics[metric](y, f.predict(x), positiveOf(f))
    : (f, x, y) => metrics[metric](y, f.predict(x), { average });

const ofClasses = {
  accuracy: (f, x, y) => metrics.accuracy(y, f.predict(x)),
  balancedAccuracy: (f, x, y) => metrics.balancedAccuracy(y, f.predict(x)),
  matthews: (f, x, y) => metrics.matthews(y, f.predict(x)),
  kappa: (f, x, y) => metrics.kappa(y, f.predict(x)),
  f1: counted("f1"),
  f1Macro: counted("f1", "macro"),
  f1Micro: counted("f1", "micro"),
  f1Weighted: counted("f1", "weighted"),
  precision: counted("precision"),
  precisionMacro: counted("precision", "macro"),
  precisionMicro: counted("precision", "micro"),
  precisionWeighted: counted("precision", "weighted"),
  recall: counted("recall"),
  recallMacro: counted("recall", "macro"),
  recallMicro: counted("recall", "micro"),
  recallWeighted: counted("recall", "weighted"),
  rocAuc: (f, x, y) =>
    metrics.rocAuc(
      y,
      rankable(f, x),
      f.classes.length === 2 ? positiveOf(f) : { labels: f.classes },
    ),
  rocAucOvo: (f, x, y) =>
    metrics.rocAuc(y, probabilities(f, x), { labels: f.classes, multiClass: "ovo" }),
  averagePrecision: (f, x, y) =>
    metrics.averagePrecision(
      y,
      rankable(f, x),
      f.classes.length === 2 ? positiveOf(f) : { labels: f.classes },
    ),
  logLoss: (f, x, y) => -metrics.logLoss(y, probabilities(f, x), { labels: f.classes }),
  brier: (f, x, y) => -metrics.brier(y, secondColumn(f, x), positiveOf(f)),
  expectedCalibrationError: (f, x, y) =>
    -metrics.expectedCalibrationError(y, secondColumn(f, x), positiveOf(f)),
} satisfies Readonly<Record<string, Of<FittedClassifier>>>;

const predicted = (f: FittedRegressor, x: Features): Float64Array =>
  storedElements(f.predict(x)) as Float64Array;
const numbers = (y: readonly Label[]): readonly number[] => y as readonly number[];

const ofNumbers = {
  r2: (f, x, y) => metrics.r2(numbers(y), predicted(f, x)),
  meanSquaredError: (f, x, y) => -metrics.meanSquaredError(numbers(y), predicted(f, x)),
  rootMeanSquaredError: (f, x, y) => -metrics.rootMeanSquaredError(numbers(y), predicted(f, x)),
  meanAbsoluteError: (f, x, y) => -metrics.meanAbsoluteError(numbers(y), predicted(f, x)),
} satisfies Readonly<Record<string, Of<FittedRegressor>>>;

/** Figures by name. Of those of which less is better (losses, errors) the negative is the score. */
export type ScorerName = keyof typeof ofClasses | keyof typeof ofNumbers;

/** One figure, several in a list, or several under names of one's own. */
export type Scoring =
  ScorerName | Scorer | readonly ScorerName[] | Readonly<Record<string, ScorerName | Scorer>>;

/** Scores by the names they get in results; null: accuracy or R², by what is fitted. */
export type Scorers = readonly (readonly [name: string, scorer: ScorerName | Scorer | null])[];

/** @throws ValueError  for a name that is unknown, or no figure at all */
export function scorersOf(scoring: Scoring | undefined, op: string): Scorers {
  if (scoring === undefined) return [["score", null]];
  const list: Scorers =
    typeof scoring === "string"
      ? [[scoring, scoring]]
      : typeof scoring === "function"
        ? [["score", scoring]]
        : Array.isArray(scoring)
          ? (scoring as readonly ScorerName[]).map((name) => [name, name] as const)
          : Object.entries(scoring as Readonly<Record<string, ScorerName | Scorer>>);
  if (list.length === 0) throw new ValueError(`${op}: there is nothing to score by`);
  for (const [, scorer] of list)
    if (
      typeof scorer !== "function" &&
      !Object.hasOwn(ofClasses, scorer!) &&
      !Object.hasOwn(ofNumbers, scorer!)
    )
      throw new ValueError(
        `${op}: there is no score ${typeof scorer === "string" ? `"${scorer}"` : describe(scorer)}; there are ` +
          `${[...Object.keys(ofClasses), ...Object.keys(ofNumbers)].join(", ")}, or give a function`,
      );
  return list;
}

export async function scoreOf(
  scorer: Scorers[number][1],
  fitted: Fitted,
  x: Features,
  y: readonly Label[],
): Promise<number> {
  if (typeof scorer === "function") return scorer(fitted, x, y);
  const isClassifier = isFittedClassifier(fitted);
  const name = scorer ?? (isClassifier ? "accuracy" : "r2");
  if (Object.hasOwn(ofClasses, name)) {
    if (!isClassifier)
      throw new ValueError(
        `the score "${name}" is for classifiers, and what was fitted has no classes`,
      );
    return ofClasses[name as keyof typeof ofClasses](fitted, x, y);
  }
  if (isClassifier) throw new ValueError(`the score "${name}" is for numbers, not for classes`);
  return ofNumbers[name as keyof typeof ofNumbers](fitted as FittedRegressor, x, y);
}
