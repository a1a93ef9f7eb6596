import { ValueError } from "../../base/errors.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { averageOf, type Counts, fBetaOf, precisionOf, recallOf } from "../../nn/metrics/counts.js";
import { labelList, labelText, requireOneOf, type Targets, type WeightOption } from "./read.js";
import { type ClassPair, countClasses, readPair, type TablePair } from "./targets.js";

/**
 * "binary" (default): of the positive class; "macro": the mean over the classes; "weighted": the mean,
 * each counted as often as it occurs; "micro": of all counts together; "samples": the mean over the rows,
 * of tables only; null: one figure a class.
 */
export type Average = "binary" | "micro" | "macro" | "weighted" | "samples" | null;

export interface PrecisionRecallOptions<A extends Average = Average> extends WeightOption {
  readonly average?: A;
  /** The class that "binary" is about (default 1, or true). */
  readonly positive?: Label;
  /** Which classes go into an average, or in which order they come (default: all that occur, in order). */
  readonly labels?: readonly Label[];
  /** What stands for 0/0 (default 0): nothing predicted as the class, or nothing of it there. */
  readonly zeroDivision?: 0 | 1;
}

export interface FBetaOptions<A extends Average = Average> extends PrecisionRecallOptions<A> {
  /** How many times as much recall counts as precision: 0.5, 1, 2, …, ≥ 0. */
  readonly beta: number;
}

/** One figure a class without an average, else one. */
export type Figure<A extends Average> = A extends null ? number[] : number;

/**
 * Of what is predicted as a class, the share that is of it: tp / (tp + fp).
 *
 * @param yTrue  [n] labels, or [n, k] zeros and ones
 * @param yPred  the same
 * @throws ValueError  for "binary" of more than two classes, or if the positive class is not among two
 * @source scikit-learn `precision_score`
 */
export const precision = <A extends Average = "binary">(
  yTrue: Targets,
  yPred: Targets,
  options: PrecisionRecallOptions<A> = {},
): Figure<A> => figureOf(yTrue, yPred, options, precisionOf, "precision");

/** Of what is of a class, the share that is found: tp / (tp + fn). @source scikit-learn `recall_score` */
export const recall = <A extends Average = "binary">(
  yTrue: Targets,
  yPred: Targets,
  options: PrecisionRecallOptions<A> = {},
): Figure<A> => figureOf(yTrue, yPred, options, recallOf, "recall");

/**
 * The weighted harmonic mean of precision and recall: (1 + β²) p r / (β² p + r), recall for β = ∞.
 *
 * @throws ValueError  unless β ≥ 0
 * @source scikit-learn `fbeta_score`
 */
export function fBeta<A extends Average = "binary">(
  yTrue: Targets,
  yPred: Targets,
  options: FBetaOptions<A>,
): Figure<A> {
  const beta = (options as Partial<FBetaOptions> | undefined)?.beta;
  if (typeof beta !== "number" || !(beta >= 0))
    throw new ValueError(`fBeta: beta must be a number ≥ 0, got ${String(beta)}`);
  return figureOf(yTrue, yPred, options, (counts, zero) => fBetaOf(counts, beta, zero), "fBeta");
}

/** The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn). @source scikit-learn `f1_score` */
export const f1 = <A extends Average = "binary">(
  yTrue: Targets,
  yPred: Targets,
  options: PrecisionRecallOptions<A> = {},
): Figure<A> => figureOf(yTrue, yPred, options, (counts, zero) => fBetaOf(counts, 1, zero), "f1");

type OfCounts = (counts: Counts, zeroDivision: number) => number;

function figureOf<A extends Average>(
  yTrue: Targets,
  yPred: Targets,
  options: PrecisionRecallOptions<A>,
  ofCounts: OfCounts,
  op: string,
): Figure<A> {
  const { zeroDivision = 0, average = "binary" } = options;
  requireOneOf(zeroDivision, [0, 1], "zeroDivision", op);
  requireOneOf(average, ["binary", "micro", "macro", "weighted", "samples", null], "average", op);
  const pair = readPair(yTrue, yPred, options.sampleWeight, op);
  return averaged(
    pair,
    average,
    options,
    (counts) => ofCounts(counts, zeroDivision),
    op,
  ) as Figure<A>;
}

/** The figure of a pair that has been read. */
export function averaged(
  pair: ClassPair | TablePair,
  average: Average,
  options: Pick<PrecisionRecallOptions, "labels" | "positive">,
  figure: (counts: Counts) => number,
  op: string,
): number | number[] {
  if (average === "binary") {
    const positive = positiveOf(pair, options.positive, op);
    return figure(countClasses(pair, [positive], op).counts[0]);
  }
  if (average === "samples") return meanOverRows(pair, options.labels, figure, op);
  const { counts } = countClasses(pair, options.labels, op);
  return averageOf(counts, figure, average ?? "none");
}

function positiveOf(pair: ClassPair | TablePair, given: Label | undefined, op: string): Label {
  const many = pair.kind === "table" || pair.classes.length > 2;
  if (many)
    throw new ValueError(
      `${op}: there are ${pair.kind === "table" ? "several labels a row" : `the classes ${labelList(pair.classes)}`}; ` +
        'say how to average them: "macro", "micro", "weighted", or null for one figure a class',
    );
  const { classes } = pair;
  const positive = given ?? (typeof classes[0] === "boolean" ? true : 1);
  if (!classes.includes(positive) && (classes.length === 2 || typeof classes[0] === "string"))
    throw new ValueError(
      `${op}: the positive class is ${labelText(positive)}, and there are ${labelList(classes)}; ` +
        `say which of them it is, as { positive: ${labelText(classes[classes.length - 1])} }`,
    );
  return positive;
}

/** Each row's own figure: of the labels it has and those it is said to have. */
function meanOverRows(
  pair: ClassPair | TablePair,
  labels: readonly Label[] | undefined,
  figure: (counts: Counts) => number,
  op: string,
): number {
  if (pair.kind !== "table")
    throw new ValueError(`${op}: average "samples" is for tables [n, k] of several labels a row`);
  const { n, columns } = pair;
  const chosen = labels ?? Array.from({ length: columns }, (_, k) => k);
  countClasses(pair, chosen, op);
  let [sum, all] = [0, 0];
  for (let i = 0; i < n; i++) {
    let [right, predicted, actual] = [0, 0, 0];
    for (const k of chosen) {
      const at = i * columns + (k as number);
      right += pair.actual[at] * pair.predicted[at];
      predicted += pair.predicted[at];
      actual += pair.actual[at];
    }
    const w = pair.weights?.[i] ?? 1;
    sum += w * figure({ right, predicted, actual });
    all += w;
  }
  return sum / all;
}
