import { ShapeError, ValueError } from "../../base/errors.js";
import {
  meanOf,
  readMatrix,
  readWeights,
  requireRows,
  type Scores,
  sumOf,
  type WeightOption,
} from "./read.js";

/** Errors of numbers. Of several outputs [n, k], a figure each, and their mean or what is asked for. */

export interface RegressionOptions<M extends MultiOutput = MultiOutput> extends WeightOption {
  /** Of several outputs: the mean ("uniformAverage", default), one each ("rawValues"), or a mean by these weights. */
  readonly multiOutput?: M;
}

export type MultiOutput = "uniformAverage" | "rawValues" | ArrayLike<number>;
type R2Output = MultiOutput | "varianceWeighted";
export type OutputFigure<M> = M extends "rawValues" ? number[] : number;

export interface R2Options<M extends R2Output = R2Output> extends WeightOption {
  /** As for the errors; "varianceWeighted": the mean by how much each output varies. */
  readonly multiOutput?: M;
  /** For outputs that do not vary: 1 if they are met, else 0 (default), instead of NaN and −∞. */
  readonly forceFinite?: boolean;
}

interface Outputs {
  readonly n: number;
  readonly columns: number;
  readonly y: (i: number, k: number) => number;
  readonly p: (i: number, k: number) => number;
  readonly weights: Float64Array | undefined;
}

function readOutputs(yTrue: Scores, yPred: Scores, { sampleWeight }: WeightOption, op: string) {
  const [y, p] = [readMatrix(yTrue, `${op}: yTrue`), readMatrix(yPred, `${op}: yPred`)];
  requireRows(y.rows, p.rows, ["yTrue", "yPred"], op);
  if (y.columns !== p.columns)
    throw new ShapeError(`${op}: yTrue has ${y.columns} columns, yPred ${p.columns}`);
  const { rows: n, columns } = y;
  const outputs: Outputs = {
    n,
    columns,
    y: (i, k) => y.data[i * columns + k],
    p: (i, k) => p.data[i * columns + k],
    weights: readWeights(sampleWeight, n, op),
  };
  return outputs;
}

function combined(
  figures: readonly number[],
  how: MultiOutput,
  op: string,
): number | readonly number[] {
  if (how === "rawValues") return figures;
  if (how === "uniformAverage") return meanOf(figures.length, (k) => figures[k]);
  if (typeof how !== "object")
    throw new ValueError(
      `${op}: multiOutput must be "uniformAverage", "rawValues" or weights of the outputs, got ${String(how)}`,
    );
  if (how.length !== figures.length)
    throw new ShapeError(`${op}: ${how.length} weights for ${figures.length} outputs`);
  return meanOf(figures.length, (k) => figures[k], readWeights(how, figures.length, op));
}

function meanError<M extends MultiOutput>(
  yTrue: Scores,
  yPred: Scores,
  options: RegressionOptions<M>,
  error: (y: number, p: number) => number,
  ofMean: (mean: number) => number,
  op: string,
): OutputFigure<M> {
  const { n, columns, y, p, weights } = readOutputs(yTrue, yPred, options, op);
  const figures = Array.from({ length: columns }, (_, k) =>
    ofMean(meanOf(n, (i) => error(y(i, k), p(i, k)), weights)),
  );
  return combined(figures, options.multiOutput ?? "uniformAverage", op) as OutputFigure<M>;
}

const square = (y: number, p: number): number => (y - p) ** 2;
const same = (x: number): number => x;

/** (1/n) Σ (yᵢ − ŷᵢ)². @source scikit-learn `mean_squared_error` */
export const meanSquaredError = <M extends MultiOutput = "uniformAverage">(
  yTrue: Scores,
  yPred: Scores,
  options: RegressionOptions<M> = {},
): OutputFigure<M> => meanError(yTrue, yPred, options, square, same, "meanSquaredError");

/** √((1/n) Σ (yᵢ − ŷᵢ)²), of each output. @source scikit-learn `mean_squared_error(squared=False)` */
export const rootMeanSquaredError = <M extends MultiOutput = "uniformAverage">(
  yTrue: Scores,
  yPred: Scores,
  options: RegressionOptions<M> = {},
): OutputFigure<M> => meanError(yTrue, yPred, options, square, Math.sqrt, "rootMeanSquaredError");

/** (1/n) Σ |yᵢ − ŷᵢ|. @source scikit-learn `mean_absolute_error` */
export const meanAbsoluteError = <M extends MultiOutput = "uniformAverage">(
  yTrue: Scores,
  yPred: Scores,
  options: RegressionOptions<M> = {},
): OutputFigure<M> =>
  meanError(yTrue, yPred, options, (y, p) => Math.abs(y - p), same, "meanAbsoluteError");

/**
 * The share of the variance that is explained: 1 − Σ (yᵢ − ŷᵢ)² / Σ (yᵢ − ȳ)². NaN for a single row.
 *
 * @param yTrue  [n] or [n, k]
 * @param yPred  the same
 * @source scikit-learn `r2_score`
 */
export function r2<M extends R2Output = "uniformAverage">(
  yTrue: Scores,
  yPred: Scores,
  options: R2Options<M> = {},
): OutputFigure<M> {
  const { n, columns, y, p, weights } = readOutputs(yTrue, yPred, options, "r2");
  if (n < 2) return NaN as OutputFigure<M>;
  const parts = Array.from({ length: columns }, (_, k) => {
    const mean = meanOf(n, (i) => y(i, k), weights);
    return {
      left: sumOf(n, (i) => square(y(i, k), p(i, k)), weights),
      whole: sumOf(n, (i) => square(y(i, k), mean), weights),
    };
  });
  const figures = parts.map(({ left, whole }) =>
    options.forceFinite === false || whole !== 0 ? 1 - left / whole : Number(left === 0),
  );
  const how: R2Output = options.multiOutput ?? "uniformAverage";
  const variances = parts.map(({ whole }) => whole);
  const constant = variances.every((whole) => whole === 0);
  const own = how !== "varianceWeighted" ? how : constant ? "uniformAverage" : variances;
  return combined(figures, own, "r2") as OutputFigure<M>;
}
