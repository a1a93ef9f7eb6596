import { ShapeError, ValueError } from "../../base/errors.js";
import { isTensor } from "../../tensor/tensor.js";
import { targetsOf, weightsOf } from "../input/labels.js";
import type { Targets } from "../types.js";

export interface IsotonicRegressionOptions {
  /** How much each number counts, > 0 (default: all the same). */
  readonly sampleWeight?: Targets;
  /** Never falling (true, the default), or never rising? */
  readonly increasing?: boolean;
  /** No value lies below. */
  readonly min?: number;
  /** No value lies above. */
  readonly max?: number;
}

/**
 * The numbers closest to `y` of all that never fall: they minimise Σ wᵢ (ŷᵢ − yᵢ)², found by pooling
 * adjacent violators.
 *
 * @param y  [n] in the order in which they are to rise
 * @returns  [n]
 * @throws ValueError  for numbers that are not finite, or weights that are not > 0
 * @source scikit-learn `isotonic_regression`; Barlow et al., Statistical Inference under Order Restrictions, 1972
 */
export function isotonicRegression(
  y: Targets,
  options: IsotonicRegressionOptions = {},
): Float64Array {
  const op = "isotonicRegression";
  const { increasing = true, min = -Infinity, max = Infinity } = options;
  if (!(min <= max))
    throw new ValueError(`${op}: min must not be above max, got ${min} and ${max}`);
  const n = lengthOf(y, op);
  const values = targetsOf(y, n, op);
  const weights = weightsOf(options.sampleWeight, n, op);
  const nothing = weights?.findIndex((weight) => weight === 0) ?? -1;
  if (nothing >= 0)
    throw new ValueError(`${op}: sampleWeight of number ${nothing} is 0; leave the number out`);
  if (!increasing) {
    values.reverse();
    weights?.reverse();
  }
  const fitted = pooled(values, weights).map((value) => Math.min(max, Math.max(min, value)));
  return increasing ? fitted : fitted.reverse();
}

export function lengthOf(y: Targets, op: string): number {
  if (!isTensor(y)) return (y as { length?: number } | null)?.length ?? 0;
  if (y.rank === 1) return y.shape[0];
  throw new ShapeError(`${op}: expected one number for each row, [n], got rank ${y.rank}`);
}

/** Blocks are merged with the one before as long as that one is higher; each ends as its mean. */
export function pooled(values: Float64Array, weights: Float64Array | null): Float64Array {
  const n = values.length;
  const [sums, totals, ends] = [new Float64Array(n), new Float64Array(n), new Int32Array(n)];
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    let total = weights === null ? 1 : weights[i];
    let sum = total * values[i];
    // Means are compared, equal ones pooled too.
    while (blocks > 0 && sums[blocks - 1] / totals[blocks - 1] >= sum / total) {
      blocks--;
      sum += sums[blocks];
      total += totals[blocks];
    }
    [sums[blocks], totals[blocks], ends[blocks]] = [sum, total, i + 1];
    blocks++;
  }
  const out = new Float64Array(n);
  for (let block = 0, from = 0; block < blocks; from = ends[block++])
    out.fill(sums[block] / totals[block], from, ends[block]);
  return out;
}
