import { ValueError } from "../../base/errors.js";
import type { Objective } from "./objective.js";
import { coordinateDescent } from "./solvers/coordinate-descent.js";
import { fista } from "./solvers/fista.js";
import { type DescentSettings, gradientDescent } from "./solvers/gradient-descent.js";
import { newton } from "./solvers/newton.js";
import { bfgs, lbfgs } from "./solvers/quasi-newton.js";
import { saga } from "./solvers/saga.js";
import type { Solution, SolverOptions } from "./solvers/solver.js";

interface Ability {
  readonly solve: (
    objective: Objective,
    start: Float64Array,
    options: SolverOptions,
    descent?: DescentSettings,
  ) => Solution;
  /** Can it do penalties with a kink? */
  readonly l1: boolean;
  /** Does it need the whole second derivative? */
  readonly curvature: boolean;
  readonly maxIterations: number;
}

const solvers = {
  lbfgs: { solve: lbfgs, l1: false, curvature: false, maxIterations: 1000 },
  bfgs: { solve: bfgs, l1: false, curvature: true, maxIterations: 1000 },
  newton: { solve: newton, l1: false, curvature: true, maxIterations: 100 },
  gradientDescent: { solve: gradientDescent, l1: false, curvature: false, maxIterations: 1000 },
  coordinateDescent: { solve: coordinateDescent, l1: true, curvature: true, maxIterations: 1000 },
  fista: { solve: fista, l1: true, curvature: false, maxIterations: 5000 },
  saga: { solve: saga, l1: true, curvature: false, maxIterations: 1000 },
} satisfies { readonly [name: string]: Ability };

export type SolverName = keyof typeof solvers;

/** Parameters up to which matrices of all their pairs are kept. */
const mostPairs = 5000;
/** Parameters up to which "auto" asks for such a matrix. */
const fewPairs = 1000;
/** And for its inverse at each iteration. */
const veryFew = 50;

export interface SolveOptions {
  /** Default "auto": chosen by penalty and size; the fitted object says which and why. */
  readonly solver?: SolverName | "auto";
  /**
   * Done when no element of the gradient of the mean cost is larger (default 1e-5); beside an L1 penalty, of
   * what stands for the gradient there.
   */
  readonly tol?: number;
  /** Default: by solver. */
  readonly maxIterations?: number;
  /** For solvers that look at rows in random order (default 0). */
  readonly seed?: number;
  /** How "gradientDescent" goes about it. */
  readonly descent?: DescentSettings;
}

export interface Choice {
  readonly solver: SolverName;
  readonly reason: string;
}

/** The solver asked for, or a fitting one. */
export function solverFor(
  { solver = "auto" }: SolveOptions,
  objective: Objective,
  op: string,
): Choice {
  if (solver === "auto") return chosen(objective);
  if (!Object.hasOwn(solvers, solver))
    throw new ValueError(
      `${op}: solver must be "auto" or one of ${Object.keys(solvers).join(", ")}, got ${JSON.stringify(solver)}`,
    );
  const { l1, curvature } = solvers[solver];
  if (objective.l1 !== null && !l1)
    throw new ValueError(
      `${op}: ${solver} needs a smooth cost, and an L1 penalty has a kink at 0; take ` +
        Object.entries(solvers)
          .filter(([, { l1 }]) => l1)
          .map(([name]) => name)
          .join(", "),
    );
  if (curvature && objective.size > mostPairs)
    throw new ValueError(
      `${op}: ${solver} keeps a number for each pair of parameters, and there are ${objective.size} parameters ` +
        `(at most ${mostPairs}); take ${objective.l1 === null ? "lbfgs" : "fista"}`,
    );
  return { solver, reason: "asked for" };
}

function chosen({ l1, size }: Objective): Choice {
  if (l1 !== null)
    return size <= fewPairs
      ? {
          solver: "coordinateDescent",
          reason: `the penalty has a kink, and for ${size} parameters the curvature can be had`,
        }
      : {
          solver: "fista",
          reason: `the penalty has a kink, and ${size} parameters are too many for their curvature`,
        };
  if (l1 === null && size <= veryFew)
    return {
      solver: "newton",
      reason: `the cost is smooth, and ${size} parameters are so few that the exact curvature is cheap`,
    };
  return {
    solver: "lbfgs",
    reason: `the cost is smooth, and ${size} parameters are too many for their curvature to be cheap`,
  };
}

export interface Solved extends Solution {
  readonly solver: SolverName;
  readonly reason: string;
}

/** The minimum of an objective. @throws ValueError  for options that are none, or do not fit */
export function solve(
  objective: Objective,
  start: Float64Array,
  options: SolveOptions,
  op: string,
): Solved {
  const { tol = 1e-5, seed = 0 } = options;
  const choice = solverFor(options, objective, op);
  const ability = solvers[choice.solver];
  const { maxIterations = ability.maxIterations } = options;
  if (!(tol >= 0 && tol < Infinity))
    throw new ValueError(`${op}: tol must be a number ≥ 0, got ${String(tol)}`);
  if (!(Number.isSafeInteger(maxIterations) && maxIterations >= 1))
    throw new ValueError(
      `${op}: maxIterations must be a whole number ≥ 1, got ${String(maxIterations)}`,
    );
  return {
    ...ability.solve(objective, start, { maxIterations, tolerance: tol, seed }, options.descent),
    ...choice,
  };
}
