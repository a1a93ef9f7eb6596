import { ValueError } from "../../../base/errors.js";
import { l1Of, type Objective } from "../objective.js";
import { optimalityGap } from "./kkt.js";
import type { CostRecord, Solution, SolverOptions } from "./solver.js";

/** A place, the whole cost there, and the smooth part's gradient. */
export interface Place {
  readonly x: Float64Array;
  readonly cost: number;
  readonly gradient: Float64Array;
}

/** What a solver's iterations have in common: looking, keeping the history, and when to end. */
export function runOf(objective: Objective, { maxIterations, tolerance }: SolverOptions) {
  const history: CostRecord[] = [];
  let evaluations = 0;
  const look = (x: Float64Array): Place => {
    evaluations++;
    const { value, gradient } = objective.look(x);
    return { x, cost: value + l1Of(objective.l1, x), gradient };
  };
  const gapAt = ({ x, gradient }: Place): number => optimalityGap(x, gradient, objective.l1);
  const end = ({ x, cost }: Place, converged: boolean, message: string): Solution => ({
    x,
    cost,
    iterations: history.length - 1,
    evaluations,
    converged,
    message,
    history,
  });
  return {
    look,
    gapAt,
    end,
    /** Notes where an iteration has come to; what it returns ends the run. */
    record(place: Place): Solution | null {
      const iteration = history.length;
      const gradientSize = gapAt(place);
      if (!Number.isFinite(place.cost))
        throw new ValueError(
          `the cost is ${place.cost} in iteration ${iteration}: steps are too long, or the numbers too large for ` +
            `${objective.dtype}; scale the columns (standardScaler), or lower the learning rate`,
        );
      history.push({ iteration, cost: place.cost, gradientSize });
      if (gradientSize <= tolerance) return end(place, true, "the gradient is within tolerance");
      if (iteration >= maxIterations)
        return end(place, false, `not within tolerance after ${maxIterations} iterations`);
      return null;
    },
  };
}

export const noLower = (dtype: string): string =>
  `no smaller cost was found: it is as exact as ${dtype} allows`;

/** The first step that lowers the cost by a share of what the model promises, halving it; or null. */
export function backtrack(
  here: Place,
  direction: Float64Array,
  promised: number,
  rounding: number,
  look: (x: Float64Array) => Place,
): Place | null {
  for (let step = 1; step > 1e-10; step /= 2) {
    const place = look(here.x.map((x, i) => x + step * direction[i]));
    if (place.cost <= here.cost - 1e-4 * step * promised + rounding) return place;
  }
  return null;
}
