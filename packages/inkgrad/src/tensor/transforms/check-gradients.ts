import { ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { evaluateNow } from "../evaluate.js";
import { tensor } from "../functions/create.js";
import { scoped } from "../scope.js";
import type { Tensor } from "../tensor.js";
import type { AnyFunction } from "../types/transforms.js";
import { requireFunction, requireList, resultOf, tensorsOf } from "./leaves.js";
import { vjp } from "./linearize.js";

export interface CheckGradientsOptions {
  /**
   * Which difference approximates the derivative. Central, (f(x+h) − f(x−h)) / 2h, errs by h²;
   * forward, (f(x+h) − f(x)) / h, and backward, (f(x) − f(x−h)) / h, by h: take them at the edge of
   * a domain.
   */
  readonly method?: "central" | "forward" | "backward";
  /**
   * h, relative to |x| where that is above 1. A small h loses the digits that f(x+h) and f(x) have in
   * common, a large one bends the curve; the best is about ∛ε ≈ 6e-6 for central and √ε ≈ 1.5e-8
   * for one-sided differences (the defaults), ε being the precision of float64.
   */
  readonly step?: number;
  /** Greatest difference allowed, relative to the larger of 1 and the derivative. */
  readonly tolerance?: number;
}

/** One derivative found in both ways. */
export interface GradientEntry {
  /** Which tensor of the arguments, and which of its elements (flat). */
  readonly argument: number;
  readonly element: number;
  readonly analytic: number;
  readonly numeric: number;
  readonly error: number;
}

export interface GradientReport {
  readonly maxError: number;
  readonly worst: GradientEntry | null;
  readonly entries: readonly GradientEntry[];
}

/**
 * Compares the derivatives of `f` at `args` (trees of tensors) with differences of its values, in
 * f64. A result that is no scalar is weighted by fixed numbers and summed.
 *
 * @returns every pair of derivatives and the greatest error
 * @throws ValueError  if an error exceeds the tolerance, naming the worst element
 */
export function checkGradients(
  f: AnyFunction,
  args: readonly unknown[],
  options: CheckGradientsOptions = {},
): GradientReport {
  requireFunction(f, "checkGradients");
  requireList(args, "checkGradients: the arguments");
  const method = options.method ?? "central";
  const step =
    options.step ?? (method === "central" ? Number.EPSILON ** (1 / 3) : Number.EPSILON ** 0.5);
  const tolerance = options.tolerance ?? (method === "central" ? 1e-6 : 1e-4);
  const { leaves, unflatten } = tensorsOf([...args], "checkGradients: expected the argument");
  const points = leaves.map((x) => x.cast("f64"));
  const call = (xs: readonly Tensor[]): Tensor => weighted(f(...(unflatten(xs) as unknown[])));
  const at = (argument: number, element: number, value: number): number =>
    scoped(() => {
      const moved = points.map((x, i) => (i === argument ? replaced(x, element, value) : x));
      return call(moved).item() as number;
    });

  const analytic = vjp((...xs: Tensor[]) => call(xs), ...points)[1](tensor(1, { dtype: "f64" }));
  const base = method === "central" ? 0 : at(-1, 0, 0);
  const entries = points.flatMap((point, argument) => {
    const [values] = evaluateNow([point.node]);
    const [slopes] = evaluateNow([analytic[argument].node]);
    return Array.from(values, (x, element): GradientEntry => {
      const h = step * Math.max(1, Math.abs(x));
      // What x + h and x − h really are after rounding, so that the step is known exactly.
      const [low, high] = [method === "forward" ? x : x - h, method === "backward" ? x : x + h];
      const upper = method === "backward" ? base : at(argument, element, high);
      const lower = method === "forward" ? base : at(argument, element, low);
      const numeric = (upper - lower) / (high - low);
      const error = Math.abs(slopes[element] - numeric) / Math.max(1, Math.abs(numeric));
      return { argument, element, analytic: slopes[element], numeric, error };
    });
  });
  return report(entries, tolerance);
}

function report(entries: readonly GradientEntry[], tolerance: number): GradientReport {
  let worst: GradientEntry | null = null;
  // NaN is worse than any number.
  for (const entry of entries) if (worst === null || !(entry.error <= worst.error)) worst = entry;
  const maxError = worst?.error ?? 0;
  if (!(maxError <= tolerance) && worst !== null)
    throw new ValueError(
      `checkGradients: element ${worst.element} of argument ${worst.argument} has derivative ` +
        `${worst.analytic} by the gradient and ${worst.numeric} by differences ` +
        `(error ${maxError.toExponential(1)}, allowed ${tolerance}); check its gradient rule, ` +
        "or whether the function has a kink there",
    );
  return { maxError, worst, entries };
}

/** A scalar that every element of the result matters to, each by another weight. */
function weighted(result: unknown): Tensor {
  const { leaves } = resultOf(result, "checkGradients");
  const parts = leaves.map((y) => {
    const weights = Float64Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.cos(i));
    return y.mul(tensor(weights, { shape: y.shape })).sum();
  });
  return parts.reduce((sum, part) => sum.add(part));
}

function replaced(x: Tensor, element: number, value: number): Tensor {
  const values = Float64Array.from(evaluateNow([x.node])[0]);
  values[element] = value;
  return tensor(values, { shape: x.shape });
}
