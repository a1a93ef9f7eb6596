import { ValueError } from "../../base/errors.js";
import type { Label } from "../../data/transforms/label-encoder.js";
import { requireOneOf, type Targets, type WeightOption } from "./read.js";
import { chosenClasses, type ClassPair, requireClassPair } from "./targets.js";

export interface ConfusionMatrixOptions extends WeightOption {
  /** Which classes, in which order (default: all that occur, in order). Rows of others are left out. */
  readonly labels?: readonly Label[];
  /** Shares instead of counts: of what is there ("true"), of what is predicted ("pred"), of "all". */
  readonly normalize?: "true" | "pred" | "all";
}

export interface ConfusionMatrix {
  readonly labels: readonly Label[];
  /** `matrix[i][j]`: how often class i is taken for class j; sums of weights, if there are any. */
  readonly matrix: readonly (readonly number[])[];
}

/**
 * C_ij = Σ wₙ [yₙ = i][ŷₙ = j]. With `normalize` a row, column or matrix without anything is 0.
 *
 * @throws ValueError  if none of `labels` occurs in `yTrue`
 * @source scikit-learn `confusion_matrix`
 */
export function confusionMatrix(
  yTrue: Targets,
  yPred: Targets,
  options: ConfusionMatrixOptions = {},
): ConfusionMatrix {
  const op = "confusionMatrix";
  const { normalize } = options;
  if (normalize !== undefined) requireOneOf(normalize, ["true", "pred", "all"], "normalize", op);
  const pair = requireClassPair(yTrue, yPred, options.sampleWeight, op);
  const { labels, matrix } = confusionOf(pair, options.labels, op);
  const sum = (list: readonly number[]): number => list.reduce((total, x) => total + x, 0);
  const all = sum(matrix.map(sum));
  const columns = labels.map((_, j) => sum(matrix.map((row) => row[j])));
  const whole = (row: readonly number[], j: number): number =>
    normalize === "true" ? sum(row) : normalize === "pred" ? columns[j] : all;
  if (normalize === undefined) return { labels, matrix };
  const shares = matrix.map((row) => row.map((x, j) => (x === 0 ? 0 : x / whole(row, j))));
  return { labels, matrix: shares };
}

/** The counts of a pair that has been read. */
export function confusionOf(
  pair: ClassPair,
  given: readonly Label[] | undefined,
  op: string,
): { readonly labels: readonly Label[]; readonly matrix: number[][] } {
  const { labels, placeOf } = chosenClasses(pair, given, op);
  const matrix = labels.map(() => new Array<number>(labels.length).fill(0));
  let found = given === undefined;
  for (let i = 0; i < pair.n; i++) {
    const [a, p] = [placeOf[pair.actual[i]], placeOf[pair.predicted[i]]];
    found ||= a >= 0;
    if (a >= 0 && p >= 0) matrix[a][p] += pair.weights?.[i] ?? 1;
  }
  if (!found) throw new ValueError(`${op}: none of the labels asked for is in yTrue`);
  return { labels, matrix };
}
