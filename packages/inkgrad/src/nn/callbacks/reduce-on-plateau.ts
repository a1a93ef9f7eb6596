import { ValueError } from "../../base/errors.js";
import type { Callback } from "./callback.js";
import { monitorOf, type MonitorOptions } from "./monitor.js";

export interface ReduceOnPlateauOptions extends Omit<MonitorOptions, "minDelta"> {
  /** What the rate is multiplied with (default 0.1). */
  readonly factor?: number;
  /** Epochs without a better figure that are waited for (default 10); the one after them reduces. */
  readonly patience?: number;
  /** A figure counts as better by more than this share of the best (default 1e-4). */
  readonly threshold?: number;
  /** Epochs after a reduction in which none is counted (default 0). */
  readonly cooldown?: number;
  /** The least that the schedule's rate is multiplied with (default 0). */
  readonly minScale?: number;
}

/**
 * Multiplies the learning rate, whatever schedule it has, when a figure no longer gets better.
 * PyTorch's ReduceLROnPlateau epoch for epoch, with its defaults; Keras's waits for `patience` epochs
 * where this one waits for one more, and asks for an absolute difference.
 *
 * @throws InkgradError  (after the first epoch) if there is no such figure
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): Callback {
  const { factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, minScale = 0 } = options;
  requireOptions({ factor, patience, cooldown, threshold, minScale });
  const monitor = monitorOf(options, "reduceOnPlateau");
  // A difference by share of |best|: figures may be negative.
  const better = (name: string, value: number, best: number | null): boolean =>
    monitor.isBetter(name, value, best, threshold * Math.abs(best ?? 0));
  const start = { best: null as number | null, bad: 0, resting: 0 };
  let now = start;
  return {
    name: "reduceOnPlateau",
    onTrainBegin(run) {
      if (run.epoch === 0) now = start;
    },
    onEpochEnd(figures, run) {
      const { name, value } = monitor.of(figures);
      let { best, bad, resting } = now;
      if (better(name, value, best)) [best, bad] = [value, 0];
      else bad++;
      if (resting > 0) [resting, bad] = [resting - 1, 0];
      if (bad > patience) {
        run.rateScale = Math.max(run.rateScale * factor, minScale);
        [resting, bad] = [cooldown, 0];
      }
      now = { best, bad, resting };
    },
    state: () => ({ ...now }),
    restore(state) {
      now = state as typeof now;
    },
  };
}

function requireOptions({
  factor,
  threshold,
  minScale,
  ...counts
}: {
  readonly factor: number;
  readonly patience: number;
  readonly cooldown: number;
  readonly threshold: number;
  readonly minScale: number;
}): void {
  const op = "reduceOnPlateau";
  if (!(factor > 0 && factor < 1))
    throw new ValueError(`${op}: factor must be between 0 and 1, got ${String(factor)}`);
  for (const [name, value] of Object.entries(counts))
    if (!(Number.isSafeInteger(value) && value >= 0))
      throw new ValueError(`${op}: ${name} must be a whole number ≥ 0, got ${String(value)}`);
  for (const [name, value] of Object.entries({ threshold, minScale }))
    if (!(value >= 0 && value < Infinity))
      throw new ValueError(`${op}: ${name} must be a number ≥ 0, got ${String(value)}`);
}
