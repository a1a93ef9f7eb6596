import { ValueError } from "../../base/errors.js";
import { asSchedule, requireRate, requireSteps, type Schedule, schedule } from "./schedule.js";

/** Schedules made of others. */

/**
 * From `start` of the rate (default 0) straight up to it within so many steps; then the schedule
 * begins, and has the steps that are left.
 *
 * @source Goyal et al., arXiv:1706.02677
 */
export function warmUp(
  of: number | Schedule,
  steps: number,
  { start = 0 }: { readonly start?: number } = {},
): Schedule {
  requireSteps(steps, "warmUp");
  requireRate(start, "warmUp", "start");
  if (typeof of === "number") requireRate(of, "warmUp");
  const inner = asSchedule(of);
  return schedule("warmUp", { of, steps, start }, (now, total) => {
    const rest = Math.max(total - steps, 1);
    if (now >= steps) return inner(now - steps, rest);
    return inner(0, rest) * (start + ((1 - start) * now) / steps);
  });
}

export interface RestartOptions {
  /** Steps from the first start to the second. */
  readonly every: number;
  /** How much longer each round is than the one before (default 1). */
  readonly multiply?: number;
  /** What the rates of each round are multiplied with (default 1; ½ halves the peak each time). */
  readonly factor?: number;
}

/**
 * Begins a schedule again and again, each time as if the round were the whole run.
 *
 * @source Loshchilov & Hutter, arXiv:1608.03983; PyTorch `CosineAnnealingWarmRestarts`
 */
export function restarts(
  of: Schedule,
  { every, multiply = 1, factor = 1 }: RestartOptions,
): Schedule {
  requireSteps(every, "restarts", "every");
  requireRate(factor, "restarts", "factor");
  if (!(multiply >= 1 && multiply < Infinity))
    throw new ValueError(`restarts: multiply must be a number ≥ 1, got ${String(multiply)}`);
  return schedule("restarts", { of, every, multiply, factor }, (now) => {
    let begin = 0;
    let length = every;
    let scale = 1;
    if (multiply === 1) {
      const round = Math.floor(now / every);
      return of(now - round * every, every) * factor ** round;
    }
    while (now >= begin + length) {
      begin += length;
      length *= multiply;
      scale *= factor;
    }
    return of(now - begin, length) * scale;
  });
}
