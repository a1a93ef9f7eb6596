import * as metrics from "../../learn/metrics/index.js";
import { key } from "../../tensor/random/key.js";

/** How well probabilities and decisions do on rows that were never looked at before. */

/** A figure and where it lies with 95 % confidence. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Judged {
  readonly rocAuc: Figure;
  readonly averagePrecision: Figure;
  readonly logLoss: Figure;
  readonly brier: Figure;
  readonly accuracy: Figure;
  readonly f1: Figure;
  readonly balancedAccuracy: Figure;
  readonly calibrationError: number;
  readonly report: metrics.ClassificationReport;
  readonly confusion: readonly (readonly number[])[];
}

/** Rows that were put aside, and what is said of them. */
export interface Answers {
  readonly classes: readonly string[];
  readonly positive: string | null;
  readonly truth: readonly string[];
  readonly said: readonly string[];
  /** [rows][classes] */
  readonly probabilities: readonly (readonly number[])[];
}

const resamples = 300;

/** Of two classes figures speak of the positive one; of more they are means over the classes. */
export function judge({ classes, positive, truth, said, probabilities }: Answers): Judged {
  const labels = classes;
  const two = positive !== null;
  const column = two ? classes.indexOf(positive) : 0;
  const scores = probabilities.map((p) => p[column]);
  const figure = (
    of: (...arrays: never[]) => number,
    ...arrays: readonly (readonly unknown[])[]
  ): Figure => {
    const options = { key: key(0), resamples, stratified: truth };
    const { estimate, low, high } = metrics.bootstrap(of, [truth, ...arrays] as never, options);
    return { value: estimate, low, high };
  };
  type List = readonly string[];
  type Rows = readonly (readonly number[])[];
  const one = { positive: positive ?? undefined } as { positive: string };
  return {
    rocAuc: two
      ? figure((y: List, s: readonly number[]) => metrics.rocAuc(y, s, one), scores)
      : figure(
          (y: List, p: Rows) => metrics.rocAuc(y, p, { multiClass: "ovr", labels }),
          probabilities,
        ),
    averagePrecision: two
      ? figure((y: List, s: readonly number[]) => metrics.averagePrecision(y, s, one), scores)
      : figure(
          (y: List, p: Rows) => overClasses(y, p, classes, metrics.averagePrecision),
          probabilities,
        ),
    logLoss: figure((y: List, p: Rows) => metrics.logLoss(y, p, { labels }), probabilities),
    brier: two
      ? figure((y: List, s: readonly number[]) => metrics.brier(y, s, one), scores)
      : figure((y: List, p: Rows) => brierOfMany(y, p, classes), probabilities),
    accuracy: figure((y: List, s: List) => metrics.accuracy(y, s), said),
    balancedAccuracy: figure((y: List, s: List) => metrics.balancedAccuracy(y, s), said),
    f1: figure(
      (y: List, s: List) =>
        two
          ? metrics.f1(y, s, { average: "binary", ...one })
          : metrics.f1(y, s, { average: "macro", labels }),
      said,
    ),
    calibrationError: two
      ? metrics.expectedCalibrationError(truth, scores, one)
      : metrics.expectedCalibrationError(truth, probabilities, { labels }),
    report: metrics.classificationReport(truth, said, { labels }),
    confusion: metrics.confusionMatrix(truth, said, { labels }).matrix,
  };
}

/** The mean over the classes, each against the rest. */
function overClasses(
  y: readonly string[],
  p: readonly (readonly number[])[],
  classes: readonly string[],
  metric: (y: number[], s: number[]) => number,
): number {
  const each = classes.map((name, c) =>
    metric(
      y.map((label) => Number(label === name)),
      p.map((row) => row[c]),
    ),
  );
  return each.reduce((sum, x) => sum + x, 0) / classes.length;
}

/** The mean over rows of Σ (p_c − y_c)²: Brier's own form, of two classes twice that of one. */
const brierOfMany = (
  y: readonly string[],
  p: readonly (readonly number[])[],
  classes: readonly string[],
): number =>
  y.reduce(
    (sum, label, row) =>
      sum + classes.reduce((own, name, c) => own + (p[row][c] - Number(label === name)) ** 2, 0),
    0,
  ) / y.length;
