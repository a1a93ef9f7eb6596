import type { Objective } from "../objective.js";

/** The cost after an iteration, and how far from a minimum it looks. */
export interface CostRecord {
  readonly iteration: number;
  /** The whole objective, the penalty among it; NaN where a solver does not know it. */
  readonly cost: number;
  /** The largest element of the gradient, or of what stands for it beside an L1 penalty. */
  readonly gradientSize: number;
}

export interface Solution {
  readonly x: Float64Array;
  readonly cost: number;
  readonly iterations: number;
  /** Times the whole data were gone through. */
  readonly evaluations: number;
  readonly converged: boolean;
  readonly message: string;
  /** The start, and each iteration. */
  readonly history: readonly CostRecord[];
}

export interface SolverOptions {
  readonly maxIterations: number;
  /** Done when no element of the gradient is larger. */
  readonly tolerance: number;
  readonly seed: number;
}

export type Solver = (
  objective: Objective,
  start: Float64Array,
  options: SolverOptions,
) => Solution;

export const largest = (x: Float64Array): number => {
  let most = 0;
  for (let i = 0; i < x.length; i++) most = Math.max(most, Math.abs(x[i]));
  return most;
};
