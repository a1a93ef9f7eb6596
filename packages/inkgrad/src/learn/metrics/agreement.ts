import type { Label } from "../../data/transforms/label-encoder.js";
import { confusionOf } from "./confusion-matrix.js";
import { requireOneOf, type Targets, type WeightOption } from "./read.js";
import { requireClassPair } from "./targets.js";

/** Sums of a confusion matrix by row and by column, and of all. */
function margins(matrix: readonly (readonly number[])[]) {
  const rows = matrix.map((row) => row.reduce((sum, x) => sum + x, 0));
  const columns = matrix.map((_, j) => matrix.reduce((sum, row) => sum + row[j], 0));
  return { rows, columns, all: rows.reduce((sum, x) => sum + x, 0) };
}

/**
 * Matthews's correlation of two or more classes, from the confusion matrix C with t_k rows of class k and
 * p_k predictions of it, c right of s: (c·s − Σ t_k p_k) / √((s² − Σ p_k²)(s² − Σ t_k²)). 0 if either side
 * is of one class only.
 *
 * @source scikit-learn `matthews_corrcoef`; Gorodkin, Comput. Biol. Chem. 28 (2004)
 */
export function matthews(yTrue: Targets, yPred: Targets, options: WeightOption = {}): number {
  const op = "matthews";
  const pair = requireClassPair(yTrue, yPred, options.sampleWeight, op);
  const { matrix } = confusionOf(pair, undefined, op);
  const { rows, columns, all } = margins(matrix);
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, x, k) => sum + x * b[k], 0);
  const right = matrix.reduce((sum, row, k) => sum + row[k], 0);
  const covariance = right * all - dot(rows, columns);
  const spreads = (all * all - dot(columns, columns)) * (all * all - dot(rows, rows));
  return spreads === 0 ? 0 : covariance / Math.sqrt(spreads);
}

export interface KappaOptions extends WeightOption {
  /** Which classes, in which order: with `weights` the order says how far they lie apart. */
  readonly labels?: readonly Label[];
  /** What a mistake costs: 1 (default), |i − j| ("linear") or (i − j)² ("quadratic"). */
  readonly weights?: "linear" | "quadratic";
}

/**
 * Cohen's kappa, the agreement beyond chance: 1 − Σ w_ij C_ij / Σ w_ij E_ij with E_ij = t_i p_j / s, what
 * chance would give. NaN if both sides are of the same single class.
 *
 * @source scikit-learn `cohen_kappa_score`
 */
export function kappa(yTrue: Targets, yPred: Targets, options: KappaOptions = {}): number {
  const op = "kappa";
  const { weights, labels } = options;
  if (weights !== undefined) requireOneOf(weights, ["linear", "quadratic"], "weights", op);
  const pair = requireClassPair(yTrue, yPred, options.sampleWeight, op);
  const { matrix } = confusionOf(pair, labels, op);
  const { rows, columns, all } = margins(matrix);
  const cost = (i: number, j: number): number =>
    weights === "linear"
      ? Math.abs(i - j)
      : weights === "quadratic"
        ? (i - j) ** 2
        : Number(i !== j);
  let [observed, expected] = [0, 0];
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < rows.length; j++) {
      observed += cost(i, j) * matrix[i][j];
      expected += (cost(i, j) * rows[i] * columns[j]) / all;
    }
  return 1 - observed / expected;
}
