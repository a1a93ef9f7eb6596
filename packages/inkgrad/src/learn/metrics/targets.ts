import { ShapeError, ValueError } from "../../base/errors.js";
import { type Label, sortedLabels } from "../../data/transforms/label-encoder.js";
import type { Labels } from "../../data/split.js";
import type { Counts } from "../../nn/metrics/counts.js";
import {
  isTable,
  labelList,
  labelText,
  readLabels,
  readMatrix,
  readWeights,
  requireRows,
  type Scores,
  type Targets,
  totalWeight,
  type Weights,
} from "./read.js";

/** What is so beside what is said, as class numbers or as tables of zeros and ones. */

/** One class a row. */
export interface ClassPair {
  readonly kind: "classes";
  /** The labels that occur in either, in order. */
  readonly classes: readonly Label[];
  /** [n] numbers of them. */
  readonly actual: Int32Array;
  readonly predicted: Int32Array;
  readonly n: number;
  readonly weights: Float64Array | undefined;
}

/** Several labels a row: [n, columns] zeros and ones. */
export interface TablePair {
  readonly kind: "table";
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  readonly n: number;
  readonly columns: number;
  readonly weights: Float64Array | undefined;
}

/**
 * Reads both: labels [n] with labels [n], or tables with tables.
 *
 * @throws ShapeError  if they differ in their rows or columns, or one is a table and the other is not
 * @throws ValueError  for no rows, rows without label, labels of two kinds, numbers beside 0 and 1 in a table
 */
export function readPair(
  yTrue: Targets,
  yPred: Targets,
  sampleWeight: Weights | undefined,
  op: string,
): ClassPair | TablePair {
  if (isTable(yTrue) !== isTable(yPred))
    throw new ShapeError(
      `${op}: ${isTable(yTrue) ? "yTrue" : "yPred"} is a table [n, k] of zeros and ones and the ` +
        "other one label a row; both must be the same. Of probabilities take the greatest first",
    );
  return isTable(yTrue)
    ? readTables(yTrue, yPred, sampleWeight, op)
    : readClasses(yTrue as Labels, yPred as Labels, sampleWeight, op);
}

/** The same where only one label a row makes sense. */
export function requireClassPair(
  yTrue: Targets,
  yPred: Targets,
  sampleWeight: Weights | undefined,
  op: string,
): ClassPair {
  const pair = readPair(yTrue, yPred, sampleWeight, op);
  if (pair.kind === "classes") return pair;
  throw new ShapeError(
    `${op}: takes one label a row, [n], not a table [${pair.n}, ${pair.columns}]`,
  );
}

function readClasses(yTrue: Labels, yPred: Labels, given: Weights | undefined, op: string) {
  let [a, p] = [readLabels(yTrue, `${op}: yTrue`), readLabels(yPred, `${op}: yPred`)];
  requireRows(a.length, p.length, ["yTrue", "yPred"], op);
  const n = a.length;
  const weights = readWeights(given, n, op);
  const kinds = [kindsOf(a), kindsOf(p)];
  if (kinds.flat().includes("string") && kinds.flat().some((kind) => kind !== "string"))
    throw new ValueError(
      `${op}: labels must be of one kind; yTrue has ${kinds[0].join("s and ")}s, yPred ` +
        `${kinds[1].join("s and ")}s`,
    );
  // As in NumPy, false and true beside numbers are 0 and 1.
  if (new Set(kinds.flat()).size > 1) [a, p] = [a.map(Number), p.map(Number)];
  const classes = sortedLabels([...new Set(a), ...new Set(p)]);
  const numbers = new Map(classes.map((label, i) => [label, i]));
  const numbered = (labels: readonly Label[]) =>
    Int32Array.from(labels, (label) => numbers.get(label)!);
  const pair: ClassPair = {
    kind: "classes",
    classes,
    actual: numbered(a),
    predicted: numbered(p),
    n,
    weights,
  };
  return pair;
}

const kindsOf = (labels: readonly Label[]): string[] => [
  ...new Set(labels.map((label) => typeof label as string)),
];

