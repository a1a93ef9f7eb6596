import { softThreshold } from "./kkt.js";
import { noLower, type Place, runOf } from "./run.js";
import type { Solver } from "./solver.js";

/**
 * Steps along the gradient with momentum, each followed by the penalty's own step (soft thresholds). Their length
 * is found on the way; the momentum begins anew where it leads upwards.
 *
 * @source Beck & Teboulle, A fast iterative shrinkage-thresholding algorithm, 2009; O'Donoghue & Candès,
 *   Adaptive restart for accelerated gradient schemes, 2015
 */
export const fista: Solver = (objective, start, options) => {
  const run = runOf(objective, options);
  const l1 = objective.l1 ?? new Float64Array(objective.size);
  let curvature = 1;
  let here = run.look(start);
  let ahead: Place = here;
  let momentum = 1;
  for (;;) {
    const ended = run.record(here);
    if (ended !== null) return ended;
    let next = stepFrom(ahead);
    if (next !== null && next.cost > here.cost && momentum > 1) {
      momentum = 1;
      ahead = here;
      next = stepFrom(here);
    }
    if (next === null || next.x.every((x, i) => x === here.x[i]))
      return run.end(here, true, noLower(objective.dtype));
    const grown = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const carry = (momentum - 1) / grown;
    const before = here.x;
    here = next;
    ahead = carry === 0 ? here : run.look(here.x.map((x, i) => x + carry * (x - before[i])));
    momentum = grown;
    // Steps may become longer again.
    curvature *= 0.95;
  }

  /** The step from a place, as long as the parabola of this curvature stays above the cost. */
  function stepFrom(from: Place): Place | null {
    for (; curvature < 1e30; curvature *= 2) {
      const x = from.x.map((value, i) =>
        softThreshold(value - from.gradient[i] / curvature, l1[i] / curvature),
      );
      const place = run.look(x);
      let bound = from.cost;
      for (let i = 0; i < x.length; i++) {
        const d = x[i] - from.x[i];
        bound += from.gradient[i] * d + (curvature / 2) * d * d;
        bound += l1[i] * (Math.abs(x[i]) - Math.abs(from.x[i]));
      }
      if (place.cost <= bound + 8 * objective.unit * Math.abs(from.cost)) return place;
    }
    return null;
  }
};
