import { cholesky, choleskySolve } from "../linear-algebra.js";
import { dot } from "../../../nn/optimizers/lbfgs.js";
import { backtrack, noLower, runOf } from "./run.js";
import type { Solver } from "./solver.js";

/**
 * Newton's method: for logistic regression iteratively reweighted least squares. Where the curvature is 0 in some
 * direction (columns that depend on each other, softmax's common shift), a little is added.
 *
 * @source McCullagh & Nelder, Generalized Linear Models, 2nd ed., 2.5
 */
export const newton: Solver = (objective, start, options) => {
  const run = runOf(objective, options);
  let here = run.look(start);
  for (;;) {
    const ended = run.record(here);
    if (ended !== null) return ended;
    const direction = solved(objective.hessian!(here.x), here.gradient);
    const promised = -dot(here.gradient, direction);
    const rounding = 4 * objective.unit * Math.abs(here.cost);
    const next = backtrack(here, direction, promised, rounding, run.look);
    // Where all is rounding, one step more may still be had, and then no more.
    if (next === null || (promised <= rounding && run.gapAt(next) >= run.gapAt(here)))
      return run.end(here, true, noLower(objective.dtype));
    here = next;
  }
};

/** −(H + r)⁻¹ g, with the least r of a series for which H + r is positive definite. */
function solved(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const n = gradient.length;
  let most = 0;
  for (let i = 0; i < n; i++) most = Math.max(most, hessian[i * n + i]);
  let factor = cholesky(hessian, n);
  for (let r = 1e-12 * Math.max(most, 1e-30); factor === null; r *= 100) {
    const raised = hessian.slice();
    for (let i = 0; i < n; i++) raised[i * n + i] += r;
    factor = cholesky(raised, n);
  }
  return choleskySolve(factor, n, gradient).map((d) => -d);
}
