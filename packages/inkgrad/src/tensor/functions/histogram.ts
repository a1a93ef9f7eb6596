import { allocate, isFloat, isInteger, sumType } from "../../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { constantNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { castTo, elementsOf, floatNode, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { tensor } from "./create.js";

/** How many elements there are of which size. x is evaluated at once. */

export interface BincountOptions {
  /** Added up in place of ones: shaped like x. Gradients flow to them. */
  readonly weights?: Tensor;
  /** The least length of the result (default 0). */
  readonly minLength?: number;
}

type Summed = "i32" | "u32" | "f32" | "f64";

/**
 * How often each of 0, 1, 2, … occurs in a vector of integers: i32, up to the greatest that does.
 *
 * @throws ValueError  if an element is negative
 * @throws TraceError  inside a function that is being traced: the length depends on the values
 */
export function bincount(
  x: Tensor,
  { weights, minLength = 0 }: BincountOptions = {},
): Tensor<[number], Summed> {
  const node = nodeOf(x, "bincount");
  if (!isInteger(node.dtype))
    throw new DTypeError(`bincount: takes integers, got ${node.dtype}; use .cast("i32") first`);
  if (node.shape.length !== 1)
    throw new ShapeError(`bincount: takes a vector, got shape ${show(node.shape)}; flatten it`);
  if (!(Number.isSafeInteger(minLength) && minLength >= 0))
    throw new ShapeError(`bincount: minLength must be a whole number ≥ 0, got ${minLength}`);
  const values = elementsOf(node);
  let length = minLength;
  for (const value of values) {
    if (value < 0) throw new ValueError(`bincount: elements must be ≥ 0, got ${value}`);
    if (value >= length) length = value + 1;
  }
  if (weights !== undefined)
    return wrap(weighted(node, weights, length)) as Tensor<[number], Summed>;
  const counts = new Int32Array(length);
  for (const value of values) counts[value]++;
  return tensor(counts);
}

function weighted(index: Node, weights: Tensor, length: number): Node {
  const given = nodeOf(weights, "bincount");
  if (show(given.shape) !== show(index.shape))
    throw new ShapeError(
      `bincount: the weights have shape ${show(given.shape)}, x has ${show(index.shape)}`,
    );
  const dtype = sumType(given.dtype);
  const zeros = b.full({ shape: [length], value: 0, dtype });
  const places = castTo(index, "i32");
  return b.scatter(zeros, places, castTo(given, dtype), { axis: 0, mode: "add" });
}

export interface HistogramOptions {
  /** How many intervals (default 10). */
  readonly bins?: number;
  /** From where to where (default: the least to the greatest element); what is outside is left out. */
  readonly range?: readonly [low: number, high: number];
}

/**
 * How many elements fall into each of `bins` equal intervals: [counts (i32), edges]. An interval
 * has its lower edge; the last one has both.
 *
 * @throws ValueError  if x is not finite and no range is given
 * @throws TraceError  inside a function that is being traced
 * @source NumPy `histogram`
 */
export function histogram(
  x: Tensor,
  { bins = 10, range }: HistogramOptions = {},
): [counts: Tensor<[number], "i32">, edges: Tensor<[number], "f32" | "f64">] {
  if (!(Number.isSafeInteger(bins) && bins >= 1))
    throw new ShapeError(`histogram: bins must be a whole number ≥ 1, got ${String(bins)}`);
  const given = nodeOf(x, "histogram");
  const node = floatNode(x, "histogram");
  // Integers are counted as they are: f32 would not tell large ones apart.
  const values = elementsOf(isFloat(given.dtype) ? node : given);
  const [low, high] = limits(values, range);
  const edges = allocate(node.dtype, bins + 1).map((_, i) =>
    i === bins ? high : low + ((high - low) * i) / bins,
  );
  const counts = new Int32Array(bins);
  for (const value of values)
    if (value >= low && value <= high) counts[binOf(value, edges, low, high)]++;
  return [
    tensor(counts),
    wrap(constantNode(edges, [bins + 1], node.dtype)) as Tensor<[number], "f32" | "f64">,
  ];
}

/** The estimate may be off by one next to an edge: there the edge decides. */
function binOf(value: number, edges: ArrayLike<number>, low: number, high: number): number {
  const last = edges.length - 2;
  const estimate = Math.min(Math.floor(((value - low) / (high - low)) * (last + 1)), last);
  if (estimate > 0 && value < edges[estimate]) return estimate - 1;
  return estimate < last && value >= edges[estimate + 1] ? estimate + 1 : estimate;
}

function limits(
  values: ArrayLike<number>,
  range: readonly [number, number] | undefined,
): readonly [number, number] {
  let [low, high] = range ?? [Infinity, -Infinity];
  if (range === undefined)
    for (let i = 0; i < values.length; i++) {
      // A NaN makes both NaN, and stays.
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  if (range === undefined && values.length === 0) return [0, 1];
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high))
    throw new ValueError(
      `histogram: the range must be two finite numbers, the lower first, got ${low} and ${high}` +
        (range ? "" : " from the elements; give options.range to leave some out"),
    );
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}
