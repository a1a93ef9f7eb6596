import type { Dataset } from "../../data/dataset.js";
import { lengthOf } from "../../data/dataset.js";
import type { Tensor } from "../../tensor/tensor.js";

/** How well a model reads examples, and where it fails. */

export interface ClassFigures {
  readonly name: string;
  /** Examples of the class. */
  readonly count: number;
  /** Of those that were called so, the share that are. */
  readonly precision: number;
  /** Of those that are, the share that were called so. */
  readonly recall: number;
  readonly f1: number;
}

export interface Mistake {
  /** Its number among the examples. */
  readonly row: number;
  readonly truth: number;
  readonly said: number;
  /** Probability of what was said, and of the truth. */
  readonly confidence: number;
  readonly truthProbability: number;
}

export interface Judgement {
  readonly examples: number;
  readonly accuracy: number;
  readonly loss: number;
  /** [truth][said] counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly ClassFigures[];
  /** All of them, the most confident first. */
  readonly mistakes: readonly Mistake[];
}

/** Probabilities of logits [n, classes], row by row. */
export function probabilitiesOf(logits: ArrayLike<number>, classes: number): Float64Array {
  const out = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    let greatest = -Infinity;
    for (let c = 0; c < classes; c++) greatest = Math.max(greatest, logits[from + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += out[from + c] = Math.exp(logits[from + c] - greatest);
    for (let c = 0; c < classes; c++) out[from + c] /= sum;
  }
  return out;
}

/** The predictions [n, classes] (logits) of a model, compared with what is true. */
export async function judge(
  predictions: Tensor,
  data: Dataset,
  classes: readonly string[],
): Promise<Judgement> {
  const n = lengthOf(data);
  const k = classes.length;
  const logits = (await predictions.data()) as unknown as ArrayLike<number>;
  const truths = (await data.y.data()) as unknown as ArrayLike<number>;
  const probabilities = probabilitiesOf(logits, k);
  const confusion = classes.map(() => new Array<number>(k).fill(0));
  const mistakes: Mistake[] = [];
  let loss = 0;
  for (let row = 0; row < n; row++) {
    const own = probabilities.subarray(row * k, (row + 1) * k);
    const truth = truths[row];
    const said = own.indexOf(Math.max(...own));
    confusion[truth][said]++;
    loss -= logProbability(logits, row * k, k, truth);
    if (said !== truth)
      mistakes.push({ row, truth, said, confidence: own[said], truthProbability: own[truth] });
  }
  mistakes.sort((a, b) => a.truthProbability - b.truthProbability || a.row - b.row);
  return {
    examples: n,
    accuracy: (n - mistakes.length) / n,
    loss: loss / n,
    confusion,
    classes: classes.map((name, c) => figuresOf(name, c, confusion)),
    mistakes,
  };
}

/** Of the class `c`, from logits: finite where a probability would be 0. */
function logProbability(logits: ArrayLike<number>, from: number, k: number, c: number): number {
  let greatest = -Infinity;
  for (let i = 0; i < k; i++) greatest = Math.max(greatest, logits[from + i]);
  let sum = 0;
  for (let i = 0; i < k; i++) sum += Math.exp(logits[from + i] - greatest);
  return logits[from + c] - greatest - Math.log(sum);
}

function figuresOf(
  name: string,
  c: number,
  confusion: readonly (readonly number[])[],
): ClassFigures {
  const right = confusion[c][c];
  const count = confusion[c].reduce((sum, x) => sum + x, 0);
  const said = confusion.reduce((sum, row) => sum + row[c], 0);
  const share = (whole: number): number => (whole === 0 ? NaN : right / whole);
  const [precision, recall] = [share(said), share(count)];
  return { name, count, precision, recall, f1: (2 * right) / (count + said) };
}
