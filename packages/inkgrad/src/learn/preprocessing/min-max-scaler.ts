import { ValueError } from "../../base/errors.js";
import { namesOf } from "../input/matrix.js";
import type { State } from "../saving/state.js";
import type { FittedTransformer, Matrix, Transformer } from "../types.js";
import { denseOnly, likeOf, mapValues, requireSome, sameNames, type Tensor64 } from "./matrices.js";
import { unlessZero } from "./unless-zero.js";

export interface MinMaxScalerOptions {
  /** Where the least and the greatest value come to lie (default [0, 1]). */
  readonly range?: readonly [number, number];
  /** Keep values that were not there when fitting within the range? Default false. */
  readonly clip?: boolean;
}

export interface FittedMinMaxScaler extends FittedTransformer {
  /** [features] the least and the greatest value of each column. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  transform(x: Matrix): Tensor64;
  inverseTransform(x: Matrix): Tensor64;
}

interface MinMaxScalerState extends State {
  readonly kind: "minMaxScaler";
  readonly names: readonly string[] | null;
  readonly range: readonly [number, number];
  readonly clip: boolean;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

const noZeros = "use maxAbsScaler";

/**
 * Columns from 0 to 1, or over another range. A missing value (NaN) is passed over and stays missing; a
 * constant column becomes the lower end of the range.
 *
 * @source scikit-learn `MinMaxScaler`
 */
export const minMaxScaler = (
  options: MinMaxScalerOptions = {},
): Transformer<FittedMinMaxScaler> => ({
  kind: "minMaxScaler",
  options: { ...options },
  async fit(x: Matrix) {
    const op = "minMaxScaler.fit";
    const { range = [0, 1], clip = false } = options;
    if (!(Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1]))
      throw new ValueError(
        `${op}: range must be [low, high] with low < high, got [${range.join(", ")}]`,
      );
    const dense = denseOnly(x, op, noZeros, { missing: true });
    requireSome(dense, op);
    const { rows, columns, values } = dense;
    const [min, max] = [new Float64Array(columns), new Float64Array(columns)];
    min.fill(NaN);
    max.fill(NaN);
    for (let row = 0, at = 0; row < rows; row++)
      for (let k = 0; k < columns; k++, at++) {
        // Written so that NaN gives way to numbers, and never the other way about.
        if (!(min[k] <= values[at]) && !Number.isNaN(values[at])) min[k] = values[at];
        if (!(max[k] >= values[at]) && !Number.isNaN(values[at])) max[k] = values[at];
      }
    const state = { names: namesOf(x), range: [range[0], range[1]] as const, clip, min, max };
    return restoreMinMaxScaler({ kind: "minMaxScaler", ...state });
  },
});

export function restoreMinMaxScaler(state: MinMaxScalerState): FittedMinMaxScaler {
  const {
    min,
    max,
    names,
    clip,
    range: [low, high],
  } = state;
  const like = likeOf(min.length, names);
  const scale = min.map((least, k) => (high - low) / unlessZero(max[k] - least));
  const shift = min.map((least, k) => low - least * scale[k]);
  const clipped = (value: number) => Math.min(Math.max(value, low), high);
  const input = (x: Matrix, op: string) => denseOnly(x, op, noZeros, { missing: true, like });
  return {
    state,
    ...like,
    min,
    max,
    outputNames: sameNames(like),
    transform: (x) =>
      mapValues(input(x, "minMaxScaler.transform"), (value, k) => {
        const scaled = value * scale[k] + shift[k];
        return clip ? clipped(scaled) : scaled;
      }),
    inverseTransform: (x) =>
      mapValues(
        input(x, "minMaxScaler.inverseTransform"),
        (value, k) => (value - shift[k]) / scale[k],
      ),
  };
}
