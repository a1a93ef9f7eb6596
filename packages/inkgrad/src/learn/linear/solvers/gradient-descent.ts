import { ValueError } from "../../../base/errors.js";
import { orderOf } from "../../../data/order.js";
import { type OptimizerName, optimizerOf } from "../../../nn/optimizers/named.js";
import type { LearningRate, Optimizer } from "../../../nn/optimizers/optimizer.js";
import { asSchedule } from "../../../nn/schedules/schedule.js";
import { foldIn, key } from "../../../tensor/random/key.js";
import type { Objective, Parts } from "../objective.js";
import { runOf } from "./run.js";
import type { Solution, SolverOptions } from "./solver.js";
import { stepOf } from "./step.js";

/** How gradient descent goes about it. */
export interface DescentSettings {
  /**
   * The rule of a step (default "nesterov"): "sgd" is plain descent; "momentum", "nesterov", "adagrad", "rmsprop",
   * "adam" and all others of `nn`, by name or made with `optimizers`.
   */
  readonly optimizer?: OptimizerName | Optimizer;
  /** A number or a schedule over all steps (default 0.1; 0.01 for rules that scale each step). */
  readonly learningRate?: LearningRate;
  /** Rows of a step: "all" (default) is batch descent, 1 stochastic. */
  readonly batchSize?: number | "all";
  /** This share of the rows is held out, and the descent ends when their loss gets no better (default 0: none). */
  readonly validationFraction?: number;
  /** Epochs without a better validation loss (default 5). */
  readonly patience?: number;
}

const scaling = ["adagrad", "rmsprop", "adam", "adamW", "adamw", "nadam"];

/**
 * Down the gradient of all rows, or of a few at a time. An iteration is a pass over the rows (an epoch). With
 * early stopping the best parameters seen are returned.
 */
export function gradientDescent(
  objective: Objective,
  start: Float64Array,
  options: SolverOptions,
  settings: DescentSettings = {},
): Solution {
  const { optimizer = "nesterov", batchSize = "all" } = settings;
  const { validationFraction = 0, patience = 5 } = settings;
  const parts = objective.parts!;
  const { train, held, size } = rowsOf(parts, batchSize, validationFraction, options.seed);
  const rate = rateOf(settings);
  const perEpoch = Math.ceil(train.length / size);
  const step = walker(typeof optimizer === "string" ? optimizerOf(optimizer) : optimizer, start);
  const run = runOf(objective, options);
  const random = key(options.seed);
  const wholeBatch = size === parts.count;

  let x: Float64Array = start.slice();
  let place = run.look(x);
  let best = { loss: Infinity, place, epoch: 0 };
  for (let epoch = 0; ; epoch++) {
    const ended = run.record(place);
    if (held.length > 0) {
      const loss = meanLoss(parts, x, held);
      if (loss < best.loss) best = { loss, place, epoch };
      else if (epoch - best.epoch >= patience)
        return run.end(
          best.place,
          true,
          `the loss of held-out rows was least after ${best.epoch} iterations`,
        );
    }
    if (ended !== null) return held.length > 0 ? { ...ended, x: best.place.x } : ended;
    if (wholeBatch) {
      x = step(x, place.gradient, rate(epoch, options.maxIterations));
    } else {
      const order = orderOf(foldIn(random, epoch), train.length);
      for (let at = 0, i = 0; at < train.length; at += size, i++) {
        const rows = order.subarray(at, at + size).map((j) => train[j]);
        const now = rate(epoch * perEpoch + i, options.maxIterations * perEpoch);
        x = step(x, gradientOf(parts, x, rows), now);
      }
    }
    place = run.look(x);
  }
}

/** The gradient of the mean over some rows. */
function gradientOf(parts: Parts, x: Float64Array, rows: Int32Array): Float64Array {
  const gradient = new Float64Array(x.length);
  const r = new Float64Array(parts.outputs);
  for (const row of rows) {
    parts.residual(x, row, r, 0);
    parts.spread(row, r, 0, 1 / rows.length, gradient);
  }
  for (let i = 0; i < x.length; i++) gradient[i] += parts.l2[i] * x[i];
  return gradient;
}

function meanLoss(parts: Parts, x: Float64Array, rows: Int32Array): number {
  const r = new Float64Array(parts.outputs);
  let sum = 0;
  for (const row of rows) sum += parts.residual(x, row, r, 0);
  return sum / rows.length;
}

/** Goes on from step to step. */
function walker(optimizer: Optimizer, start: Float64Array) {
  const { init, step } = stepOf(optimizer);
  let state = init(start);
  return (x: Float64Array, gradient: Float64Array, rate: number): Float64Array => {
    const next = step(state, x, gradient, rate);
    ({ state } = next);
    return next.x;
  };
}

export function rateOf({ optimizer = "nesterov", learningRate }: DescentSettings) {
  if (learningRate !== undefined) return asSchedule(learningRate);
  if (typeof optimizer !== "string") return asSchedule(optimizer.learningRate);
  return asSchedule(scaling.includes(optimizer) ? 0.01 : 0.1);
}

/** Rows to learn from and rows held out, and how many make a step. */
function rowsOf(
  { count }: Parts,
  batchSize: number | "all",
  validationFraction: number,
  seed: number,
): { train: Int32Array; held: Int32Array; size: number } {
  if (!(validationFraction >= 0 && validationFraction < 1))
    throw new ValueError(
      `gradientDescent: validationFraction must be from 0 to below 1, got ${String(validationFraction)}`,
    );
  if (batchSize !== "all" && !(Number.isSafeInteger(batchSize) && batchSize >= 1))
    throw new ValueError(
      `gradientDescent: batchSize must be a whole number ≥ 1 or "all", got ${String(batchSize)}`,
    );
  const held = validationFraction === 0 ? 0 : Math.max(1, Math.round(validationFraction * count));
  if (held >= count)
    throw new ValueError(`gradientDescent: of ${count} rows none are left to learn from`);
  const order = orderOf(held === 0 ? undefined : foldIn(key(seed), 0xfffe), count);
  const train = order.slice(held);
  return {
    train,
    held: order.slice(0, held),
    size: batchSize === "all" ? train.length : Math.min(batchSize, train.length),
  };
}