function readTables(yTrue: Targets, yPred: Targets, given: Weights | undefined, op: string) {
  const [a, p] = [readIndicators(yTrue, `${op}: yTrue`), readIndicators(yPred, `${op}: yPred`)];
  requireRows(a.rows, p.rows, ["yTrue", "yPred"], op);
  if (a.columns !== p.columns)
    throw new ShapeError(`${op}: yTrue has ${a.columns} columns, yPred ${p.columns}`);
  const pair: TablePair = {
    kind: "table",
    actual: a.data,
    predicted: p.data,
    n: a.rows,
    columns: a.columns,
    weights: readWeights(given, a.rows, op),
  };
  return pair;
}

/** A table of zeros and ones. */
export function readIndicators(x: Targets, what: string) {
  const matrix = readMatrix(x as Scores, what);
  const wrong = matrix.data.findIndex((v) => v !== 0 && v !== 1);
  if (wrong >= 0)
    throw new ValueError(
      `${what}: a table of labels has zeros and ones, row ${Math.floor(wrong / matrix.columns)}, ` +
        `column ${wrong % matrix.columns} is ${matrix.data[wrong]}`,
    );
  return matrix;
}

/** Which classes a figure is about, and the place of each class number among them (−1: none). */
export function chosenClasses(
  pair: ClassPair | TablePair,
  labels: readonly Label[] | undefined,
  op: string,
): { readonly labels: readonly Label[]; readonly placeOf: Int32Array } {
  const known: readonly Label[] =
    pair.kind === "classes" ? pair.classes : Array.from({ length: pair.columns }, (_, k) => k);
  const chosen = labels ?? known;
  if (chosen.length === 0) throw new ValueError(`${op}: labels must name at least one class`);
  if (new Set(chosen).size !== chosen.length)
    throw new ValueError(`${op}: labels must name each class once, got ${labelList(chosen)}`);
  const stranger =
    pair.kind === "table" ? chosen.find((label) => !known.includes(label)) : undefined;
  if (stranger !== undefined)
    throw new ValueError(`${op}: there is no column ${labelText(stranger)}, only ${known.length}`);
  const places = new Map(chosen.map((label, i) => [label, i]));
  return { labels: chosen, placeOf: Int32Array.from(known, (label) => places.get(label) ?? -1) };
}

/** For each class its counts; a class that occurs nowhere has zeros. */
export function countClasses(
  pair: ClassPair | TablePair,
  labels: readonly Label[] | undefined,
  op: string,
): { readonly labels: readonly Label[]; readonly counts: readonly Counts[] } {
  const chosen = chosenClasses(pair, labels, op);
  const k = chosen.labels.length;
  const [right, predicted, actual] = [0, 1, 2].map(() => new Float64Array(k));
  const { placeOf } = chosen;
  for (let i = 0; i < pair.n; i++) {
    const w = pair.weights?.[i] ?? 1;
    if (pair.kind === "classes") {
      const [a, p] = [placeOf[pair.actual[i]], placeOf[pair.predicted[i]]];
      if (a >= 0) actual[a] += w;
      if (p >= 0) predicted[p] += w;
      if (a >= 0 && a === p) right[a] += w;
    } else
      for (let c = 0; c < pair.columns; c++) {
        const place = placeOf[c];
        if (place < 0) continue;
        const at = i * pair.columns + c;
        actual[place] += w * pair.actual[at];
        predicted[place] += w * pair.predicted[at];
        right[place] += w * pair.actual[at] * pair.predicted[at];
      }
  }
  const counts = chosen.labels.map((_, c) => ({
    right: right[c],
    predicted: predicted[c],
    actual: actual[c],
  }));
  return { labels: chosen.labels, counts };
}

/** Σ of the weights of rows where both are the same: the same class, or the same zeros and ones. */
export function weightOfSame(pair: ClassPair | TablePair): { same: number; all: number } {
  let same = 0;
  const columns = pair.kind === "table" ? pair.columns : 1;
  for (let i = 0; i < pair.n; i++) {
    let equal = true;
    for (let at = i * columns; at < (i + 1) * columns; at++)
      equal &&= pair.actual[at] === pair.predicted[at];
    if (equal) same += pair.weights?.[i] ?? 1;
  }
  return { same, all: totalWeight(pair.weights, pair.n) };
}
