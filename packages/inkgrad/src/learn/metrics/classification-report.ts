import { ShapeError, ValueError } from "../../base/errors.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { type Counts, fBetaOf, precisionOf, recallOf } from "../../nn/metrics/counts.js";
import { type Average, averaged } from "./precision-recall.js";
import { requireOneOf, type Targets, type WeightOption } from "./read.js";
import { countClasses, readPair } from "./targets.js";

export interface ClassificationReportOptions extends WeightOption {
  /** Which classes (default: all that occur, in order). */
  readonly labels?: readonly Label[];
  /** What to call them (default: their labels). */
  readonly names?: readonly string[];
  /** Decimals of the text (default 2). */
  readonly digits?: number;
  /** What stands for 0/0 (default 0). */
  readonly zeroDivision?: 0 | 1;
}

export interface ReportRow {
  /** The class, or the average. */
  readonly name: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** How many rows are of the class; the sum of their weights, if there are any. */
  readonly support: number;
}

export interface ClassificationReport {
  readonly classes: readonly ReportRow[];
  /** Where every class is in the report; else there is `micro`. */
  readonly accuracy?: number;
  readonly micro?: ReportRow;
  readonly macro: ReportRow;
  readonly weighted: ReportRow;
  /** Of tables: the mean over the rows. */
  readonly samples?: ReportRow;
  /** The table, as scikit-learn prints it. */
  toString(): string;
}

/**
 * Precision, recall, F1 and number of rows of each class, and their averages.
 *
 * @param yTrue  [n] labels, or [n, k] zeros and ones
 * @param yPred  the same
 * @throws ShapeError  if there are not as many names as classes
 * @source scikit-learn `classification_report`
 */
export function classificationReport(
  yTrue: Targets,
  yPred: Targets,
  options: ClassificationReportOptions = {},
): ClassificationReport {
  const op = "classificationReport";
  const { zeroDivision = 0, digits = 2, names } = options;
  requireOneOf(zeroDivision, [0, 1], "zeroDivision", op);
  if (!Number.isSafeInteger(digits) || digits < 0 || digits > 20)
    throw new ValueError(`${op}: digits must be a whole number from 0 to 20, got ${digits}`);
  const pair = readPair(yTrue, yPred, options.sampleWeight, op);
  const { labels, counts } = countClasses(pair, options.labels, op);
  if (names !== undefined && names.length !== labels.length)
    throw new ShapeError(`${op}: ${names.length} names for ${labels.length} classes`);
  const row = (
    name: string,
    figure: (of: (counts: Counts) => number) => number,
    support: number,
  ) => ({
    name,
    precision: figure((c) => precisionOf(c, zeroDivision)),
    recall: figure((c) => recallOf(c, zeroDivision)),
    f1: figure((c) => fBetaOf(c, 1, zeroDivision)),
    support,
  });
  const classes = counts.map((c, k) =>
    row(names?.[k] ?? String(labels[k]), (of) => of(c), c.actual),
  );
  const support = counts.reduce((sum, { actual }) => sum + actual, 0);
  const mean = (average: Average): ReportRow =>
    row(
      `${String(average)} avg`,
      (of) => averaged(pair, average, { labels }, of, op) as number,
      support,
    );
  const micro = mean("micro");
  const complete = pair.kind === "classes" && pair.classes.every((label) => labels.includes(label));
  // A class that never occurs changes no count, but scikit-learn then speaks of an average.
  const isAccuracy = complete && labels.length === pair.classes.length;
  const report = {
    classes,
    ...(isAccuracy ? { accuracy: micro.f1 } : { micro }),
    macro: mean("macro"),
    weighted: mean("weighted"),
    ...(pair.kind === "table" && { samples: mean("samples") }),
  };
  const weighted = pair.weights !== undefined;
  return { ...report, toString: () => textOf(report, support, digits, weighted) };
}

function textOf(
  report: Omit<ClassificationReport, "toString">,
  support: number,
  digits: number,
  weighted: boolean,
): string {
  const { classes, accuracy, micro, macro, weighted: weightedRow, samples } = report;
  const width = Math.max(
    ...classes.map(({ name }) => [...name].length),
    "weighted avg".length,
    digits,
  );
  const count = (x: number): string => (weighted && Number.isInteger(x) ? `${x}.0` : String(x));
  const line = (name: string, cells: readonly string[]): string =>
    padded(name, width) + " " + cells.map((cell) => " " + padded(cell, 9)).join("");
  const ofRow = (row: ReportRow): string =>
    line(row.name, [
      ...[row.precision, row.recall, row.f1].map((x) => fixed(x, digits)),
      count(row.support),
    ]);
  const first =
    accuracy === undefined
      ? ofRow(micro!)
      : line("accuracy", ["", "", fixed(accuracy, digits), count(support)]);
  return [
    line("", ["precision", "recall", "f1-score", "support"]),
    "",
    ...classes.map(ofRow),
    "",
    first,
    ...[macro, weightedRow, ...(samples ? [samples] : [])].map(ofRow),
    "",
  ].join("\n");
}

/** By characters, as Python counts them. */
const padded = (text: string, width: number): string =>
  " ".repeat(Math.max(0, width - [...text].length)) + text;

/** Rounded to so many decimals, halves to the even digit, as C and Python print them; toFixed rounds them up. */
function fixed(x: number, digits: number): string {
  // Only odd multiples of 2^−(digits + 1) lie exactly between two decimals.
  if (Math.abs(x * 2 ** (digits + 1)) % 2 !== 1) return x.toFixed(digits);
  const below = Math.floor(x * 10 ** digits);
  return ((below % 2 === 0 ? below : below + 1) / 10 ** digits).toFixed(digits);
}
