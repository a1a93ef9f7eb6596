import { InkgradError, ShapeError, ValueError } from "../../base/errors.js";
import { normalBelow, normalQuantile } from "../../base/normal-quantile.js";
import { quantileOf } from "../../base/quantile.js";
import { commonLength, pickRows, type Labels, type Rows } from "../../data/split.js";
import { elementsOf } from "../../tensor/operand.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import { uniform } from "../../tensor/random/uniform.js";
import { readLabels, requireOneOf } from "./read.js";

export interface BootstrapOptions {
  /** Which rows are drawn. */
  readonly key: Key;
  /** How likely the interval is to hold the true figure, in (0, 1) (default 0.95). */
  readonly confidence?: number;
  /** How many resamples (default 1000). */
  readonly resamples?: number;
  /**
   * "percentile" (default): between quantiles of the resamples' figures. "bca": quantiles corrected for bias and
   * skewness, which needs the figure once more for every row left out.
   */
  readonly method?: "percentile" | "bca";
  /** Does every class keep its number of rows? True: the classes are the first array; labels: these. */
  readonly stratified?: boolean | Labels;
}

export interface BootstrapInterval {
  /** The figure of the rows as they are. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  readonly method: "percentile" | "bca";
  /** The standard deviation of the resamples' figures. */
  readonly standardError: number;
  /** The figures of the resamples that have one, in rising order. */
  readonly figures: Float64Array;
  /** How many resamples have none, as the area under the ROC curve of one class has none. They are left out. */
  readonly undefinedCount: number;
}

/**
 * A confidence interval for any figure, by drawing as many rows with replacement again and again.
 *
 * The percentile interval is that between the quantiles α/2 and 1 − α/2 of the figures θ*; the corrected one
 * that between Φ(z₀ + (z₀ + z_q) / (1 − a (z₀ + z_q))) for q of these two, with z₀ = Φ⁻¹(share of θ* below the
 * estimate, half of those equal) and a = Σ dᵢ³ / (6 (Σ dᵢ²)^{3/2}), dᵢ how far the figure without row i lies below
 * the mean of those.
 *
 * A resample has no figure if the metric gives NaN or an infinity, or throws a ValueError; of other errors it dies.
 *
 * @param metric  of the arrays, as `rocAuc` or `(y, p) => f1(y, p, { average: "macro" })`
 * @param arrays  of as many rows each; one of them may be weights
 * @throws ValueError  if the figure is undefined for the rows as they are, or for every resample
 * @throws ShapeError  if the arrays have different numbers of rows
 * @source Efron, "Better bootstrap confidence intervals", JASA 82 (1987)
 */
export function bootstrap<const T extends readonly Rows[]>(
  metric: (...arrays: { -readonly [K in keyof T]: T[K] }) => number,
  arrays: T,
  options: BootstrapOptions,
): BootstrapInterval {
  const { key, confidence = 0.95, resamples = 1000, method = "percentile" } = options;
  if (!(confidence > 0 && confidence < 1))
    throw new ValueError(`bootstrap: confidence must lie in (0, 1), got ${confidence}`);
  if (!Number.isSafeInteger(resamples) || resamples < 2)
    throw new ValueError(`bootstrap: resamples must be a whole number ≥ 2, got ${resamples}`);
  requireOneOf(method, ["percentile", "bca"], "method", "bootstrap");
  const n = commonLength(arrays, "bootstrap");
  if (n === 0) throw new ValueError("bootstrap: there are no rows to draw from");
  const of = metric as unknown as (...arrays: readonly Rows[]) => number;
  const estimate = of(...arrays);
  if (!Number.isFinite(estimate))
    throw new ValueError(`bootstrap: the figure of the rows as they are is ${estimate}`);
  const figureOf = (rows: Int32Array): number | undefined =>
    figureOrNone(() => of(...arrays.map((array) => pickRows(array, rows))));
  const drawn = drawings(strata(arrays, n, options.stratified), key, resamples, figureOf);
  const figures = Float64Array.from(drawn.filter((figure) => figure !== undefined)).sort();
  if (figures.length === 0)
    throw new ValueError(
      "bootstrap: the figure is undefined for every resample; with stratified: true each class keeps its rows",
    );
  const tail = (1 - confidence) / 2;
  const [low, high] =
    method === "bca"
      ? corrected(figures, estimate, tail, jackknife(n, figureOf))
      : [tail, 1 - tail];
  return {
    estimate,
    low: quantileOf(figures, low),
    high: quantileOf(figures, high),
    confidence,
    method,
    standardError: deviation(figures),
    figures,
    undefinedCount: resamples - figures.length,
  };
}

