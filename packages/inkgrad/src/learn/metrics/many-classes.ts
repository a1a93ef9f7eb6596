import { ShapeError, ValueError } from "../../base/errors.js";
import type { Labels } from "../../data/split.js";
import { type Label, sortedLabels } from "../../data/transforms/label-encoder.js";
import type { BinaryScores } from "./binary.js";
import {
  isTable,
  labelList,
  labelText,
  type Matrix,
  readLabels,
  readMatrix,
  readWeights,
  requireRows,
  type Scores,
  type Targets,
  totalWeight,
  type Weights,
} from "./read.js";
import { readIndicators } from "./targets.js";

/** Scores [n, k] of several classes, a column each. */
export interface ManyScores extends Matrix {
  readonly classes: readonly Label[];
  /** [n] the column of each row's class. */
  readonly actual: Int32Array;
}

/**
 * Labels beside scores of as many columns as there are classes.
 *
 * @param labels  the classes of the columns (default: those that occur, in order)
 * @throws ShapeError  if there are not as many columns as classes
 * @throws ValueError  for a row whose label is none of `labels`
 */
export function readMany(
  yTrue: Labels,
  scores: Scores,
  labels: readonly Label[] | undefined,
  op: string,
): ManyScores {
  const given = readLabels(yTrue, `${op}: yTrue`);
  const matrix = readMatrix(scores, `${op}: the scores`);
  requireRows(given.length, matrix.rows, ["yTrue", "the scores"], op);
  const classes = labels ?? sortedLabels(given);
  if (labels !== undefined) requireInOrder(labels, op);
  const columns = Math.max(matrix.columns, 2);
  if (classes.length !== columns)
    throw new ShapeError(
      `${op}: the scores are of ${columns} classes, and ${classes.length} ` +
        `${labels === undefined ? "occur" : "are given"}, ${labelList(classes)}; name the classes of ` +
        "all columns, as { labels: […] }",
    );
  return { ...matrix, classes, actual: numbered(given, classes, op) };
}

/** The place of each label among the classes. */
export function numbered(
  labels: readonly Label[],
  classes: readonly Label[],
  op: string,
): Int32Array {
  const numbers = new Map(classes.map((label, k) => [label, k]));
  return Int32Array.from(labels, (label, row) => {
    const k = numbers.get(label);
    if (k === undefined)
      throw new ValueError(
        `${op}: row ${row} is of class ${labelText(label)}, which is none of ${labelList(classes)}`,
      );
    return k;
  });
}

/** Throws unless each class is named once and in order, which is that of `predictProba`'s columns. */
export function requireInOrder(labels: readonly Label[], op: string): void {
  const sorted = sortedLabels(labels);
  if (
    labels.length === 0 ||
    sorted.length !== labels.length ||
    sorted.some((c, k) => c !== labels[k])
  )
    throw new ValueError(
      `${op}: labels must name each class once and in order, ${labelList(sorted)}; got ${labelList(labels)}`,
    );
}

/** Each class or label against the rest, as questions of yes and no, and what each counts in an average. */
export interface Questions {
  readonly each: readonly BinaryScores[];
  /** Weight of the ones of each. */
  readonly support: readonly number[];
  /** All of them as one. */
  readonly together: () => BinaryScores;
}

/** Of a table [n, k] of labels, or of classes read by `readMany`. */
export function readQuestions(
  yTrue: Targets,
  scores: Scores,
  labels: readonly Label[] | undefined,
  sampleWeight: Weights | undefined,
  op: string,
): Questions {
  const many = isTable(yTrue)
    ? readTable(yTrue, scores, op)
    : classTable(yTrue as Labels, scores, labels, op);
  const { rows: n, columns, data, ones } = many;
  const weights = readWeights(sampleWeight, n, op);
  const each = Array.from({ length: columns }, (_, k): BinaryScores => {
    const pick = (i: number): number => i * columns + k;
    const isOne = Uint8Array.from({ length: n }, (_, i) => ones[pick(i)]);
    return { isOne, scores: Float64Array.from({ length: n }, (_, i) => data[pick(i)]), weights, n };
  });
  const support = each.map(({ isOne }) => {
    let sum = 0;
    for (let i = 0; i < n; i++) if (isOne[i] === 1) sum += weights?.[i] ?? 1;
    return sum;
  });
  const together = (): BinaryScores => ({
    isOne: ones,
    scores: data,
    weights: weights && Float64Array.from(data, (_, at) => weights[Math.floor(at / columns)]),
    n: n * columns,
  });
  return { each, support, together };
}

interface OneHot extends Matrix {
  readonly ones: Uint8Array;
}

function readTable(yTrue: Targets, scores: Scores, op: string): OneHot {
  const y = readIndicators(yTrue, `${op}: yTrue`);
  const matrix = readMatrix(scores, `${op}: the scores`);
  requireRows(y.rows, matrix.rows, ["yTrue", "the scores"], op);
  if (y.columns !== matrix.columns)
    throw new ShapeError(`${op}: yTrue has ${y.columns} columns, the scores ${matrix.columns}`);
  return { ...matrix, ones: Uint8Array.from(y.data) };
}

function classTable(
  yTrue: Labels,
  scores: Scores,
  labels: readonly Label[] | undefined,
  op: string,
): OneHot {
  const many = readMany(yTrue, scores, labels, op);
  const ones = new Uint8Array(many.data.length);
  many.actual.forEach((k, i) => (ones[i * many.columns + k] = 1));
  return { ...many, ones };
}

/** Figures of several questions as one: of all rows of all, their mean, or the mean by support. */
export function averageQuestions(
  { each, support, together }: Questions,
  figure: (question: BinaryScores, k: number) => number,
  average: "micro" | "macro" | "weighted" | null,
): number | number[] {
  if (average === "micro") return figure(together(), -1);
  const figures = each.map((question, k) =>
    // A class that nothing is of has weight 0, and perhaps no figure.
    average === "weighted" && support[k] === 0 ? 0 : figure(question, k),
  );
  if (average === null) return figures;
  const weight = (k: number): number => (average === "weighted" ? support[k] : 1);
  const all = average === "weighted" ? totalWeight(Float64Array.from(support), 0) : each.length;
  return all === 0 ? 0 : figures.reduce((sum, x, k) => sum + x * weight(k), 0) / all;
}
