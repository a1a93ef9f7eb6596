/** As scikit-learn's KMeans ends: after so many rounds, or when centres move by less than this share. */
const mostRounds = 300;
const tolerance = 1e-4;

/**
 * Lloyd's algorithm on a line, from the middles of even bins; the borders lie half way between centres.
 *
 * @param edges  of the even bins, ascending
 * @source scikit-learn `KMeans`, as `KBinsDiscretizer` calls it
 */
export function kMeansLine(values: Float64Array, edges: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = values.map((value) => value - mean).sort();
  const variance = x.reduce((sum, value) => sum + value * value, 0) / x.length;
  let centers = edges.slice(1).map((edge, i) => (edge + edges[i]) / 2 - mean);
  let borders: readonly number[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const cuts = cutsOf(x, centers);
    const next = centersOf(x, centers, cuts);
    const moved = next.reduce((sum, center, i) => sum + (center - centers[i]) ** 2, 0);
    const same = cuts.every((cut, i) => cut === borders[i]);
    [centers, borders] = [next, cuts];
    if (same || moved <= tolerance * variance) break;
  }
  const sorted = [...centers].sort((a, b) => a - b);
  return sorted.slice(1).map((center, i) => (center + sorted[i]) / 2 + mean);
}

/** Where in the sorted values each cluster ends, for centres in ascending order. */
function cutsOf(x: Float64Array, centers: readonly number[]): number[] {
  let at = 0;
  return centers.map((center, i) => {
    if (i === centers.length - 1) return x.length;
    // Of two centres as near the first has it.
    const border = (center + centers[i + 1]) / 2;
    while (at < x.length && x[at] <= border) at++;
    return at;
  });
}

/** The mean of each cluster; one without values goes to the value that is farthest from its centre. */
function centersOf(x: Float64Array, centers: readonly number[], cuts: readonly number[]): number[] {
  const owner = new Int32Array(x.length);
  const [sums, counts] = [centers.map(() => 0), centers.map(() => 0)];
  cuts.forEach((cut, c) => {
    for (let i = c === 0 ? 0 : cuts[c - 1]; i < cut; i++) {
      owner[i] = c;
      sums[c] += x[i];
      counts[c]++;
    }
  });
  const empty = centers.map((_, c) => c).filter((c) => counts[c] === 0);
  if (empty.length > 0) {
    // At first the least and the greatest value are as far from their centres, and rounding must not say
    // which is farther: the greatest is.
    const distance = x.map((value, i) => Math.fround(Math.abs(value - centers[owner[i]])));
    const far = Array.from(x, (_, i) => i).sort((a, b) => distance[b] - distance[a] || b - a);
    empty.forEach((c, n) => {
      const i = far[n];
      sums[owner[i]] -= x[i];
      counts[owner[i]]--;
      [sums[c], counts[c]] = [x[i], 1];
    });
  }
  const next = sums.map((sum, c) => (counts[c] > 0 ? sum / counts[c] : centers[c]));
  return empty.length > 0 ? next.sort((a, b) => a - b) : next;
}
