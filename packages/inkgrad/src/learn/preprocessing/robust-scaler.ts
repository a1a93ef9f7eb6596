import { ValueError } from "../../base/errors.js";
import { matrixOf, namesOf } from "../input/matrix.js";
import { holdsSparse } from "../input/names.js";
import type { State } from "../saving/state.js";
import { normalQuantile } from "../../base/normal-quantile.js";
import type { FittedTransformer, Matrix, Transformer } from "../types.js";
import {
  denseOnly,
  type KeepsFormat,
  likeOf,
  mapKeeping,
  matrixToFit,
  sameNames,
} from "./matrices.js";
import { median, quantile, sortedColumns } from "./sorted-columns.js";
import { unlessZero } from "./unless-zero.js";

export interface RobustScalerOptions {
  /** Take the median away? Default true. */
  readonly center?: boolean;
  /** Divide by the range between two quantiles? Default true. */
  readonly scale?: boolean;
  /** The two quantiles in percent (default [25, 75]). */
  readonly quantileRange?: readonly [number, number];
  /** Scale such that normal data come out with variance 1? Default false. */
  readonly unitVariance?: boolean;
}

export interface FittedRobustScaler extends FittedTransformer {
  /** [features] medians, 0 without `center`. */
  readonly center: Float64Array;
  /** [features] ranges between the quantiles, 1 where that is 0 and without `scale`. */
  readonly scale: Float64Array;
  readonly transform: KeepsFormat;
  readonly inverseTransform: KeepsFormat;
}

interface RobustScalerState extends State {
  readonly kind: "robustScaler";
  readonly names: readonly string[] | null;
  readonly centred: boolean;
  readonly center: Float64Array;
  readonly scale: Float64Array;
}

/**
 * Columns less their median, divided by the range between their quartiles: a few wild values move
 * neither. A missing value (NaN) is passed over and stays missing. Sparse rows are taken with
 * `center: false`.
 *
 * @source scikit-learn `RobustScaler`
 */
export const robustScaler = (
  options: RobustScalerOptions = {},
): Transformer<FittedRobustScaler> => ({
  kind: "robustScaler",
  options: { ...options },
  async fit(x: Matrix) {
    const op = "robustScaler.fit";
    const { center: centred = true, scale = true, unitVariance = false } = options;
    const [low, high] = options.quantileRange ?? [25, 75];
    if (!(low >= 0 && low < high && high <= 100))
      throw new ValueError(
        `${op}: quantileRange must be [low, high] in percent, 0 ≤ low < high ≤ 100, got [${low}, ${high}]`,
      );
    if (unitVariance && (low === 0 || high === 100))
      throw new ValueError(`${op}: unitVariance needs quantiles above 0 and below 100 percent`);
    refuseSparse(x, centred, op);
    const matrix = matrixToFit(x, op, { missing: true });
    const columns = sortedColumns(matrix);
    const centers = new Float64Array(matrix.columns);
    const scales = new Float64Array(matrix.columns).fill(1);
    const adjust = unitVariance ? normalQuantile(high / 100) - normalQuantile(low / 100) : 1;
    for (let k = 0; k < matrix.columns; k++) {
      const column = columns(k);
      if (centred) centers[k] = median(column);
      if (scale)
        scales[k] = unlessZero(quantile(column, high / 100) - quantile(column, low / 100)) / adjust;
    }
    return restoreRobustScaler({
      kind: "robustScaler",
      names: namesOf(x),
      centred,
      center: centers,
      scale: scales,
    });
  },
});

function refuseSparse(x: Matrix, centred: boolean, op: string): void {
  if (centred && holdsSparse(x)) denseOnly(x, op, "use center: false, or maxAbsScaler");
}

export function restoreRobustScaler(state: RobustScalerState): FittedRobustScaler {
  const { center, scale, names, centred } = state;
  const like = likeOf(scale.length, names);
  const mapped = (op: string, f: (value: number, k: number) => number) =>
    ((x: Matrix) => {
      refuseSparse(x, centred, op);
      return mapKeeping(matrixOf(x, op, { missing: true, like }), f);
    }) as KeepsFormat;
  return {
    state,
    ...like,
    center,
    scale,
    outputNames: sameNames(like),
    transform: mapped("robustScaler.transform", (value, k) => (value - center[k]) / scale[k]),
    inverseTransform: mapped(
      "robustScaler.inverseTransform",
      (value, k) => value * scale[k] + center[k],
    ),
  };
}
