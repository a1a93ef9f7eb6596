import { computeType } from "../../base/dtype.js";
import { ShapeError, ValueError } from "../../base/errors.js";
import {
  keptShape,
  normalizeAxes,
  normalizeAxis,
  removeAxes,
  show,
  sizeOf,
} from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { takeAlong } from "../../ops/recipes.js";
import { castTo, floatNode, nodeOf, wrap, wrapAll } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { AxisArg, ReduceOptions } from "./reduce.js";

/** What the order of the elements tells. */

/**
 * The `k` greatest elements along an axis (default −1), the greatest first, and their positions.
 * Of equal ones the first comes first; NaN counts as the greatest.
 */
export function topK(
  x: Tensor,
  k: number,
  { axis = -1 }: { readonly axis?: number } = {},
): [values: Tensor, indices: Tensor] {
  const node = nodeOf(x, "topK");
  const { shape } = node;
  const at = normalizeAxis(axis, shape.length, "topK");
  if (!(Number.isInteger(k) && k >= 0 && k <= shape[at]))
    throw new ShapeError(
      `topK: k must be a whole number from 0 to ${shape[at]}, the size of axis ${at} of ` +
        `${show(shape)}, got ${String(k)}`,
    );
  const wide = castTo(node, computeType(node.dtype));
  const indices = sliceAxis(b.argsort(wide, { axis: at, descending: true }), at, 0, k);
  return wrapAll([takeAlong(b, node, indices, at), indices]) as [Tensor, Tensor];
}

/**
 * The element that a share `q` of all stands below; between two elements it is interpolated. NaN
 * if any element is NaN, or there are none.
 *
 * @param q  from 0 to 1
 * @source NumPy `quantile`, method "linear"
 */
export function quantile(
  x: Tensor,
  q: number,
  axis?: AxisArg,
  options: ReduceOptions = {},
): Tensor {
  if (!(q >= 0 && q <= 1))
    throw new ValueError(`quantile: q must be from 0 to 1, got ${String(q)}`);
  return quantileOf(x, q, axis, options, "quantile");
}

/** The middle element; of an even number, the mean of the two in the middle. */
export const median = (x: Tensor, axis?: AxisArg, options: ReduceOptions = {}): Tensor =>
  quantileOf(x, 0.5, axis, options, "median");

function quantileOf(
  x: Tensor,
  q: number,
  axis: AxisArg,
  options: ReduceOptions,
  op: string,
): Tensor {
  const node = floatNode(x, op);
  const axes = normalizeAxes(axis, node.shape.length, op);
  const rest = removeAxes(node.shape, axes);
  const count = sizeOf(axes.map((i) => node.shape[i]));
  const order = [...node.shape.keys()].filter((i) => !axes.includes(i)).concat(axes);
  const rows = b.reshape(b.permute(node, { axes: order }), { shape: [...rest, count] });
  const shape = options.keepDims ? keptShape(node.shape, axes) : rest;
  if (count === 0) return wrap(b.full({ shape, value: NaN, dtype: node.dtype }));
  return wrap(b.reshape(interpolated(rows, q * (count - 1)), { shape }));
}

/** The value at a fractional position of each sorted row: [..., n] to [..., 1]. */
function interpolated(rows: Node, position: number): Node {
  const axis = rows.shape.length - 1;
  const sorted = b.sort(rows, { axis, descending: false });
  const at = (i: number): Node => sliceAxis(sorted, axis, i, i + 1);
  const below = Math.floor(position);
  const share = position - below;
  // Weighted, not below + share · (above − below): two infinities would make that NaN.
  const value =
    share === 0 ? at(below) : b.add(b.mul(1 - share, at(below)), b.mul(share, at(below + 1)));
  const last = at(rows.shape[axis] - 1);
  return b.where(b.isNaN(last), last, value);
}

const sliceAxis = (x: Node, axis: number, from: number, to: number): Node =>
  b.slice(x, {
    start: x.shape.map((_, i) => (i === axis ? from : 0)),
    stop: x.shape.map((n, i) => (i === axis ? to : n)),
    step: x.shape.map(() => 1),
  });
