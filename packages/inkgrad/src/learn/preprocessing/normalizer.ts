import { ValueError } from "../../base/errors.js";
import { type Dense, matrixOf, namesOf } from "../input/matrix.js";
import type { SparseRows } from "../input/sparse-rows.js";
import type { State } from "../saving/state.js";
import type { FittedTransformer, Matrix, Transformer } from "../types.js";
import { type KeepsFormat, likeOf, matrixToFit, sameNames, tensor64 } from "./matrices.js";

/** How long a row is: the sum of absolute values, the root of the sum of squares, the greatest. */
export type Norm = "l1" | "l2" | "max";

export interface NormalizerOptions {
  /** Which norm becomes 1 (default "l2"). */
  readonly norm?: Norm;
}

export interface FittedNormalizer extends FittedTransformer {
  readonly transform: KeepsFormat;
}

interface NormalizerState extends State {
  readonly kind: "normalizer";
  readonly names: readonly string[] | null;
  readonly features: number;
  readonly norm: Norm;
}

/**
 * Rows (not columns) of norm 1; a row of zeros stays one. Sparse rows stay sparse.
 *
 * @source scikit-learn `Normalizer`
 */
export const normalizer = (options: NormalizerOptions = {}): Transformer<FittedNormalizer> => ({
  kind: "normalizer",
  options: { ...options },
  async fit(x: Matrix) {
    const { norm = "l2" } = options;
    if (!["l1", "l2", "max"].includes(norm))
      throw new ValueError(`normalizer.fit: norm must be "l1", "l2" or "max", got ${String(norm)}`);
    const { columns } = matrixToFit(x, "normalizer.fit");
    return restoreNormalizer({ kind: "normalizer", names: namesOf(x), features: columns, norm });
  },
});

export function restoreNormalizer(state: NormalizerState): FittedNormalizer {
  const like = likeOf(state.features, state.names);
  const transform = (x: Matrix) => {
    const matrix = matrixOf(x, "normalizer.transform", { like });
    const values = Float64Array.from(matrix.values);
    normalizeRows(matrix, values, state.norm);
    return matrix.format === "dense"
      ? tensor64(values, matrix.rows, matrix.columns)
      : { ...matrix, values };
  };
  return { state, ...like, outputNames: sameNames(like), transform: transform as KeepsFormat };
}

/** Divides the values of each row by its norm, in place. */
export function normalizeRows(
  matrix: Pick<Dense, "format" | "rows" | "columns"> | SparseRows,
  values: Float64Array,
  norm: Norm,
): void {
  for (let row = 0; row < matrix.rows; row++) {
    const [from, to] =
      matrix.format === "dense"
        ? [row * matrix.columns, (row + 1) * matrix.columns]
        : [matrix.starts[row], matrix.starts[row + 1]];
    const length = lengthOf(values, from, to, norm);
    if (length > 0) for (let i = from; i < to; i++) values[i] /= length;
  }
}

function lengthOf(values: Float64Array, from: number, to: number, norm: Norm): number {
  let [sum, most] = [0, 0];
  for (let i = from; i < to; i++) {
    const size = Math.abs(values[i]);
    sum += norm === "l2" ? size * size : size;
    if (size > most) most = size;
  }
  if (norm === "max") return most;
  if (norm === "l1") return sum;
  // Squares of very large and very small numbers are not numbers any more: then scaled first.
  if (sum > 1e-200 && sum < Infinity) return Math.sqrt(sum);
  if (most === 0) return 0;
  let scaled = 0;
  for (let i = from; i < to; i++) scaled += (values[i] / most) ** 2;
  return most * Math.sqrt(scaled);
}
