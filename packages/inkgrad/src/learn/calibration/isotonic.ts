import { ValueError } from "../../base/errors.js";
import { pooled } from "./isotonic-regression.js";

/** A rising curve from score to probability, by its corners: straight in between, level beyond. */
export interface IsotonicCurve {
  /** Scores, ascending. */
  readonly scores: Float64Array;
  readonly probabilities: Float64Array;
}

/** Scores closer than this are one, as in scikit-learn (the resolution of f64). */
const resolution = 1e-15;

/**
 * The never falling curve through scores that is closest to the outcomes.
 *
 * @param outcomes  1 where it is so, else 0
 * @source scikit-learn `IsotonicRegression(out_of_bounds="clip")`; Zadrozny and Elkan, KDD 2002
 */
export function fitIsotonic(
  scores: Float64Array,
  outcomes: ArrayLike<number>,
  weights: Float64Array | null,
): IsotonicCurve {
  const order = Array.from(scores.keys()).filter((i) => weights === null || weights[i] > 0);
  if (order.length === 0) throw new ValueError("isotonic: no row has a weight");
  order.sort((a, b) => scores[a] - scores[b] || outcomes[a] - outcomes[b]);
  const [at, sums, totals]: number[][] = [[], [], []];
  for (const i of order) {
    const weight = weights === null ? 1 : weights[i];
    if (at.length === 0 || scores[i] - at[at.length - 1] >= resolution) {
      at.push(scores[i]);
      sums.push(0);
      totals.push(0);
    }
    sums[sums.length - 1] += weight * outcomes[i];
    totals[totals.length - 1] += weight;
  }
  const means = Float64Array.from(sums, (sum, k) => sum / totals[k]);
  const curve = pooled(means, Float64Array.from(totals));
  // Of a level stretch only its two ends are needed.
  const kept = [...curve.keys()].filter(
    (k) =>
      k === 0 || k === curve.length - 1 || curve[k] !== curve[k - 1] || curve[k] !== curve[k + 1],
  );
  return {
    scores: Float64Array.from(kept, (k) => at[k]),
    probabilities: Float64Array.from(kept, (k) => curve[k]),
  };
}

export function applyIsotonic(curve: IsotonicCurve, scores: Float64Array): Float64Array {
  const { scores: at, probabilities } = curve;
  const last = at.length - 1;
  return scores.map((score) => {
    if (score <= at[0]) return probabilities[0];
    if (score >= at[last]) return probabilities[last];
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (at[middle] < score) low = middle;
      else high = middle;
    }
    const slope = (probabilities[high] - probabilities[low]) / (at[high] - at[low]);
    return slope * (score - at[low]) + probabilities[low];
  });
}
