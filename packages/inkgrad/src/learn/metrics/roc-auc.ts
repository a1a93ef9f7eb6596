import { ValueError } from "../../base/errors.js";
import type { Labels } from "../../data/split.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { rocArea } from "../../nn/metrics/roc-area.js";
import { type BinaryScores, countByThreshold, readBinary } from "./binary.js";
import { averageQuestions, type ManyScores, readMany, readQuestions } from "./many-classes.js";
import type { Figure } from "./precision-recall.js";
import {
  columnsIn,
  isTable,
  labelText,
  requireOneOf,
  type Scores,
  type Targets,
  type WeightOption,
} from "./read.js";

/** "macro" (default), "weighted" by how often each class occurs, "micro" of all together, null: one each. */
export type AucAverage = "macro" | "weighted" | "micro" | null;

export interface RocAucOptions<A extends AucAverage = AucAverage> extends WeightOption {
  /** Of two classes, the one that a high score means (default: the greater). */
  readonly positive?: Label;
  /** Of more than two: each against the rest ("ovr", default) or each against each ("ovo"). */
  readonly multiClass?: "ovr" | "ovo";
  readonly average?: A;
  /** The classes of the columns (default: those that occur, in order). */
  readonly labels?: readonly Label[];
  /** Of two classes: only up to this false positive rate, scaled so that guessing gives ½. */
  readonly maxFpr?: number;
}

/**
 * The area under the ROC curve, exact: how likely a row of the positive class scores higher than another,
 * equal scores counting half.
 *
 * Of more than two classes the mean over the classes of each against the rest, or (Hand and Till) over the
 * pairs (a, b) of (A(a|b) + A(b|a)) / 2, A(a|b) from the scores of a among the rows of both; "weighted"
 * weighs a pair by its rows. Of tables [n, k] the mean over the columns.
 *
 * @param yTrue   [n] labels, or [n, k] zeros and ones
 * @param scores  [n] or [n, 2] of two classes; [n, k] probabilities of more, whose rows sum to 1
 * @throws ValueError  if one class alone occurs (of several: if one does not), or a score is not finite
 * @throws ShapeError  if there are not as many columns as classes
 * @source scikit-learn `roc_auc_score`; McClish (1989) for `maxFpr`
 */
export function rocAuc<A extends AucAverage = "macro">(
  yTrue: Targets,
  scores: Scores,
  options: RocAucOptions<A> = {},
): Figure<A> {
  return areaOf(yTrue, scores, options) as Figure<A>;
}

function areaOf(yTrue: Targets, scores: Scores, options: RocAucOptions): number | number[] {
  const op = "rocAuc";
  const { average = "macro", multiClass = "ovr", maxFpr, labels, sampleWeight } = options;
  requireOneOf(average, ["macro", "weighted", "micro", null], "average", op);
  requireOneOf(multiClass, ["ovr", "ovo"], "multiClass", op);
  if (maxFpr !== undefined && !(maxFpr > 0 && maxFpr <= 1))
    throw new ValueError(`${op}: maxFpr must lie in (0, 1], got ${maxFpr}`);
  const table = isTable(yTrue);
  if (!table && columnsIn(scores) <= 2)
    return area(readBinary(yTrue as Labels, scores, options, op, "greater"), maxFpr, op);
  if (maxFpr !== undefined && maxFpr !== 1)
    throw new ValueError(`${op}: maxFpr is for two classes`);
  if (!table) {
    const many = readMany(yTrue as Labels, scores, labels, op);
    requireProbabilities(many, op);
    if (multiClass === "ovo") return pairwise(many, average, sampleWeight !== undefined, op);
  }
  const questions = readQuestions(yTrue, scores, labels, sampleWeight, op);
  const name = (k: number): string => (k < 0 ? "" : ` of column ${k}`);
  return averageQuestions(questions, (one, k) => area(one, undefined, op, name(k)), average);
}

function area(binary: BinaryScores, maxFpr: number | undefined, op: string, where = ""): number {
  const first = binary.isOne[0];
  if (binary.isOne.every((one) => one === first))
    throw new ValueError(
      `${op}: undefined${where}, for all ${binary.n} rows are ${first === 1 ? "" : "not "}of the positive class`,
    );
  if (maxFpr === undefined || maxFpr === 1)
    return rocArea(binary.scores, (i) => binary.isOne[i] === 1, binary.weights);
  return partialArea(binary, maxFpr);
}

/** ½ (1 + (a − a₀) / (a₁ − a₀)), a the area up to `maxFpr`, a₀ that of guessing, a₁ the greatest. */
function partialArea(binary: BinaryScores, maxFpr: number): number {
  const { falsePositives, truePositives } = countByThreshold(binary);
  const [zeros, ones] = [falsePositives.at(-1)!, truePositives.at(-1)!];
  let [x, y, area] = [0, 0, 0];
  for (let i = 0; i < falsePositives.length && x < maxFpr; i++) {
    let [nextX, nextY] = [falsePositives[i] / zeros, truePositives[i] / ones];
    if (nextX > maxFpr) {
      nextY = y + ((nextY - y) * (maxFpr - x)) / (nextX - x);
      nextX = maxFpr;
    }
    area += ((nextX - x) * (y + nextY)) / 2;
    [x, y] = [nextX, nextY];
  }
  const least = maxFpr ** 2 / 2;
  return (1 + (area - least) / (maxFpr - least)) / 2;
}

function requireProbabilities({ data, rows, columns }: ManyScores, op: string): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += data[i * columns + k];
    // As far as f32 rounds.
    if (!(Math.abs(sum - 1) <= 1e-5))
      throw new ValueError(
        `${op}: scores of several classes must be probabilities; row ${i} sums to ${sum}, not 1. ` +
          "Take softmax of logits",
      );
  }
}

function pairwise(many: ManyScores, average: AucAverage, weighted: boolean, op: string): number {
  if (average !== "macro" && average !== "weighted")
    throw new ValueError(`${op}: "ovo" has the averages "macro" and "weighted"`);
  if (weighted) throw new ValueError(`${op}: "ovo" takes no sampleWeight; "ovr" does`);
  const { actual, data, columns, classes } = many;
  const rowsOf = classes.map((_, k) => [...actual.keys()].filter((i) => actual[i] === k));
  const empty = rowsOf.findIndex((rows) => rows.length === 0);
  if (empty >= 0)
    throw new ValueError(`${op}: undefined, for no row is of class ${labelText(classes[empty])}`);
  let [sum, all] = [0, 0];
  for (let a = 0; a < columns; a++)
    for (let b = a + 1; b < columns; b++) {
      const rows = [...rowsOf[a], ...rowsOf[b]];
      const against = (one: number): number =>
        rocArea(
          rows.map((i) => data[i * columns + one]),
          (i) => actual[rows[i]] === one,
          undefined,
        );
      const weight = average === "weighted" ? rows.length : 1;
      sum += (weight * (against(a) + against(b))) / 2;
      all += weight;
    }
  return sum / all;
}
