import { DTypeError, ValueError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import { compile } from "../../tensor/transforms/compile.js";
import { valueAndGrad } from "../../tensor/transforms/grad.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";
import { addTo, dot, memoryOf } from "./lbfgs.js";
import { lineSearch, type Probe, type Wolfe } from "./line-search.js";
import { pathsOf, tensorsOf, withTensors } from "./trees.js";

export interface MinimizeOptions {
  /** "lbfgs" (default), or "gradientDescent" with the same line search, to compare with. */
  readonly method?: "lbfgs" | "gradientDescent";
  /** Default 1000. */
  readonly maxIterations?: number;
  /** Done when no element of the gradient is larger (default 1e-8, for f32 1e-5). */
  readonly gradientTolerance?: number;
  /**
   * Done when an iteration lowers the value by no more than this share of it, or of 1 where it is smaller
   * (default 1e-15, for f32 1e-8).
   */
  readonly valueTolerance?: number;
  /** Iterations that L-BFGS remembers (default 10). */
  readonly history?: number;
  /** Looks on; ends it by returning true. */
  readonly callback?: (iteration: MinimizeIteration) => boolean | void;
}

export interface MinimizeIteration {
  readonly iteration: number;
  readonly value: number;
  /** The largest element of the gradient, by magnitude. */
  readonly gradientSize: number;
  /** How far along the direction it went; 0 at the start. */
  readonly step: number;
}

export interface Minimum<T> {
  readonly x: T;
  readonly value: number;
  readonly iterations: number;
  /** Times the function and its gradient were computed. */
  readonly evaluations: number;
  /** Was a tolerance reached? */
  readonly converged: boolean;
  /** Why it ended. */
  readonly message: string;
  /** The start, and each iteration. */
  readonly history: readonly MinimizeIteration[];
}

/**
 * The least value of a function nearby, by L-BFGS with a line search for the strong Wolfe conditions. For smooth
 * functions of all data at once (regressions, calibration, fits), with up to millions of parameters. The
 * function becomes one program; directions are computed in f64. Take f64 parameters for more than
 * about four digits.
 *
 * @param fn     takes the tree of parameters, returns a scalar tensor
 * @param start  a tensor, or tensors in objects and lists: f32 or f64
 * @throws ValueError  where value or gradient is no finite number at a point from which it cannot go on; it
 *   says in which iteration and for which parameter
 * @source Liu & Nocedal, On the limited memory BFGS method, 1989
 */
export function minimize<T extends Variables>(
  fn: (x: T) => Tensor,
  start: T,
  options: MinimizeOptions = {},
): Minimum<T> {
  const { method = "lbfgs", history: most = 10, maxIterations = 1000, callback } = options;
  const problem = problemOf(fn, start);
  const { gradientTolerance, valueTolerance } = requireOptions(options, problem.unit);
  const memory = memoryOf(most);
  const history: MinimizeIteration[] = [];

  let now = problem.look(problem.start);
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
    const steepest = memory.size === 0;
    const direction = memory.direction(now.gradient);
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
    if (method === "lbfgs")
      memory.add(
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
      const point = problem.look(x);
      points.set(at, point);
      return { at, value: point.value, slope: dot(point.gradient, direction) };
    };
    const wolfe: Wolfe = {
      decrease: 1e-4,
      curvature: method === "lbfgs" ? 0.9 : 0.1,
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

  function end(converged: boolean, message: string): Minimum<T> {
    const { value, x } = now;
    const { evaluations } = problem;
    const iterations = history.length - 1;
    return { x: problem.tree(x), value, iterations, evaluations, converged, message, history };
  }
}

/** A place, the value there, and the gradient. */
interface Point {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** The function as one of a list of numbers. */
function problemOf<T extends Variables>(fn: (x: T) => Tensor, start: T) {
  const leaves = tensorsOf(start);
  const paths = pathsOf(start);
  leaves.forEach(({ dtype }, i) => {
    if (dtype !== "f32" && dtype !== "f64")
      throw new DTypeError(
        `minimize: parameters must be f32 or f64, got ${dtype}${placeOf(paths[i])}`,
      );
  });
  const dtype = leaves.some(({ dtype }) => dtype === "f32") ? "f32" : "f64";
  const size = leaves.reduce((sum, leaf) => sum + leaf.size, 0);
  const run = compile(valueAndGrad(fn as never, 0), { name: "minimize" }) as unknown as (
    x: T,
  ) => [Tensor, T];
  const gathered = (tree: T): Float64Array => {
    const all = new Float64Array(size);
    let from = 0;
    for (const leaf of tensorsOf(tree)) {
      all.set(leaf.reshape([leaf.size]).toArray() as never, from);
      from += leaf.size;
    }
    return all;
  };
  const tree = (x: Float64Array): T => {
    let from = 0;
    return withTensors(
      start,
      leaves.map(({ size, shape, dtype }) => {
        from += size;
        return tensor(x.subarray(from - size, from), { dtype, shape });
      }),
    );
  };
  return {
    start: gathered(start),
    dtype,
    unit: dtype === "f32" ? 2 ** -23 : 2 ** -52,
    evaluations: 0,
    tree,
    look(x: Float64Array): Point {
      this.evaluations++;
      const [value, gradient] = run(tree(x));
      return { x, value: value.item() as number, gradient: gathered(gradient) };
    },
    /** Throws where value or gradient is no finite number, and says where. */
    requireFinite({ value, gradient }: Point, iteration: number): void {
      const when = iteration === 0 ? "at the start" : `in iteration ${iteration}`;
      if (!Number.isFinite(value))
        throw new ValueError(
          `minimize: the function is ${value} ${when}${iteration === 0 ? "" : " however short the step"}; ` +
            "begin elsewhere, or keep it within where it is defined",
        );
      const wrong = gradient.findIndex((g) => !Number.isFinite(g));
      if (wrong < 0) return;
      let within = wrong;
      const leaf = leaves.findIndex(({ size }) => {
        if (within < size) return true;
        within -= size;
        return false;
      });
      throw new ValueError(
        `minimize: the gradient is ${gradient[wrong]} ${when}, for element ${within} of the ` +
          `parameter${placeOf(paths[leaf])}, though the value is ${value}`,
      );
    },
  };
}

const placeOf = (path: string): string => (path === "" ? "" : ` ${path}`);

const sizeOf = (gradient: Float64Array): number =>
  gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);

function requireOptions(
  { method = "lbfgs", maxIterations = 1000, history = 10, ...tolerances }: MinimizeOptions,
  unit: number,
): { gradientTolerance: number; valueTolerance: number } {
  if (method !== "lbfgs" && method !== "gradientDescent")
    throw new ValueError(
      `minimize: method must be "lbfgs" or "gradientDescent", got ${JSON.stringify(method)}`,
    );
  for (const [name, value, least] of [
    ["maxIterations", maxIterations, 0],
    ["history", history, 1],
  ] as const)
    if (!(Number.isSafeInteger(value) && value >= least))
      throw new ValueError(
        `minimize: ${name} must be a whole number ≥ ${least}, got ${String(value)}`,
      );
  const exact = unit < 1e-10;
  const { gradientTolerance = exact ? 1e-8 : 1e-5, valueTolerance = exact ? 1e-15 : 1e-8 } =
    tolerances;
  for (const [name, value] of Object.entries({ gradientTolerance, valueTolerance }))
    if (!(value >= 0 && value < Infinity))
      throw new ValueError(`minimize: ${name} must be a number ≥ 0, got ${String(value)}`);
  return { gradientTolerance, valueTolerance };
}
