import { ValueError } from "../../base/errors.js";
import { encoded, targetsOf } from "../input/labels.js";
import { type Dense, namesOf } from "../input/matrix.js";
import type { SparseRows } from "../input/sparse-rows.js";
import type { Labels, Matrix, Targets, Transformer } from "../types.js";
import {
  type FittedSelection,
  type KeptState,
  keptWhere,
  requireKept,
  restoreSelection,
} from "./kept-columns.js";
import { matrixToFit } from "./matrices.js";
import { mutualInformation, type MutualInformationOptions } from "./mutual-information.js";
import { quantile, sorted } from "./sorted-columns.js";
import { chiSquared, fOfClasses, fOfLine, type Scores } from "./univariate.js";

/** By what columns are judged: the F test between classes or of a line, χ², mutual information. */
export type UnivariateScore = "fClassification" | "fRegression" | "chi2" | "mutualInformation";

interface UnivariateOptions extends MutualInformationOptions {
  /** Default "fClassification". */
  readonly score?: UnivariateScore;
}

export interface SelectKBestOptions extends UnivariateOptions {
  /** How many columns stay (default 10; all if there are fewer). */
  readonly k?: number;
}

export interface SelectPercentileOptions extends UnivariateOptions {
  /** How many columns stay, in percent of all (default 10). */
  readonly percentile?: number;
}

export interface FittedUnivariateSelection extends FittedSelection {
  /** [features] NaN for columns that cannot be judged, which come last. */
  readonly scores: Float64Array;
  /** [features], or null for mutual information. */
  readonly pValues: Float64Array | null;
}

interface UnivariateState extends KeptState {
  readonly scores: Float64Array;
  readonly pValues: Float64Array | null;
}

/**
 * The k columns that say most about y, each by itself.
 *
 * @source scikit-learn `SelectKBest`
 */
export const selectKBest = (
  options: SelectKBestOptions = {},
): Transformer<FittedUnivariateSelection> => ({
  kind: "selectKBest",
  options: { ...options },
  async fit(x: Matrix, y?: Labels) {
    const op = "selectKBest.fit";
    const { k = 10 } = options;
    if (!(Number.isInteger(k) && k >= 1))
      throw new ValueError(`${op}: k must be a whole number ≥ 1, got ${k}`);
    const scored = scoresOf(x, y, options, op);
    const judged = scored.scores.map((score) => (Number.isNaN(score) ? -Infinity : score));
    const rising = Array.from(judged, (_, i) => i).sort((a, b) => judged[a] - judged[b] || a - b);
    const kept = Int32Array.from(rising.slice(-k)).sort();
    return restoreUnivariate({ kind: "selectKBest", ...scored, kept });
  },
});

/**
 * The share of columns that says most about y, each by itself.
 *
 * @source scikit-learn `SelectPercentile`
 */
export const selectPercentile = (
  options: SelectPercentileOptions = {},
): Transformer<FittedUnivariateSelection> => ({
  kind: "selectPercentile",
  options: { ...options },
  async fit(x: Matrix, y?: Labels) {
    const op = "selectPercentile.fit";
    const { percentile = 10 } = options;
    if (!(percentile > 0 && percentile <= 100))
      throw new ValueError(`${op}: percentile must be above 0 and at most 100, got ${percentile}`);
    const scored = scoresOf(x, y, options, op);
    const least = -Number.MAX_VALUE;
    const judged = scored.scores.map((score) => (Number.isNaN(score) ? least : score));
    const threshold =
      percentile === 100 ? -Infinity : quantile(sorted(judged.slice(), 0), 1 - percentile / 100);
    const above = keptWhere(judged, (k) => judged[k] > threshold);
    const room = Math.floor((judged.length * percentile) / 100) - above.length;
    const ties = keptWhere(judged, (k) => judged[k] === threshold).slice(0, Math.max(0, room));
    const kept = Int32Array.from([...above, ...ties]).sort();
    requireKept(kept, op, "raise percentile");
    return restoreUnivariate({ kind: "selectPercentile", ...scored, kept });
  },
});

function scoresOf(x: Matrix, y: Labels | undefined, options: UnivariateOptions, op: string) {
  const { score = "fClassification" } = options;
  const matrix = matrixToFit(x, op);
  if (y === undefined)
    throw new ValueError(`${op}: columns are judged by what they say about y; give y`);
  const { scores, pValues } = judge(matrix, x, y, { ...options, score }, op);
  return { names: namesOf(x), features: matrix.columns, scores, pValues };
}

function judge(
  matrix: Dense | SparseRows,
  x: Matrix,
  y: Labels,
  { score, ...options }: UnivariateOptions,
  op: string,
): Scores {
  if (score === "fRegression") return fOfLine(matrix, targetsOf(y as Targets, matrix.rows, op));
  const labels = encoded(y, matrix.rows, op);
  if (labels.classes.length < 2)
    throw new ValueError(`${op}: y holds one class only; nothing can be told apart`);
  if (score === "fClassification") return fOfClasses(matrix, labels);
  if (score === "chi2") return chiSquared(matrix, labels, x, op);
  if (score === "mutualInformation") return mutualInformation(matrix, labels, options);
  throw new ValueError(
    `${op}: score must be "fClassification", "fRegression", "chi2" or "mutualInformation", got ${String(score)}`,
  );
}

export const restoreUnivariate = (state: UnivariateState): FittedUnivariateSelection => ({
  ...restoreSelection(state),
  scores: state.scores,
  pValues: state.pValues,
});
