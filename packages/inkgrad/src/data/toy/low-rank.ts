import { exponential } from "./exact.js";

/**
 * A matrix [n, features] that varies mostly in `rank` directions: random orthonormal vectors on both sides of
 * singular values (1 − t) exp(−(i / rank)²) + t exp(−i / (10 rank)), t the strength of the tail.
 *
 * @source scikit-learn `make_low_rank_matrix`
 */
export function lowRank(
  n: number,
  features: number,
  rank: number,
  tail: number,
  normal: () => number,
): Float64Array {
  const count = Math.min(n, features);
  const [left, right] = [orthonormal(count, n, normal), orthonormal(count, features, normal)];
  const out = new Float64Array(n * features);
  for (let s = 0; s < count; s++) {
    const size =
      (1 - tail) * exponential(-((s / rank) ** 2)) + tail * exponential((-0.1 * s) / rank);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < features; k++) out[i * features + k] += size * left[s][i] * right[s][k];
  }
  return out;
}

/** Random vectors at right angles to each other, by Gram and Schmidt, twice for the rounding. */
function orthonormal(count: number, size: number, normal: () => number): Float64Array[] {
  const found: Float64Array[] = [];
  const dot = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += a[i] * b[i];
    return sum;
  };
  while (found.length < count) {
    const v = Float64Array.from({ length: size }, normal);
    for (let pass = 0; pass < 2; pass++)
      for (const u of found) {
        const along = dot(u, v);
        for (let i = 0; i < size; i++) v[i] -= along * u[i];
      }
    const length = Math.sqrt(dot(v, v));
    found.push(v.map((value) => value / length));
  }
  return found;
}
