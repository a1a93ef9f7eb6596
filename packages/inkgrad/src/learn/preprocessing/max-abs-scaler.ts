import { matrixOf, namesOf } from "../input/matrix.js";
import type { State } from "../saving/state.js";
import type { FittedTransformer, Matrix, Transformer } from "../types.js";
import { type KeepsFormat, likeOf, mapKeeping, matrixToFit, sameNames } from "./matrices.js";
import { unlessZero } from "./unless-zero.js";

export interface FittedMaxAbsScaler extends FittedTransformer {
  /** [features] the greatest absolute value of each column, 1 where all are 0. */
  readonly scale: Float64Array;
  readonly transform: KeepsFormat;
  readonly inverseTransform: KeepsFormat;
}

interface MaxAbsScalerState extends State {
  readonly kind: "maxAbsScaler";
  readonly names: readonly string[] | null;
  readonly scale: Float64Array;
}

/**
 * Columns within −1 and 1: each divided by its greatest absolute value. Zeros stay zeros, so sparse rows
 * stay sparse; a missing value (NaN) is passed over and stays missing.
 *
 * @source scikit-learn `MaxAbsScaler`
 */
export const maxAbsScaler = (_options: object = {}): Transformer<FittedMaxAbsScaler> => ({
  kind: "maxAbsScaler",
  options: {},
  async fit(x: Matrix) {
    const matrix = matrixToFit(x, "maxAbsScaler.fit", { missing: true });
    const most = new Float64Array(matrix.columns);
    // A column of which nothing is there has no greatest value; sparse rows always have zeros there.
    if (matrix.format === "dense") most.fill(NaN);
    const { values } = matrix;
    for (let i = 0; i < values.length; i++) {
      const k = matrix.format === "dense" ? i % matrix.columns : matrix.indices[i];
      const size = Math.abs(values[i]);
      if (!(most[k] >= size) && !Number.isNaN(size)) most[k] = size;
    }
    return restoreMaxAbsScaler({
      kind: "maxAbsScaler",
      names: namesOf(x),
      scale: most.map(unlessZero),
    });
  },
});

export function restoreMaxAbsScaler(state: MaxAbsScalerState): FittedMaxAbsScaler {
  const { scale, names } = state;
  const like = likeOf(scale.length, names);
  const mapped = (op: string, f: (value: number, k: number) => number) =>
    ((x: Matrix) =>
      mapKeeping(matrixOf(x, `maxAbsScaler.${op}`, { missing: true, like }), f)) as KeepsFormat;
  return {
    state,
    ...like,
    scale,
    outputNames: sameNames(like),
    transform: mapped("transform", (value, k) => value / scale[k]),
    inverseTransform: mapped("inverseTransform", (value, k) => value * scale[k]),
  };
}
