/** P(positive) = 1 / (1 + exp(slope · score + intercept)); the slope is negative where scores are any good. */
export interface Sigmoid {
  readonly slope: number;
  readonly intercept: number;
}

const maxIterations = 200;

/**
 * Platt's sigmoid: maximum likelihood of slope and intercept for targets that are smoothed,
 * (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2), so that separable scores too have finite parameters. By Newton's
 * method with a line search.
 *
 * @param outcomes  1 where it is so, else 0
 * @source Platt, 1999; Lin, Lin and Weng, Machine Learning 68 (2007); scikit-learn `_SigmoidCalibration`
 */
export function fitSigmoid(
  scores: Float64Array,
  outcomes: ArrayLike<number>,
  weights: Float64Array | null,
): Sigmoid {
  let [positives, negatives] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const weight = weights === null ? 1 : weights[i];
    if (outcomes[i] > 0) positives += weight;
    else negatives += weight;
  }
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (negatives + 2)];
  // Far scores would make a step in the slope worthless; in units of their size they do not.
  const unit = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0) || 1;
  const lossAt = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < scores.length; i++) {
      const z = a * (scores[i] / unit) + b;
      const target = outcomes[i] > 0 ? high : low;
      const loss = target * z + Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      sum += (weights === null ? 1 : weights[i]) * loss;
    }
    return sum;
  };
  let [a, b] = [0, Math.log((negatives + 1) / (positives + 1))];
  let loss = lossAt(a, b);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i] / unit;
      const weight = weights === null ? 1 : weights[i];
      const p = expit(-(a * score + b));
      const rest = weight * ((outcomes[i] > 0 ? high : low) - p);
      const spread = weight * p * (1 - p);
      ga += rest * score;
      gb += rest;
      haa += spread * score * score;
      hab += spread * score;
      hbb += spread;
    }
    // Scores that are all the same leave the slope open: a little more curvature decides for 0.
    const ridge = 1e-12 * (haa + hbb) + Number.MIN_VALUE;
    const determinant = (haa + ridge) * (hbb + ridge) - hab * hab;
    const da = -((hbb + ridge) * ga - hab * gb) / determinant;
    const db = -((haa + ridge) * gb - hab * ga) / determinant;
    const descent = ga * da + gb * db;
    if (!Number.isFinite(descent)) break;
    let [step, next] = [1, lossAt(a + da, b + db)];
    // What rounding adds to the loss must not stop the last steps, which are the exact ones.
    const slack = 8 * Number.EPSILON * Math.abs(loss);
    while (next > loss + 1e-4 * step * descent + slack && step > 1e-10) {
      step /= 2;
      next = lossAt(a + step * da, b + step * db);
    }
    [a, b, loss] = [a + step * da, b + step * db, next];
    if (Math.abs(da) <= 1e-14 * (1 + Math.abs(a)) && Math.abs(db) <= 1e-14 * (1 + Math.abs(b)))
      break;
  }
  return { slope: a / unit, intercept: b };
}

export const applySigmoid = ({ slope, intercept }: Sigmoid, scores: Float64Array): Float64Array =>
  scores.map((score) => expit(-(slope * score + intercept)));

/** 1 / (1 + exp(−z)), without overflow. */
const expit = (z: number): number => {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
};