function figureOrNone(figure: () => number): number | undefined {
  try {
    const value = figure();
    if (typeof value !== "number")
      throw new InkgradError("bootstrap: the metric must give one number; choose an average");
    return Number.isFinite(value) ? value : undefined;
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/** The rows of the stratum that each row is drawn from. */
function strata(
  arrays: readonly Rows[],
  n: number,
  stratified: boolean | Labels | undefined,
): readonly Int32Array[] {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  if (stratified === undefined || stratified === false) return new Array<Int32Array>(n).fill(all);
  const given = stratified === true ? (arrays[0] as Labels) : stratified;
  const labels = readLabels(given, "bootstrap: the labels to stratify by");
  if (labels.length !== n)
    throw new ShapeError(`bootstrap: ${labels.length} labels to stratify by, and ${n} rows`);
  const rows = new Map<unknown, number[]>(labels.map((label) => [label, []]));
  labels.forEach((label, row) => rows.get(label)!.push(row));
  const own = new Map(Array.from(rows, ([label, list]) => [label, Int32Array.from(list)]));
  return labels.map((label) => own.get(label)!);
}

/** About so many numbers are drawn at once. */
const drawnAtOnce = 2 ** 18;

function drawings(
  from: readonly Int32Array[],
  key: Key,
  resamples: number,
  figureOf: (rows: Int32Array) => number | undefined,
): (number | undefined)[] {
  const n = from.length;
  const block = Math.max(1, Math.floor(drawnAtOnce / n));
  const figures: (number | undefined)[] = [];
  const rows = new Int32Array(n);
  for (let b = 0; b < resamples; b += block) {
    const count = Math.min(block, resamples - b);
    const own = uniform(foldIn(key, b / block), [count, n], { dtype: "f64" });
    const u = elementsOf(own.node);
    for (let r = 0; r < count; r++) {
      for (let i = 0; i < n; i++) rows[i] = from[i][Math.floor(u[r * n + i] * from[i].length)];
      figures.push(figureOf(rows));
    }
  }
  return figures;
}

function jackknife(n: number, figureOf: (rows: Int32Array) => number | undefined): number[] {
  const figures: number[] = [];
  const rows = Int32Array.from({ length: n - 1 }, (_, i) => i + 1);
  for (let left = 0; left < n; left++) {
    const figure = n > 1 ? figureOf(rows) : undefined;
    if (figure !== undefined) figures.push(figure);
    rows[left] = left;
  }
  return figures;
}

/** The shares of the figures between which the corrected interval lies. */
function corrected(
  figures: Float64Array,
  estimate: number,
  tail: number,
  without: readonly number[],
): readonly [number, number] {
  const { length } = figures;
  let below = 0;
  for (const figure of figures) below += figure < estimate ? 1 : figure === estimate ? 0.5 : 0;
  // If all lie on one side, as if one more lay in between.
  const bias = normalQuantile(Math.min(Math.max(below, 0.5), length - 0.5) / length);
  const mean = without.reduce((sum, x) => sum + x, 0) / without.length;
  let [squares, cubes] = [0, 0];
  for (const x of without) {
    squares += (mean - x) ** 2;
    cubes += (mean - x) ** 3;
  }
  const acceleration = squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
  const share = (q: number): number => {
    const z = bias + normalQuantile(q);
    return normalBelow(bias + z / (1 - acceleration * z));
  };
  return [share(tail), share(1 - tail)];
}

function deviation(figures: Float64Array): number {
  const mean = figures.reduce((sum, x) => sum + x, 0) / figures.length;
  const squares = figures.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return figures.length > 1 ? Math.sqrt(squares / (figures.length - 1)) : 0;
}
