import { ValueError } from "../../base/errors.js";
import { tensor } from "../functions/create.js";
import { eigh } from "../functions/linear-algebra.js";
import type { Tensor } from "../tensor.js";
import { valueAndGrad } from "./grad.js";
import { requireFunction } from "./leaves.js";
import { hessian } from "./jacobian.js";

export interface CriticalPointsOptions {
  /** Points to search from: each leads to one critical point or none. All of one length. */
  readonly starts: readonly (readonly number[])[];
  /** Newton steps from each start (default 200). */
  readonly maxSteps?: number;
  /** A search ends with a step of this length, relative to |x| where that is above 1 (default 1e-10). */
  readonly tolerance?: number;
  /** Points nearer to each other than this, relative in the same way, are one (default 1e-5). */
  readonly separation?: number;
  /**
   * An eigenvalue of the Hessian counts as 0 up to this times the largest, here or at the start
   * (default 1e-6).
   */
  readonly flatness?: number;
}

export interface CriticalPoint {
  readonly point: number[];
  readonly value: number;
  /** Of the Hessian, ascending. */
  readonly eigenvalues: number[];
  /** "degenerate": an eigenvalue is 0, so that second derivatives do not tell. */
  readonly kind: "minimum" | "maximum" | "saddle" | "degenerate";
}

/**
 * Points where the gradient of a small scalar function of a vector is zero, found by Newton's method
 * from the given starts, and what kind each is by the eigenvalues of its Hessian. There may be more
 * that no start led to.
 *
 * @param f  takes a vector [n] (f64), returns a scalar
 * @returns  each point once, in the order of the starts
 * @throws ValueError  if the starts are not vectors of one length, or not finite
 * @source  Nocedal & Wright, "Numerical Optimization", 2006, 11.2 (the least |∇f| on the way)
 */
export async function criticalPoints<N extends number>(
  f: (x: Tensor<[N], "f64">) => Tensor,
  options: CriticalPointsOptions,
): Promise<CriticalPoint[]> {
  requireFunction(f, "criticalPoints");
  // Plain JavaScript may leave out what the types demand.
  const { starts, separation = 1e-5 } = (options as CriticalPointsOptions | undefined) ?? {
    starts: [],
  };
  assertStarts(starts);
  const look: Look = (x) => viewAt(f as (x: Tensor) => Tensor, x);
  const found: CriticalPoint[] = [];
  for (const start of starts) {
    const one = await search(look, start, options);
    if (one === null) continue;
    const near = separation * Math.max(1, lengthOf(one.point));
    const known = found.some(
      ({ point }) => lengthOf(point.map((x, i) => x - one.point[i])) <= near,
    );
    if (!known) found.push(one);
  }
  return found;
}

function assertStarts(starts: readonly (readonly number[])[]): void {
  const valid = Array.isArray(starts) && starts.length > 0;
  for (const start of valid ? starts : [[]])
    if (
      !Array.isArray(start) ||
      start.length === 0 ||
      start.length !== starts[0].length ||
      !start.every(Number.isFinite)
    )
      throw new ValueError(
        "criticalPoints: expected starts to be vectors of one length with finite elements, as " +
          `{ starts: [[0, 0], [1, 2]] }, got ${JSON.stringify(start)}`,
      );
}

/** What is to be known of f at one point. Eigenvector k is column k of `vectors`. */
interface View {
  readonly x: readonly number[];
  readonly value: number;
  readonly slope: readonly number[];
  readonly eigenvalues: readonly number[];
  readonly vectors: readonly number[];
}
type Look = (x: readonly number[]) => Promise<View | null>;

/** Null where f, its gradient or its Hessian is not finite. */
async function viewAt(f: (x: Tensor) => Tensor, x: readonly number[]): Promise<View | null> {
  const at = tensor([...x], { dtype: "f64" });
  const [value, slope] = valueAndGrad(f)(at);
  const curvature = hessian(f)(at) as Tensor;
  const read = async (y: Tensor): Promise<number[]> => Array.from(await y.data());
  const numbers = (await Promise.all([value, slope, curvature].map(read))).flat();
  if (!numbers.every(Number.isFinite)) return null;
  const [eigenvalues, vectors] = await Promise.all(eigh(curvature).map(read));
  return { x, value: numbers[0], slope: numbers.slice(1, 1 + x.length), eigenvalues, vectors };
}

const lengthOf = (x: readonly number[]): number => Math.hypot(...x);
const largest = (x: readonly number[]): number => Math.max(...x.map(Math.abs));

/** Newton's method from one start; null where it leads to no critical point. */
async function search(
  look: Look,
  start: readonly number[],
  { maxSteps = 200, tolerance = 1e-10, flatness = 1e-6 }: CriticalPointsOptions,
): Promise<CriticalPoint | null> {
  let here = await look(start);
  if (here === null) return null;
  const curvature = largest(here.eigenvalues);
  for (let step = 0; step <= maxSteps; step++) {
    const move = newtonStep(here);
    const size = Math.max(1, lengthOf(here.x));
    const next: View | null = await descend(look, here, move);
    // Where no part of the step lessens the slope, rounding is all that is left of it.
    if (lengthOf(move) <= (next === null ? Math.sqrt(tolerance) : tolerance) * size) {
      const scale = Math.max(curvature, largest(here.eigenvalues));
      // The slope may be one that no step lessens, as that of a plane.
      const isZero = lengthOf(here.slope) <= Math.sqrt(tolerance) * scale * size;
      return isZero ? described(next ?? here, flatness * scale) : null;
    }
    if (next === null) return null;
    here = next;
  }
  return null;
}

/** −H⁺·∇f: to where the gradient of the local quadratic is least, and no further than need be. */
function newtonStep({ slope, eigenvalues, vectors }: View): number[] {
  const n = slope.length;
  const least = largest(eigenvalues) * 1e-13;
  const move = new Array<number>(n).fill(0);
  eigenvalues.forEach((curvature, k) => {
    if (Math.abs(curvature) <= least) return;
    const along = slope.reduce((sum, g, i) => sum + g * vectors[i * n + k], 0);
    for (let i = 0; i < n; i++) move[i] -= (along / curvature) * vectors[i * n + k];
  });
  return move;
}

/** The whole step or the first half, quarter, … of it that lessens the slope; null if none does. */
async function descend(look: Look, from: View, move: readonly number[]): Promise<View | null> {
  const slope = lengthOf(from.slope);
  for (let part = 1; part > 1e-4; part /= 2) {
    const there = await look(from.x.map((x, i) => x + part * move[i]));
    if (there !== null && lengthOf(there.slope) < (1 - 1e-4 * part) * slope) return there;
  }
  return null;
}

function described(view: View, zero: number): CriticalPoint {
  const { eigenvalues, value, x } = view;
  const [first, last] = [eigenvalues[0], eigenvalues[eigenvalues.length - 1]];
  const flat = eigenvalues.some((curvature) => Math.abs(curvature) <= zero);
  const kind = flat ? "degenerate" : first > 0 ? "minimum" : last < 0 ? "maximum" : "saddle";
  return { point: [...x], value, eigenvalues: [...eigenvalues], kind };
}
