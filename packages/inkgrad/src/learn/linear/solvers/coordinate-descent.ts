import { dot } from "../../../nn/optimizers/lbfgs.js";
import { l1Of } from "../objective.js";
import { softThreshold } from "./kkt.js";
import { backtrack, noLower, runOf } from "./run.js";
import type { Solver } from "./solver.js";

/** Rows for each parameter from which a first estimate of the curvature is made. */
const rowsForEach = 20;
/** An iteration that leaves more than this of the gap asks for a better curvature. */
const slow = 0.3;

/**
 * For costs with an L1 penalty: the smooth part is replaced by its parabola, whose minimum beside the penalty is
 * found coordinate by coordinate, and so again from there. The curvature is kept as long as that goes fast; the
 * first is estimated from some of the rows. What is optimal is decided by the exact gradient of all parameters.
 *
 * @source Friedman, Hastie & Tibshirani, Regularization paths for generalized linear models via coordinate
 *   descent, 2010; Lee, Sun & Saunders, Proximal Newton-type methods, 2014
 */
export const coordinateDescent: Solver = (objective, start, options) => {
  const run = runOf(objective, options);
  const { size } = objective;
  const rows = objective.parts?.count ?? 0;
  let stride = Math.max(1, Math.floor(rows / (rowsForEach * size)));
  let hessian: Float64Array | null = null;
  let fresh = false;
  let here = run.look(start);
  let gap = Infinity;
  for (;;) {
    const ended = run.record(here);
    if (ended !== null) return ended;
    const before = gap;
    gap = run.gapAt(here);
    if (hessian !== null && gap > slow * before) {
      if (fresh) stride = Math.max(1, stride >> 1);
      hessian = null;
    }
    fresh = hessian === null;
    hessian ??= objective.hessian!(here.x, stride);
    const l1 = objective.l1 ?? new Float64Array(size);
    const target = lowest(hessian, here.x, here.gradient, l1, 0.01 * gap);
    const direction = target.map((x, i) => x - here.x[i]);
    const promised = -dot(here.gradient, direction) - (l1Of(l1, target) - l1Of(l1, here.x));
    const rounding = 4 * objective.unit * Math.abs(here.cost);
    const next = backtrack(here, direction, promised, rounding, run.look);
    if (next === null || (promised <= rounding && run.gapAt(next) >= gap)) {
      if (fresh && stride === 1) return run.end(here, true, noLower(objective.dtype));
      // The curvature was not that of this place: look again.
      stride = 1;
      hessian = null;
      continue;
    }
    here = next;
  }
};

/**
 * Where gᵀ(y − x) + ½(y − x)ᵀH(y − x) + Σ λ|y| is least, by coordinates: those that are not 0 until they rest,
 * then all, until none of all moves.
 */
function lowest(
  hessian: Float64Array,
  x: Float64Array,
  gradient: Float64Array,
  l1: Float64Array,
  tolerance: number,
): Float64Array {
  const size = x.length;
  const y = x.slice();
  /** g + H(y − x) */
  const slope = gradient.slice();
  let most = 0;
  for (let i = 0; i < size; i++) most = Math.max(most, hessian[i * size + i]);
  const least = 1e-10 * most;
  const sweep = (coordinates: readonly number[]): number => {
    let moved = 0;
    for (const j of coordinates) {
      const line = j * size;
      const curvature = Math.max(hessian[line + j], least);
      const next = softThreshold(y[j] - slope[j] / curvature, l1[j] / curvature);
      const change = next - y[j];
      if (change === 0) continue;
      y[j] = next;
      for (let i = 0; i < size; i++) slope[i] += change * hessian[line + i];
      moved = Math.max(moved, Math.abs(change) * curvature);
    }
    return moved;
  };
  const all = Array.from({ length: size }, (_, j) => j);
  for (let round = 0; round < 100; round++) {
    if (sweep(all) <= tolerance) break;
    const active = all.filter((j) => y[j] !== 0);
    for (let i = 0; i < 1000 && sweep(active) > tolerance; i++);
  }
  return y;
}
