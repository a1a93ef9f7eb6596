import { logistic } from "./odds.js";

/** How margins become probabilities. */
export type Form = "binary" | "multinomial" | "ovr";

/** [rows, classes] from margins [rows, outputs]. */
export function probabilitiesOf(z: Float64Array, rows: number, form: Form): Float64Array {
  if (form === "binary") {
    const out = new Float64Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      out[2 * i] = logistic(-z[i]);
      out[2 * i + 1] = logistic(z[i]);
    }
    return out;
  }
  const classes = rows === 0 ? 0 : z.length / rows;
  const out = new Float64Array(z.length);
  for (let at = 0; at < z.length; at += classes) {
    let most = -Infinity;
    for (let k = at; k < at + classes; k++) most = Math.max(most, z[k]);
    let sum = 0;
    for (let k = at; k < at + classes; k++)
      sum += out[k] = form === "ovr" ? logistic(z[k]) : Math.exp(z[k] - most);
    // One against the rest: if all say no by far, all probabilities have underflowed.
    for (let k = at; k < at + classes; k++) out[k] = sum === 0 ? 1 / classes : out[k] / sum;
  }
  return out;
}

/** The place of the largest margin in each row; for one margin, whether it is positive. */
export function winners(z: Float64Array, rows: number): Int32Array {
  const outputs = rows === 0 ? 0 : z.length / rows;
  const out = new Int32Array(rows);
  if (outputs === 1) {
    for (let i = 0; i < rows; i++) out[i] = z[i] > 0 ? 1 : 0;
    return out;
  }
  for (let i = 0; i < rows; i++) {
    let best = 0;
    for (let k = 1; k < outputs; k++) if (z[i * outputs + k] > z[i * outputs + best]) best = k;
    out[i] = best;
  }
  return out;
}
