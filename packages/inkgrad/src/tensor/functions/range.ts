import { allocate, assertDType, type DType } from "../../base/dtype.js";
import { InkgradError, ShapeError, ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { builder as b } from "../../graph/builder.js";
import { constantNode } from "../../graph/node.js";
import { convert } from "./create.js";
import { expandTo, nodeOf, wrap } from "../operand.js";
import { Tensor } from "../tensor.js";
import type { ArangeFunction, DTypeOption, LinspaceFunction } from "../types/functions.js";

/** Numbers in even steps. Each is worked out by itself: no error adds up on the way. */

/**
 * `start`, `start + step`, … up to but without `stop`; from 0 in steps of 1 where these are left
 * out. A stop that only rounding keeps from being met is not one more element.
 *
 * @throws ValueError  if the step is 0, or a number is not finite
 */
export const arange = ((...args: (number | DTypeOption<DType> | undefined)[]): Tensor => {
  const last = args.at(-1);
  const { dtype = "f32" } = typeof last === "object" ? last : {};
  const numbers = args.filter((x) => typeof x === "number");
  const [start, stop] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const step = numbers[2] ?? 1;
  if (![start, stop, step].every(Number.isFinite) || step === 0)
    throw new ValueError(
      `arange: expected (stop), (start, stop) or (start, stop, step) of finite numbers with ` +
        `step ≠ 0, got (${numbers.join(", ")})`,
    );
  const count = stepsBetween(start, stop, step);
  return fromSteps(count, (i) => start + i * step, dtype, "arange");
}) as ArangeFunction;

function stepsBetween(start: number, stop: number, step: number): number {
  const steps = (stop - start) / step;
  const whole = Math.round(steps);
  // What the roundings of stop − start and of the quotient may come to.
  const slack = (4 * Number.EPSILON * (Math.abs(start) + Math.abs(stop))) / Math.abs(step);
  return Math.max(Math.abs(steps - whole) <= slack ? whole : Math.ceil(steps), 0);
}

/** `count` numbers from `start` to `stop`, both included. */
export const linspace = ((
  start: number,
  stop: number,
  count: number,
  { dtype = "f32" }: DTypeOption<DType> = {},
): Tensor => {
  if (![start, stop].every(Number.isFinite))
    throw new ValueError(`linspace: the ends must be finite, got ${start} and ${stop}`);
  const last = count - 1;
  const at = (i: number): number =>
    i === last && i > 0 ? stop : start + ((stop - start) * i) / last;
  return fromSteps(count, (i) => (i === 0 ? start : at(i)), dtype, "linspace");
}) as LinspaceFunction;

function fromSteps(count: number, at: (i: number) => number, dtype: DType, op: string): Tensor {
  assertDType(dtype, op);
  if (!(Number.isInteger(count) && count >= 0 && count < 2 ** 32))
    throw new ShapeError(`${op}: the count must be a whole number from 0 to 2³², got ${count}`);
  const values = allocate("f64", count).map((_, i) => at(i));
  return new Tensor(constantNode(convert(values, dtype, op), [count], dtype));
}

/**
 * The coordinates of a grid: one tensor for each vector, all of them of the grid's shape.
 *
 * @param options.indexing  "xy" (default): the first two axes are swapped, as pictures have rows
 *   first; "ij": axis i follows vector i
 */
export function meshgrid(
  vectors: readonly Tensor[],
  { indexing = "xy" }: { readonly indexing?: "xy" | "ij" } = {},
): Tensor[] {
  if (!Array.isArray(vectors))
    throw new InkgradError(`meshgrid: expected a list of vectors, got ${describe(vectors)}`);
  const nodes = vectors.map((x: Tensor) => nodeOf(x, "meshgrid"));
  const order = [...nodes.keys()];
  if (indexing === "xy" && nodes.length > 1) order.splice(0, 2, 1, 0);
  for (const { shape } of nodes)
    if (shape.length !== 1)
      throw new ShapeError(`meshgrid: takes vectors, got shape [${shape.join(", ")}]`);
  const shape = order.map((i) => nodes[i].shape[0]);
  return nodes.map((node, i) => {
    const line = b.reshape(node, { shape: order.map((j) => (j === i ? node.shape[0] : 1)) });
    return wrap(expandTo(line, shape));
  });
}
