import { ValueError } from "../../base/errors.js";
import { weightsOf } from "../input/labels.js";
import { matrixOf, namesOf } from "../input/matrix.js";
import { columnName, holdsSparse } from "../input/names.js";
import { passesOf, type Stream } from "../input/stream.js";
import type { State } from "../saving/state.js";
import type { FitOptions, FittedTransformer, Labels, Matrix, Transformer } from "../types.js";
import {
  denseOnly,
  type KeepsFormat,
  type Like,
  likeOf,
  mapKeeping,
  matrixToFit,
  sameNames,
} from "./matrices.js";
import { deviationsOf, mergedMoments, type Moments, momentsOf } from "./moments.js";

export interface StandardScalerOptions {
  /** Take the mean away? Default true. */
  readonly mean?: boolean;
  /** Divide by the standard deviation? Default true. */
  readonly scale?: boolean;
}

export interface FittedStandardScaler extends FittedTransformer {
  /** [features] */
  readonly mean: Float64Array;
  /** [features] the standard deviation (dividing by n), 1 for a column that is constant. */
  readonly scale: Float64Array;
  readonly transform: KeepsFormat;
  readonly inverseTransform: KeepsFormat;
}

interface StandardScalerState extends State {
  readonly kind: "standardScaler";
  readonly names: readonly string[] | null;
  readonly centred: boolean;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

const noCentre = "use mean: false, or maxAbsScaler";

/** Learns from parts one after the other. */
export interface StandardScalerLearner {
  /** Learns from some rows. Nothing is learned from a part that is refused. */
  readonly learn: (x: Matrix, options?: FitOptions) => void;
  /** From all rows so far; one can go on learning. @throws ValueError  if there were none */
  readonly fitted: () => FittedStandardScaler;
}

export interface StandardScaler extends Transformer<FittedStandardScaler> {
  /** To learn from parts, as they come (scikit-learn's `partial_fit`). */
  readonly learner: () => StandardScalerLearner;
  /** Learns from a stream of parts, of which one is in memory at a time. */
  readonly fitStream: (parts: Stream<Matrix>) => Promise<FittedStandardScaler>;
}

/**
 * Columns of mean 0 and standard deviation 1: (x − mean) / scale. A missing value (NaN) is passed over
 * and stays missing; a constant column becomes 0. Sparse rows are taken with `mean: false`.
 *
 * @source scikit-learn `StandardScaler`
 */
export const standardScaler = (options: StandardScalerOptions = {}): StandardScaler => ({
  kind: "standardScaler",
  options: { ...options },
  async fit(x: Matrix, _y?: Labels, fitOptions?: FitOptions) {
    const learner = learnerOf(options, "standardScaler.fit");
    learner.learn(x, fitOptions);
    return learner.fitted();
  },
  learner: () => learnerOf(options, "standardScaler.learn"),
  async fitStream(parts) {
    const op = "standardScaler.fitStream";
    const learner = learnerOf(options, op);
    for await (const part of passesOf(parts, 1, op)()) learner.learn(part);
    return learner.fitted();
  },
});

function learnerOf(options: StandardScalerOptions, op: string): StandardScalerLearner {
  const { mean: centred = true, scale = true } = options;
  let moments: Moments | null = null;
  let like: Like | undefined;
  let firstRow = 0;
  return {
    learn(x, { sampleWeight } = {}) {
      if (centred) denseOnlyIf(x, op);
      const matrix = matrixToFit(x, op, { missing: true, like, firstRow });
      const weights = weightsOf(sampleWeight, matrix.rows, op);
      if (weights?.every((weight) => weight === 0))
        throw new ValueError(`${op}: all of sampleWeight is 0; there is nothing to learn from`);
      like ??= likeOf(matrix.columns, namesOf(x));
      moments = mergedMoments(moments, momentsOf(matrix, weights));
      firstRow += matrix.rows;
    },
    fitted() {
      if (moments === null || like === undefined)
        throw new ValueError(`${op}: there were no rows to learn from`);
      const { totals, variances } = moments;
      const tooLarge = variances.findIndex((v, k) => totals[k] > 0 && !Number.isFinite(v));
      if (tooLarge >= 0)
        throw new ValueError(
          `${op}: the squares of column "${columnName(like.featureNames, tooLarge)}" are beyond the largest ` +
            "number; divide it by a power of ten first, or use minMaxScaler",
        );
      return restoreStandardScaler({
        kind: "standardScaler",
        names: like.featureNames,
        centred,
        mean: centred ? moments.means : new Float64Array(like.features),
        scale: scale ? deviationsOf(moments) : new Float64Array(like.features).fill(1),
      });
    },
  };
}

function denseOnlyIf(x: Matrix, op: string): void {
  if (holdsSparse(x)) denseOnly(x, op, noCentre);
}

export function restoreStandardScaler(state: StandardScalerState): FittedStandardScaler {
  const { mean, scale, names, centred } = state;
  const like = likeOf(mean.length, names);
  const mapped = (op: string, f: (value: number, k: number) => number) =>
    ((x: Matrix) => {
      if (centred) denseOnlyIf(x, op);
      return mapKeeping(matrixOf(x, op, { missing: true, like }), f);
    }) as KeepsFormat;
  return {
    state,
    ...like,
    mean,
    scale,
    outputNames: sameNames(like),
    transform: mapped("standardScaler.transform", (value, k) => (value - mean[k]) / scale[k]),
    inverseTransform: mapped(
      "standardScaler.inverseTransform",
      (value, k) => value * scale[k] + mean[k],
    ),
  };
}
