import { InkgradError, ValueError } from "../../base/errors.js";
import type { EpochFigures } from "../training/history.js";
import type { Callback } from "./callback.js";

export interface ReduceOnPlateauOptions {
  /**
   * The figure looked at (default "loss"): of the validation examples where there are any, else of the
   * training examples.
   */
  readonly monitor?: string;
  /** Is a smaller or a greater figure the better one? (default "min") */
  readonly mode?: "min" | "max";
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
  const { monitor = "loss", mode = "min", factor = 0.1, patience = 10 } = options;
  const { threshold = 1e-4, cooldown = 0, minScale = 0 } = options;
  requireOptions({ mode, factor, patience, cooldown, threshold, minScale });
  const sign = mode === "min" ? 1 : -1;
  // A difference by share of |best|: figures may be negative.
  const better = (value: number, than: number | null): boolean =>
    than === null || sign * (than - value) > threshold * Math.abs(than);
  const start = { best: null as number | null, bad: 0, resting: 0 };
  let now = start;
  return {
    name: "reduceOnPlateau",
    onTrainBegin(run) {
      if (run.epoch === 0) now = start;
    },
    onEpochEnd(figures, run) {
      const value = figureOf(figures, monitor);
      let { best, bad, resting } = now;
      if (better(value, best)) [best, bad] = [value, 0];
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

function figureOf({ train, validation }: EpochFigures, monitor: string): number {
  const figures = validation ?? train;
  const value: number | undefined = Object.hasOwn(figures, monitor) ? figures[monitor] : undefined;
  if (value !== undefined) return value;
  throw new InkgradError(
    `reduceOnPlateau: there is no figure "${monitor}"; there are ${Object.keys(figures).join(", ")}`,
  );
}

function requireOptions({
  mode,
  factor,
  threshold,
  minScale,
  ...counts
}: {
  readonly mode: string;
  readonly factor: number;
  readonly patience: number;
  readonly cooldown: number;
  readonly threshold: number;
  readonly minScale: number;
}): void {
  const op = "reduceOnPlateau";
  if (mode !== "min" && mode !== "max")
    throw new ValueError(`${op}: mode must be "min" or "max", got ${JSON.stringify(mode)}`);
  if (!(factor > 0 && factor < 1))
    throw new ValueError(`${op}: factor must be between 0 and 1, got ${String(factor)}`);
  for (const [name, value] of Object.entries(counts))
    if (!(Number.isSafeInteger(value) && value >= 0))
      throw new ValueError(`${op}: ${name} must be a whole number ≥ 0, got ${String(value)}`);
  for (const [name, value] of Object.entries({ threshold, minScale }))
    if (!(value >= 0 && value < Infinity))
      throw new ValueError(`${op}: ${name} must be a number ≥ 0, got ${String(value)}`);
}
