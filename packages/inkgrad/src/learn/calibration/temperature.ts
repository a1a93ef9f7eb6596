/** log(1/T) stays within ±10, as in scikit-learn: where all is told apart, T would go to 0. */
const widest = 10;

/**
 * The temperature T by which logits are divided before the softmax so that the log loss is least. The loss
 * is convex in 1/T: a root of its slope is sought, by Newton's method kept within a bracket.
 *
 * @param logits   [rows, classes] row by row
 * @param numbers  [rows] class numbers
 * @source Guo et al., On calibration of modern neural networks, ICML 2017
 */
export function fitTemperature(
  logits: Float64Array,
  classes: number,
  numbers: ArrayLike<number>,
  weights: Float64Array | null,
): number {
  const p = new Float64Array(classes);
  /** First and second derivative of the loss by β = 1/T. */
  const slopes = (beta: number): [number, number] => {
    let [first, second] = [0, 0];
    for (let row = 0; row < numbers.length; row++) {
      const weight = weights === null ? 1 : weights[row];
      softmaxInto(p, logits, row * classes, beta);
      let [mean, square] = [0, 0];
      for (let k = 0; k < classes; k++) mean += p[k] * logits[row * classes + k];
      for (let k = 0; k < classes; k++) square += p[k] * (logits[row * classes + k] - mean) ** 2;
      first += weight * (mean - logits[row * classes + numbers[row]]);
      second += weight * square;
    }
    return [first, second];
  };
  let [low, high] = [-widest, widest];
  if (slopes(Math.exp(low))[0] >= 0) return Math.exp(widest);
  if (slopes(Math.exp(high))[0] <= 0) return Math.exp(-widest);
  let at = 0;
  for (let iteration = 0; iteration < 200; iteration++) {
    const beta = Math.exp(at);
    const [first, second] = slopes(beta);
    if (first > 0) high = at;
    else low = at;
    const step = -first / (second * beta);
    const next = at + step;
    const inside = next > low && next < high;
    const moved = inside ? step : (low + high) / 2 - at;
    at += moved;
    if (first === 0 || Math.abs(moved) <= 1e-15 * (1 + Math.abs(at))) break;
  }
  return Math.exp(-at);
}

/** [rows, classes] */
export function applyTemperature(
  temperature: number,
  logits: Float64Array,
  classes: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at += classes)
    softmaxInto(out.subarray(at, at + classes), logits, at, 1 / temperature);
  return out;
}

function softmaxInto(out: Float64Array, logits: Float64Array, at: number, scale: number): void {
  const classes = out.length;
  let most = -Infinity;
  for (let k = 0; k < classes; k++) most = Math.max(most, logits[at + k]);
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    out[k] = Math.exp((logits[at + k] - most) * scale);
    sum += out[k];
  }
  for (let k = 0; k < classes; k++) out[k] /= sum;
}
