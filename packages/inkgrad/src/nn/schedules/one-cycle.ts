import { ValueError } from "../../base/errors.js";
import { between, passed } from "./decay.js";
import { requireRate, requireSteps, type Schedule, schedule } from "./schedule.js";

export interface OneCycleOptions {
  /** In so many steps (default: all of the run). */
  readonly steps?: number;
  /** The share of them in which the rate rises (default 0.3). */
  readonly rise?: number;
  /** The peak over the first rate (default 25). */
  readonly startDivisor?: number;
  /** The first rate over the last (default 1e4). */
  readonly endDivisor?: number;
  /** "cosine" (default) or straight lines. */
  readonly shape?: "cosine" | "linear";
}

/**
 * Up from peak/25 to the peak within 30 % of the steps, then down to peak/250,000. PyTorch's OneCycleLR
 * step for step, with its defaults, but for the momentum, which stays.
 *
 * @source Smith & Topin, arXiv:1708.07120
 */
export function oneCycle(peak: number, options: OneCycleOptions = {}): Schedule {
  const { steps, rise = 0.3, startDivisor = 25, endDivisor = 1e4, shape = "cosine" } = options;
  requireRate(peak, "oneCycle", "the peak");
  requireSteps(steps, "oneCycle");
  if (!(rise >= 0 && rise <= 1))
    throw new ValueError(`oneCycle: rise must be from 0 to 1, got ${String(rise)}`);
  for (const [name, value] of Object.entries({ startDivisor, endDivisor }))
    if (!(value > 0))
      throw new ValueError(`oneCycle: ${name} must be a number > 0, got ${String(value)}`);
  if (shape !== "cosine" && shape !== "linear")
    throw new ValueError(`oneCycle: shape must be "cosine" or "linear", got ${String(shape)}`);
  const start = peak / startDivisor;
  const end = start / endDivisor;
  const along =
    shape === "cosine"
      ? between
      : (from: number, to: number, share: number): number => from + (to - from) * share;
  return schedule("oneCycle", { peak, ...options }, (now, total) => {
    const count = steps ?? total;
    // Of `count` steps the first has the first rate and the last the last one.
    const top = rise * count - 1;
    const last = count - 1;
    return now <= top
      ? along(start, peak, passed(now, top))
      : along(peak, end, passed(now - Math.max(top, 0), last - Math.max(top, 0)));
  });
}
