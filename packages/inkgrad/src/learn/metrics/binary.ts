import { ShapeError, ValueError } from "../../base/errors.js";
import type { Labels } from "../../data/split.js";
import { type Label, sortedLabels } from "../../data/transforms/label-encoder.js";
import {
  labelList,
  labelText,
  type Matrix,
  readLabels,
  readMatrix,
  readWeights,
  requireRows,
  type Scores,
  type WeightOption,
} from "./read.js";

/** Questions of yes and no: one score a row, the higher the more like the positive class. */

export interface BinaryOptions extends WeightOption {
  /** The class that a high score means (default: the greater of 0 and 1, −1 and 1, false and true). */
  readonly positive?: Label;
}

export interface BinaryScores {
  /** [n] 1 for the positive class. */
  readonly isOne: Uint8Array;
  /** [n] */
  readonly scores: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly n: number;
}

/**
 * Which class is positive if nothing is said. "obvious": 1 or true beside 0, −1 or false; "one": the same,
 * and 1 beside any other number; "number": the same, and the greater of any numbers; "greater": the greater of
 * any two.
 */
export type PositiveRule = "obvious" | "one" | "number" | "greater";

/**
 * Reads labels and their scores.
 *
 * @param scores  [n], [n, 1], or [n, 2] as `predictProba` gives: the column of the positive class is taken
 * @throws ValueError  for no rows, scores that are not finite, or if it is not clear which class is positive
 * @throws ShapeError  for other shapes, or different numbers of rows
 */
export function readBinary(
  yTrue: Labels,
  scores: Scores,
  options: BinaryOptions,
  op: string,
  rule: PositiveRule = "obvious",
): BinaryScores {
  const labels = readLabels(yTrue, `${op}: yTrue`);
  const matrix = readMatrix(scores, `${op}: the scores`);
  requireRows(labels.length, matrix.rows, ["yTrue", "the scores"], op);
  const classes = sortedLabels(labels);
  const positive = positiveClass(classes, options.positive, op, rule);
  return {
    isOne: Uint8Array.from(labels, (label) => Number(label === positive)),
    scores: columnOf(matrix, classes, positive, options.positive === undefined, op),
    weights: readWeights(options.sampleWeight, labels.length, op),
    n: labels.length,
  };
}

export function positiveClass(
  classes: readonly Label[],
  given: Label | undefined,
  op: string,
  rule: PositiveRule,
): Label {
  if (given !== undefined) {
    if (classes.length === 2 && !classes.includes(given))
      throw new ValueError(
        `${op}: the positive class is ${labelText(given)}, and there are ${labelList(classes)}`,
      );
    return given;
  }
  if (classes.length > 2)
    throw new ValueError(
      `${op}: there are ${classes.length} classes, ${labelList(classes)}; say which one it is about, as ` +
        `{ positive: ${labelText(classes[0])} }`,
    );
  const among = (...pair: readonly Label[]): boolean => classes.every((c) => pair.includes(c));
  if (among(false, true)) return true;
  if (among(0, 1) || among(-1, 1) || (rule === "one" && classes.includes(1))) return 1;
  const greatest = classes[classes.length - 1];
  if (rule === "greater" && classes.length === 2) return greatest;
  if (rule === "number" && typeof greatest === "number") return greatest;
  throw new ValueError(
    `${op}: it is not clear which of ${labelList(classes)} is positive; say it, as ` +
      `{ positive: ${labelText(classes[classes.length - 1])} }`,
  );
}

function columnOf(
  { data, rows, columns }: Matrix,
  classes: readonly Label[],
  positive: Label,
  usual: boolean,
  op: string,
): Float64Array {
  if (columns === 1) return data;
  if (columns !== 2 || (classes.length > 2 && !usual))
    throw new ShapeError(
      `${op}: scores of one class are [n] or, of two, [n, 2]; got [${rows}, ${columns}]: take the ` +
        `column of ${labelText(positive)}`,
    );
  if (!usual && classes.length < 2)
    throw new ShapeError(
      `${op}: only ${labelList(classes)} occurs, so which of two columns is that of ` +
        `${labelText(positive)} is not known; give that column alone`,
    );
  const column = usual ? 1 : classes.indexOf(positive);
  return Float64Array.from({ length: rows }, (_, i) => data[2 * i + column]);
}

export interface Counted {
  /** Weight of rows of the other class with scores of at least the threshold. */
  readonly falsePositives: Float64Array;
  readonly truePositives: Float64Array;
  /** The different scores, falling. */
  readonly thresholds: Float64Array;
}

/** What is taken for positive at each of the scores; rows without weight are left out. */
export function countByThreshold({ isOne, scores, weights, n }: BinaryScores): Counted {
  let order = Uint32Array.from({ length: n }, (_, i) => i);
  if (weights !== undefined) order = order.filter((i) => weights[i] !== 0);
  order.sort((a, b) => scores[b] - scores[a] || b - a);
  const counts = { falsePositives: [0], truePositives: [0], thresholds: [0] };
  let [zeros, ones] = [0, 0];
  let at = 0;
  order.forEach((row, i) => {
    const w = weights?.[row] ?? 1;
    if (isOne[row] === 1) ones += w;
    else zeros += w;
    if (i + 1 < order.length && scores[order[i + 1]] === scores[row]) return;
    counts.falsePositives[at] = zeros;
    counts.truePositives[at] = ones;
    counts.thresholds[at++] = scores[row];
  });
  return {
    falsePositives: Float64Array.from(counts.falsePositives),
    truePositives: Float64Array.from(counts.truePositives),
    thresholds: Float64Array.from(counts.thresholds),
  };
}
