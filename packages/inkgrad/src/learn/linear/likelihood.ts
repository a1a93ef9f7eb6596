import { IndexError, ValueError } from "../../base/errors.js";
import type { Variables } from "../../nn/layer.js";
import { minimize, type MinimizeIteration } from "../../nn/optimizers/minimize.js";
import { tensorsOf, withTensors } from "../../nn/optimizers/trees.js";
import { compile } from "../../tensor/transforms/compile.js";
import { valueAndGrad } from "../../tensor/transforms/grad.js";
import { elementsOf } from "../../tensor/operand.js";
import type { Tensor } from "../../tensor/tensor.js";
import { labelList } from "../input/labels.js";
import type { FittedClassifier, Label, Labels, Matrix } from "../types.js";

/**
 * The log-likelihood Σ log P(yᵢ | xᵢ) of what was seen, under a fitted classifier: minus the number of rows times the
 * cross-entropy (`logLoss`).
 *
 * @returns −∞ if something was seen that has probability 0
 */
export function logLikelihood<L extends Label>(
  model: FittedClassifier<L>,
  x: Matrix,
  y: Labels<L>,
): number {
  const probabilities = model.predictProba(x);
  const [rows, classes] = probabilities.shape;
  const labels = labelList(y, rows, "logLikelihood");
  const p = elementsOf(probabilities.node) as Float64Array;
  const numbers = new Map(model.classes.map((label, k) => [label, k]));
  let sum = 0;
  labels.forEach((label, row) => {
    const k = numbers.get(label);
    if (k === undefined)
      throw new IndexError(
        `logLikelihood: the label of row ${row}, ${JSON.stringify(label)}, is none of the model's classes`,
      );
    sum += Math.log(p[row * classes + k]);
  });
  return sum;
}

/** Coin tosses: `successes` of `trials`, each with the same probability. */
export const bernoulli = {
  /** log of p^i (1 − p)^(N − i). */
  logLikelihood(p: number, successes: number, trials: number): number {
    requireCounts(successes, trials);
    if (!(p >= 0 && p <= 1))
      throw new ValueError(`bernoulli: p must be a probability, got ${String(p)}`);
    const failures = trials - successes;
    return (
      (successes === 0 ? 0 : successes * Math.log(p)) +
      (failures === 0 ? 0 : failures * Math.log1p(-p))
    );
  },
  /** The p under which what was seen is likeliest: i / N, where the derivative i/p − (N − i)/(1 − p) is 0. */
  estimate(successes: number, trials: number): number {
    requireCounts(successes, trials);
    return successes / trials;
  },
} as const;

function requireCounts(successes: number, trials: number): void {
  if (
    !(Number.isSafeInteger(trials) && trials >= 1) ||
    !(Number.isSafeInteger(successes) && successes >= 0 && successes <= trials)
  )
    throw new ValueError(
      `bernoulli: expected 0 ≤ successes ≤ trials, whole numbers, got ${String(successes)} of ${String(trials)}`,
    );
}

export interface AscentOptions {
  /** How far along the gradient a step goes (default 0.1). */
  readonly learningRate?: number;
  /** Default 100. */
  readonly iterations?: number;
}

export interface Ascent<T> {
  readonly x: T;
  readonly value: number;
  /** The value at the start and after each step. */
  readonly history: readonly number[];
}

/**
 * Up the gradient of a function, such as a log-likelihood, in plain steps: θ ← θ + r ∇f(θ).
 *
 * @param fn     takes the tree of parameters, returns a scalar tensor
 * @param start  a tensor, or tensors in objects and lists
 * @throws ValueError  if the value is no finite number any more: the steps are too long
 */
export function gradientAscent<T extends Variables>(
  fn: (x: T) => Tensor,
  start: T,
  { learningRate = 0.1, iterations = 100 }: AscentOptions = {},
): Ascent<T> {
  if (!(learningRate > 0 && learningRate < Infinity))
    throw new ValueError(
      `gradientAscent: learningRate must be a number > 0, got ${String(learningRate)}`,
    );
  const look = compile(valueAndGrad(fn as never, 0), { name: "gradientAscent" }) as unknown as (
    x: T,
  ) => [Tensor, T];
  const history: number[] = [];
  let x = start;
  for (let i = 0; ; i++) {
    const [value, gradient] = look(x);
    const now = value.item() as number;
    if (!Number.isFinite(now))
      throw new ValueError(
        `gradientAscent: the value is ${now} after ${i} steps; lower the learning rate, ${learningRate}`,
      );
    history.push(now);
    if (i >= iterations) return { x, value: now, history };
    const slopes = tensorsOf(gradient);
    x = withTensors(
      x,
      tensorsOf(x).map((p, k) => p.add(slopes[k].mul(learningRate) as never)),
    );
  }
}

/** The greatest likelihood nearby, by L-BFGS: `minimize` of minus the function. */
export function maximizeLikelihood<T extends Variables>(
  fn: (x: T) => Tensor,
  start: T,
): { readonly x: T; readonly value: number; readonly history: readonly MinimizeIteration[] } {
  const { x, value, history } = minimize((x: T) => fn(x).neg(), start);
  return { x, value: -value, history: history.map((one) => ({ ...one, value: -one.value })) };
}
