import { InkgradError, ValueError } from "../../base/errors.js";
import { columnsOf, type EpochFigures, figureOf } from "../training/history.js";

/** Is a figure better when it is smaller, or when it is greater? */
export type Mode = "min" | "max";

export interface MonitorOptions {
  /**
   * The figure to watch: "loss", "accuracy", "val_loss", "val_accuracy" (default "val_loss", or "loss"
   * if nothing is validated on).
   */
  readonly monitor?: string;
  /** By default "min" for losses and errors, "max" for all else. */
  readonly mode?: Mode;
  /** By how much a figure must be better to count as better (default 0). */
  readonly minDelta?: number;
}

/** Figures of which less is better, by their names. */
const lessIsBetter = /loss|error|entropy|mse|mae|divergence|perplexity/i;

/** Watches a figure. */
export function monitorOf({ monitor, mode, minDelta = 0 }: MonitorOptions, op: string) {
  if (mode !== undefined && mode !== "min" && mode !== "max")
    throw new ValueError(`${op}: mode must be "min" or "max", got ${JSON.stringify(mode)}`);
  if (!(minDelta >= 0 && minDelta < Infinity))
    throw new ValueError(`${op}: minDelta must be a number ≥ 0, got ${String(minDelta)}`);
  const of = (figures: EpochFigures): { name: string; value: number } => {
    const name = monitor ?? (figures.validation === undefined ? "loss" : "val_loss");
    const value = figureOf(figures, name);
    if (value !== undefined) return { name, value };
    const others = columnsOf([figures]).join(", ");
    throw new InkgradError(
      `${op}: there is no figure "${name}"; there are ${others}` +
        (name.startsWith("val_") ? "; for val_… give fit validationData or validationSplit" : ""),
    );
  };
  return {
    of,
    /** NaN is never better. */
    isBetter(name: string, value: number, best: number | null, by = minDelta): boolean {
      if (Number.isNaN(value)) return false;
      if (best === null) return true;
      const sign = (mode ?? (lessIsBetter.test(name) ? "min" : "max")) === "min" ? 1 : -1;
      return sign * (best - value) > by;
    },
  };
}
