import { addTo, dot, type Memory } from "./lbfgs.js";
import { lineSearch, type Probe, type Wolfe } from "./line-search.js";

/** Down a smooth function of a list of numbers, direction by direction, with a line search along each. */

/** A place, the value there, and the gradient. */
export interface Point {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface Iteration {
  readonly iteration: number;
  readonly value: number;
  /** The largest element of the gradient, by magnitude. */
  readonly gradientSize: number;
  /** How far along the direction it went; 0 at the start. */
  readonly step: number;
}

export interface Slope {
  look(x: Float64Array): Point;
  /** Throws where value or gradient is no finite number. */
  requireFinite(point: Point, iteration: number): void;
  /** What 1 can be off by in the type it is computed in. */
  readonly unit: number;
  readonly dtype: string;
}

export interface DescentOptions {
  /** What is remembered of the curvature; null: none, the gradient's direction is taken. */
  readonly memory: Memory | null;
  readonly maxIterations: number;
  /** Done when no element of the gradient is larger. */
  readonly gradientTolerance: number;
  /** Done when an iteration lowers the value by no more than this share of it, or of 1. */
  readonly valueTolerance: number;
  readonly callback?: (iteration: Iteration) => boolean | void;
}

export interface Descent {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly iterations: number;
  readonly evaluations: number;
  readonly converged: boolean;
  readonly message: string;
  /** The start, and each iteration. */
  readonly history: readonly Iteration[];
}

export function descend(problem: Slope, start: Float64Array, options: DescentOptions): Descent {
  const { memory, maxIterations, gradientTolerance, valueTolerance, callback } = options;
  const history: Iteration[] = [];
  let evaluations = 0;
  const look = (x: Float64Array): Point => {
    evaluations++;
    return problem.look(x);
  };

  let now = look(start);
  problem.requireFinite(now, 0);
  let lastSlope = 0;
  let step = 0;
  for (let iteration = 0; ; iteration++) {
    const here = { iteration, value: now.value, gradientSize: sizeOf(now.gradient), step };
    history.push(here);
    const stopped = callback?.(here) === true;
    if (here.gradientSize <= gradientTolerance)
      return end(true, "the gradient is within tolerance");
    const lowered = iteration === 0 ? Infinity : history[iteration - 1].value - now.value;
    const scale = Math.max(Math.abs(now.value), 1);
    if (lowered <= valueTolerance * scale)
      return end(true, "the value does not become smaller any more");
    if (stopped) return end(false, "the callback asked to stop");
    if (iteration >= maxIterations)
      return end(
        false,
        `not within tolerance after ${maxIterations} iterations; raise maxIterations`,
      );

    const next = advance(iteration + 1);
    if (next === null)
      return end(
        false,
        `no smaller value along the gradient: it is as exact as ${problem.dtype} allows, or the ` +
          "gradient is not that of the function",
      );
    now = next;
  }

  /** The next point; without what is remembered if that leads nowhere. */
  function advance(iteration: number): Point | null {
    const steepest = memory === null || memory.size === 0;
    const direction = steepest ? now.gradient.map((g) => -g) : memory.direction(now.gradient);
    const slope = dot(now.gradient, direction);
    const first = !steepest
      ? 1
      : lastSlope < 0 && step > 0
        ? (step * lastSlope) / slope
        : Math.min(1, 1 / Math.sqrt(-slope));
    const found = slope < 0 ? along(direction, slope, first, iteration) : null;
    if (found === null) {
      if (steepest) return null;
      memory.clear();
      lastSlope = 0;
      return advance(iteration);
    }
    memory?.add(
      found.x.map((x, i) => x - now.x[i]),
      found.gradient.map((g, i) => g - now.gradient[i]),
    );
    lastSlope = slope;
    return found;
  }

  function along(
    direction: Float64Array,
    slope: number,
    first: number,
    iteration: number,
  ): Point | null {
    const points = new Map<number, Point>();
    const probe = (at: number): Probe => {
      const x = now.x.slice();
      addTo(x, direction, at);
      const point = look(x);
      points.set(at, point);
      return { at, value: point.value, slope: dot(point.gradient, direction) };
    };
    const wolfe: Wolfe = {
      decrease: 1e-4,
      curvature: memory === null ? 0.1 : 0.9,
      rounding: 4 * problem.unit * Math.abs(now.value),
    };
    const found = lineSearch(probe, { at: 0, value: now.value, slope }, first, wolfe);
    if (found === null) {
      const all = [...points.values()];
      if (all.every(({ value }) => !Number.isFinite(value)))
        problem.requireFinite(all[all.length - 1], iteration);
      return null;
    }
    step = found.at;
    const point = points.get(found.at)!;
    problem.requireFinite(point, iteration);
    return point;
  }

  function end(converged: boolean, message: string): Descent {
    const iterations = history.length - 1;
    return { ...now, iterations, evaluations, converged, message, history };
  }
}

const sizeOf = (gradient: Float64Array): number =>
  gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
