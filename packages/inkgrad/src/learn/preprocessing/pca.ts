import { ShapeError, ValueError } from "../../base/errors.js";
import { svd } from "../../tensor/functions/linear-algebra.js";
import { elementsOf } from "../../tensor/operand.js";
import { denseOf, namesOf } from "../input/matrix.js";
import type { State } from "../saving/state.js";
import type { FittedTransformer, Matrix, Transformer } from "../types.js";
import { denseOnly, likeOf, requireSome, type Tensor64, tensor64 } from "./matrices.js";

export interface PcaOptions {
  /**
   * How many components stay: a whole number, or below 1 the share of the variance that they are to hold
   * (default: all, as many as rows or columns).
   */
  readonly components?: number;
  /** Give each component variance 1? Default false. */
  readonly whiten?: boolean;
}

export interface FittedPca extends FittedTransformer {
  /** [components, features] directions, of length 1 and at right angles, by falling variance. */
  readonly components: Tensor64;
  /** [features] */
  readonly mean: Float64Array;
  /** [components] variances (dividing by n − 1), and their shares of the whole. */
  readonly explainedVariance: Float64Array;
  readonly explainedVarianceRatio: Float64Array;
  readonly singularValues: Float64Array;
  /** The mean variance of the components left out. */
  readonly noiseVariance: number;
  transform(x: Matrix): Tensor64;
  inverseTransform(x: Matrix): Tensor64;
}

interface PcaState extends State {
  readonly kind: "pca";
  readonly names: readonly string[] | null;
  readonly whiten: boolean;
  readonly mean: Float64Array;
  readonly components: Float64Array;
  readonly explainedVariance: Float64Array;
  readonly explainedVarianceRatio: Float64Array;
  readonly singularValues: Float64Array;
  readonly noiseVariance: number;
}

const noSparse = "make it dense first if it is small";

/**
 * Principal components: the directions in which centred data vary most, from a singular value
 * decomposition. Signs are such that in each column of U the element of largest magnitude is positive,
 * as in scikit-learn 1.2. It takes time in the order of rows · columns · min(rows, columns).
 *
 * @source scikit-learn `PCA` (svd_solver "full")
 */
export const pca = (options: PcaOptions = {}): Transformer<FittedPca> => ({
  kind: "pca",
  options: { ...options },
  async fit(x: Matrix) {
    const op = "pca.fit";
    const { whiten = false } = options;
    const dense = denseOnly(x, op, noSparse);
    requireSome(dense, op);
    const { rows, columns, values } = dense;
    if (rows < 2) throw new ValueError(`${op}: one row has no variance; give two at least`);
    const all = Math.min(rows, columns);
    const wanted = options.components ?? all;
    if (!(wanted > 0) || (wanted >= 1 && !(Number.isInteger(wanted) && wanted <= all)))
      throw new ValueError(
        `${op}: components must be a whole number from 1 to ${all} (the least of rows and columns) or a ` +
          `share of the variance below 1, got ${wanted}`,
      );
    const mean = new Float64Array(columns);
    for (let i = 0, at = 0; i < rows; i++)
      for (let k = 0; k < columns; k++, at++) mean[k] += values[at] / rows;
    const centred = Float64Array.from(values, (value, i) => value - mean[i % columns]);
    const [, s, vt] = svd(tensor64(centred, rows, columns));
    const singular = elementsOf(s.node) as Float64Array;
    const variances = singular.map((value) => value ** 2 / (rows - 1));
    const whole = variances.reduce((sum, value) => sum + value, 0);
    // Without any variance no direction has a share of it.
    const ratios = variances.map((value) => (whole > 0 ? value / whole : 0));
    const count = wanted >= 1 ? wanted : enough(ratios, wanted);
    const rest = variances.slice(count);
    return restorePca({
      kind: "pca",
      names: namesOf(x),
      whiten,
      mean,
      components: (elementsOf(vt.node) as Float64Array).slice(0, count * columns),
      explainedVariance: variances.slice(0, count),
      explainedVarianceRatio: ratios.slice(0, count),
      singularValues: singular.slice(0, count),
      noiseVariance: rest.reduce((sum, value) => sum + value, 0) / Math.max(1, rest.length),
    });
  },
});

/** How many it takes until they hold more than this share. */
function enough(ratios: Float64Array, share: number): number {
  let sum = 0;
  for (let k = 0; k < ratios.length; k++) {
    sum += ratios[k];
    if (sum > share) return k + 1;
  }
  return ratios.length;
}

export function restorePca(state: PcaState): FittedPca {
  const { names, mean, whiten, explainedVariance } = state;
  const [features, count] = [mean.length, explainedVariance.length];
  const like = likeOf(features, names);
  const components = tensor64(state.components, count, features);
  // A direction without variance cannot be given any.
  const least = explainedVariance[0] * Number.EPSILON;
  const scale = explainedVariance.map((value) => (whiten && value > least ? Math.sqrt(value) : 1));
  return {
    state,
    ...like,
    components,
    mean,
    explainedVariance,
    explainedVarianceRatio: state.explainedVarianceRatio,
    singularValues: state.singularValues,
    noiseVariance: state.noiseVariance,
    outputNames: Array.from({ length: count }, (_, k) => `pca${k}`),
    transform: (x) => {
      const { rows, values } = denseOnly(x, "pca.transform", noSparse, { like });
      const centred = Float64Array.from(values, (value, i) => value - mean[i % features]);
      const out = tensor64(centred, rows, features).matmul(components.transpose());
      return whiten ? out.div(tensor64(scale, 1, count)) : out;
    },
    inverseTransform: (x) => {
      const op = "pca.inverseTransform";
      const { rows, columns, values } = denseOf(x, op);
      if (columns !== count)
        throw new ShapeError(`${op}: there are ${count} components, and X has ${columns} columns`);
      const scaled = Float64Array.from(values, (value, i) => value * scale[i % count]);
      return tensor64(scaled, rows, count)
        .matmul(components)
        .add(tensor64(mean, 1, features));
    },
  };
}
