/**
 * The area under the ROC curve: Σ over the ones of the weight of zeros below, half of those at the same
 * score, as a share of all pairs. NaN if there are no ones, no zeros, or a score is NaN.
 *
 * @param isOne    of row i
 * @param weights  [n], all the same if left out
 */
export function rocArea(
  scores: ArrayLike<number>,
  isOne: (i: number) => boolean,
  weights: ArrayLike<number> | undefined,
): number {
  const order = Array.from({ length: scores.length }, (_, i) => i);
  if (order.some((i) => Number.isNaN(scores[i]))) return NaN;
  order.sort((a, b) => scores[a] - scores[b]);
  let below = 0;
  let ones = 0;
  let area = 0;
  for (let from = 0; from < order.length;) {
    let [zerosHere, onesHere] = [0, 0];
    let to = from;
    for (; to < order.length && scores[order[to]] === scores[order[from]]; to++) {
      const weight = weights?.[order[to]] ?? 1;
      if (isOne(order[to])) onesHere += weight;
      else zerosHere += weight;
    }
    area += onesHere * (below + zerosHere / 2);
    below += zerosHere;
    ones += onesHere;
    from = to;
  }
  return area / (below * ones);
}
