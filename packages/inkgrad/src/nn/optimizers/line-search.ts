/** A step along a direction that is neither too short nor too long: the strong Wolfe conditions. */

/** A point on the line: how far, the value there, and the slope. */
export interface Probe {
  readonly at: number;
  readonly value: number;
  readonly slope: number;
}

/** Enough of what the first slope promises (c₁), and a slope that much flatter (c₂). */
export interface Wolfe {
  readonly decrease: number;
  readonly curvature: number;
  /** Differences of values below this are rounding. */
  readonly rounding: number;
}

const mostProbes = 30;
const farthest = 1e20;

/**
 * A probe that satisfies the conditions. In place of the decrease, which rounding may hide, its slope will
 * do where the value is no greater (Hager and Zhang's approximate condition). A value that is no number counts as too high. Null if there is none
 * within 30 probes.
 *
 * @param probe  looks at a step; `start` is at 0, with a negative slope
 * @param first  the step tried first
 * @source Nocedal & Wright, Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6; Hager & Zhang,
 *   SIAM J. Optim. 16, 2005
 */
export function lineSearch(
  probe: (at: number) => Probe,
  start: Probe,
  first: number,
  { decrease, curvature, rounding }: Wolfe,
): Probe | null {
  let left = mostProbes;
  const look = (at: number): Probe => {
    left--;
    const found = probe(at);
    return Number.isNaN(found.value) ? { ...found, value: Infinity } : found;
  };
  const low = (p: Probe): boolean => p.value <= start.value + decrease * p.at * start.slope;
  const flat = (p: Probe): boolean => Math.abs(p.slope) <= -curvature * start.slope;
  const level = (p: Probe): boolean =>
    p.value <= start.value + rounding && p.slope <= (2 * decrease - 1) * start.slope;
  const good = (p: Probe): boolean => flat(p) && (low(p) || level(p));

  let before = start;
  let at = first;
  while (left > 0) {
    const now = look(at);
    if (good(now)) return now;
    if ((!low(now) && !level(now)) || (before.at > 0 && now.value >= before.value + rounding))
      return zoom(before, now);
    if (now.slope >= 0) return zoom(now, before);
    if (at >= farthest) return null;
    at = Math.min(Math.max(2 * at, extrapolated(before, now)), 10 * at);
    before = now;
  }
  return null;

  /** Between the best probe so far and one beyond the minimum. */
  function zoom(best: Probe, other: Probe): Probe | null {
    while (left > 0) {
      const now = look(interpolated(best, other));
      if (good(now)) return now;
      if ((!low(now) && !level(now)) || now.value > best.value + rounding) {
        other = now;
      } else {
        if (now.slope * (other.at - best.at) >= 0) other = best;
        best = now;
      }
      if (Math.abs(other.at - best.at) <= 1e-14 * Math.max(best.at, other.at)) break;
    }
    // Not flat enough, but lower: better than nothing.
    return best.at > 0 && low(best) ? best : null;
  }
}

/** Where the cubic through two values and slopes is least, kept off the ends. */
function interpolated(a: Probe, b: Probe): number {
  const [from, to] = a.at < b.at ? [a.at, b.at] : [b.at, a.at];
  const edge = 0.1 * (to - from);
  const at = cubicMinimum(a, b);
  return at >= from + edge && at <= to - edge ? at : (from + to) / 2;
}

const extrapolated = (a: Probe, b: Probe): number => {
  const at = cubicMinimum(a, b);
  return at > b.at ? at : 0;
};

/** NaN where there is none. */
function cubicMinimum(a: Probe, b: Probe): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.at - b.at);
  const d2 = Math.sign(b.at - a.at) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  return b.at - ((b.at - a.at) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
}
