import { ValueError } from "../../base/errors.js";
import { requireRate, requireSteps, type Schedule, schedule } from "./schedule.js";

/** Schedules that go down. Where they have `steps`, these are those of the whole run by default. */

/** The same rate all the time. */
export function constant(rate: number): Schedule {
  requireRate(rate, "constant");
  return schedule("constant", { rate }, () => rate);
}

export interface StepOptions {
  /** Multiplies the rate after each so many steps. */
  readonly every?: number;
  /** Or: after these numbers of steps. */
  readonly at?: readonly number[];
  /** What it is multiplied with (default 0.1). */
  readonly factor?: number;
}

/**
 * rate · factor^⌊step / every⌋, or the factor once for each number of steps in `at` that have been done.
 *
 * @source PyTorch `StepLR` and `MultiStepLR`
 */
export function step(rate: number, { every, at, factor = 0.1 }: StepOptions): Schedule {
  requireRate(rate, "step");
  requireRate(factor, "step", "factor");
  if ((every === undefined) === (at === undefined))
    throw new ValueError("step: give either `every` (a number of steps) or `at` (a list of them)");
  requireSteps(every, "step", "every");
  const times =
    every === undefined
      ? (now: number) => at!.filter((passed) => now >= passed).length
      : (now: number) => Math.floor(now / every);
  return schedule("step", { rate, every, at, factor }, (now) => rate * factor ** times(now));
}

/** rate / (1 + decay · step / steps): 1/t decay, where steps is 1 unless given. Keras's InverseTimeDecay. */
export function timeBased(
  rate: number,
  { decay, steps = 1 }: { readonly decay: number; readonly steps?: number },
): Schedule {
  requireRate(rate, "timeBased");
  requireRate(decay, "timeBased", "decay");
  requireSteps(steps, "timeBased");
  return schedule("timeBased", { rate, decay, steps }, (now) => rate / (1 + (decay * now) / steps));
}

/**
 * rate · factor^(step / steps): by the end of the run it has come to rate · factor (default 0.01). With
 * `steps: 1`, PyTorch's ExponentialLR.
 */
export function exponential(
  rate: number,
  { factor = 0.01, steps }: { readonly factor?: number; readonly steps?: number } = {},
): Schedule {
  requireRate(rate, "exponential");
  requireRate(factor, "exponential", "factor");
  requireSteps(steps, "exponential");
  return schedule(
    "exponential",
    { rate, factor, steps },
    (now, total) => rate * factor ** (now / (steps ?? total)),
  );
}

export interface EndOptions {
  /** What it comes to (default 0), and stays at. */
  readonly end?: number;
  /** In so many steps (default: all of the run). */
  readonly steps?: number;
}

/** (rate − end)(1 − step / steps)^power + end; power 1 (default) is a straight line. */
export function polynomial(
  rate: number,
  { end = 0, power = 1, steps }: EndOptions & { readonly power?: number } = {},
): Schedule {
  requireRate(rate, "polynomial");
  requireRate(end, "polynomial", "end");
  requireRate(power, "polynomial", "power");
  requireSteps(steps, "polynomial");
  return schedule(
    "polynomial",
    { rate, end, power, steps },
    (now, total) => (rate - end) * (1 - passed(now, steps ?? total)) ** power + end,
  );
}

/**
 * end + ½(rate − end)(1 + cos(π step / steps)).
 *
 * @source Loshchilov & Hutter, arXiv:1608.03983; PyTorch `CosineAnnealingLR`, which goes up again
 *   after `steps`
 */
export function cosine(rate: number, { end = 0, steps }: EndOptions = {}): Schedule {
  requireRate(rate, "cosine");
  requireRate(end, "cosine", "end");
  requireSteps(steps, "cosine");
  return schedule("cosine", { rate, end, steps }, (now, total) =>
    between(rate, end, passed(now, steps ?? total)),
  );
}

/** The share of the way that is behind, at most 1; NaN of a way whose length nobody knows. */
export const passed = (now: number, steps: number): number =>
  steps <= 0 ? 1 : Math.min(now / steps, 1);

/** Half a wave of the cosine from one number to another. */
export const between = (from: number, to: number, share: number): number =>
  to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
