import { ValueError } from "../../base/errors.js";
import { tensorOf } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import { denseOf, namesOf } from "../input/matrix.js";
import { weightsOf } from "../input/labels.js";
import { columnNames } from "../input/names.js";
import type { State } from "../saving/state.js";
import type { FitOptions, FittedTransformer, Labels, Matrix, Transformer } from "../types.js";

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
  transform(x: Matrix): Tensor<[number, number], "f64">;
  inverseTransform(x: Matrix): Tensor<[number, number], "f64">;
}

interface StandardScalerState extends State {
  readonly kind: "standardScaler";
  readonly names: readonly string[] | null;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/**
 * Columns of mean 0 and standard deviation 1: (x − mean) / scale. A missing value (NaN) is passed over
 * and stays missing; a constant column becomes 0.
 *
 * @source scikit-learn `StandardScaler`
 */
export const standardScaler = (
  options: StandardScalerOptions = {},
): Transformer<FittedStandardScaler> => ({
  kind: "standardScaler",
  options: { ...options },
  async fit(x: Matrix, _y?: Labels, { sampleWeight }: FitOptions = {}) {
    const op = "standardScaler.fit";
    const { mean: centre = true, scale = true } = options;
    const { rows, columns, values } = denseOf(x, op, { missing: true });
    if (rows === 0) throw new ValueError(`${op}: there are no rows to learn from`);
    const weights = weightsOf(sampleWeight, rows, op);
    const [means, deviations] = [new Float64Array(columns), new Float64Array(columns)];
    for (let k = 0; k < columns; k++) {
      const { mean, variance } = momentsOf(values, k, columns, weights);
      means[k] = centre ? mean : 0;
      // Of a constant column rounding may leave a little, which must not be blown up.
      const rounding = rows * Number.EPSILON;
      const constant = variance <= rounding * variance + (rounding * mean) ** 2;
      deviations[k] = scale && !constant ? Math.sqrt(variance) : 1;
    }
    const names = namesOf(x);
    return restoreStandardScaler({ kind: "standardScaler", names, mean: means, scale: deviations });
  },
});

export function restoreStandardScaler(state: StandardScalerState): FittedStandardScaler {
  const { mean, scale, names } = state;
  const like = { features: mean.length, featureNames: names };
  const mapped = (x: Matrix, op: string, f: (value: number, k: number) => number) => {
    const { rows, columns, values } = denseOf(x, `standardScaler.${op}`, { missing: true, like });
    const out = new Float64Array(values.length);
    for (let i = 0, at = 0; i < rows; i++)
      for (let k = 0; k < columns; k++, at++) out[at] = f(values[at], k);
    return tensorOf(out, [rows, columns], "f64") as Tensor<[number, number], "f64">;
  };
  return {
    state,
    ...like,
    mean,
    scale,
    outputNames: columnNames(names, mean.length),
    transform: (x) => mapped(x, "transform", (value, k) => (value - mean[k]) / scale[k]),
    inverseTransform: (x) =>
      mapped(x, "inverseTransform", (value, k) => value * scale[k] + mean[k]),
  };
}

/** In two passes, which loses no digits where the mean is large. */
function momentsOf(
  values: Float64Array | Float32Array,
  column: number,
  columns: number,
  weights: Float64Array | null,
): { mean: number; variance: number } {
  let [total, sum] = [0, 0];
  for (let i = column, row = 0; i < values.length; i += columns, row++) {
    if (Number.isNaN(values[i])) continue;
    const weight = weights === null ? 1 : weights[row];
    total += weight;
    sum += weight * values[i];
  }
  const mean = sum / total;
  let [squares, rest] = [0, 0];
  for (let i = column, row = 0; i < values.length; i += columns, row++) {
    if (Number.isNaN(values[i])) continue;
    const weight = weights === null ? 1 : weights[row];
    squares += weight * (values[i] - mean) ** 2;
    rest += weight * (values[i] - mean);
  }
  return { mean, variance: (squares - (rest * rest) / total) / total };
}
