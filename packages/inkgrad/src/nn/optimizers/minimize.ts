import { DTypeError, ValueError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import { compile } from "../../tensor/transforms/compile.js";
import { valueAndGrad } from "../../tensor/transforms/grad.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";
import { descend, type Iteration, type Point } from "./descent.js";
import { memoryOf } from "./lbfgs.js";
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

export type MinimizeIteration = Iteration;

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
  const tolerances = requireOptions(options, problem.unit);
  const found = descend(problem, problem.start, {
    ...tolerances,
    memory: method === "lbfgs" ? memoryOf(most) : null,
    maxIterations,
    ...(callback === undefined ? {} : { callback }),
  });
  const { value, iterations, evaluations, converged, message, history } = found;
  return { x: problem.tree(found.x), value, iterations, evaluations, converged, message, history };
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
    tree,
    look(x: Float64Array): Point {
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
