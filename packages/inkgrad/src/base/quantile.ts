/**
 * The q-quantile of numbers in rising order, straight between neighbours: at position (count − 1) q. NaN of none.
 *
 * @param at  the number of a rank, 0 … count − 1
 * @source NumPy `quantile`, method "linear" (Hyndman and Fan's type 7)
 */
export function quantileBy(count: number, at: (rank: number) => number, q: number): number {
  if (count === 0) return NaN;
  const place = (count - 1) * q;
  const low = Math.min(Math.floor(place), count - 1);
  const [a, b] = [at(low), at(Math.min(low + 1, count - 1))];
  const t = place - low;
  // From the nearer end, so that t = 1 is b itself.
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

/** The same of a list. */
export const quantileOf = (sorted: Float64Array, q: number): number =>
  quantileBy(sorted.length, (rank) => sorted[rank], q);
