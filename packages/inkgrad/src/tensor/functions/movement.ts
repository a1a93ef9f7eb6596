import { ShapeError } from "../../base/errors.js";
import {
  assertShape as assertSizes,
  normalizeAxes,
  normalizeAxis,
  show,
  sizeOf,
} from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { expand } from "../../ops/movement.js";
import { moveAxis as moveNodeAxis } from "../../ops/recipes.js";
import { expandTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { AxisArg } from "./reduce.js";

/** The same elements under another shape; one size may be −1, and is worked out. */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const node = nodeOf(x, "reshape");
  const holes = Array.isArray(shape) ? shape.filter((n) => n === -1).length : 0;
  if (holes > 1) throw new ShapeError(`reshape: only one size can be -1, got ${show(shape)}`);
  const sizes = holes === 1 ? fill(node.shape, shape) : shape;
  assertSizes(sizes, "reshape");
  return wrap(b.reshape(node, { shape: [...sizes] }));
}

function fill(from: readonly number[], shape: readonly number[]): number[] {
  const known = sizeOf(shape.filter((n) => n !== -1));
  const rest = sizeOf(from) / known;
  if (!Number.isInteger(rest))
    throw new ShapeError(
      `reshape: ${show(from)} has ${sizeOf(from)} elements, not a multiple of ${known} ` +
        `as ${show(shape)} asks`,
    );
  return shape.map((n) => (n === -1 ? rest : n));
}

/** The axes from `startAxis` on as one. */
export function flatten(x: Tensor, startAxis = 0): Tensor {
  const { shape } = nodeOf(x, "flatten");
  if (shape.length === 0 && startAxis === 0) return reshape(x, [1]);
  const start = normalizeAxis(startAxis, shape.length, "flatten");
  return reshape(x, [...shape.slice(0, start), sizeOf(shape.slice(start))]);
}

export function permute(x: Tensor, axes: readonly number[]): Tensor {
  const node = nodeOf(x, "permute");
  if (!Array.isArray(axes))
    throw new ShapeError(
      `permute: expected a list of all axes such as [1, 0], got ${String(axes)}`,
    );
  const order = axes.map((axis: number) => normalizeAxis(axis, node.shape.length, "permute"));
  return wrap(b.permute(node, { axes: order }));
}

export function transpose(x: Tensor): Tensor {
  const rank = nodeOf(x, "transpose").shape.length;
  if (rank < 2)
    throw new ShapeError(
      `transpose: needs two axes or more, got shape ${show(x.shape)}; expandDims adds one`,
    );
  return swapAxes(x, -1, -2);
}

export function swapAxes(x: Tensor, axis1: number, axis2: number): Tensor {
  const rank = nodeOf(x, "swapAxes").shape.length;
  const [i, j] = [normalizeAxis(axis1, rank, "swapAxes"), normalizeAxis(axis2, rank, "swapAxes")];
  const axes = Array.from({ length: rank }, (_, k) => (k === i ? j : k === j ? i : k));
  return wrap(b.permute(x.node, { axes }));
}

export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  const node = nodeOf(x, "moveAxis");
  const rank = node.shape.length;
  const [i, j] = [normalizeAxis(from, rank, "moveAxis"), normalizeAxis(to, rank, "moveAxis")];
  return wrap(moveNodeAxis(b, node, i, j));
}

/** A new axis of size 1 before `axis`; −1 puts it last. */
export function expandDims(x: Tensor, axis: number): Tensor {
  const node = nodeOf(x, "expandDims");
  const at = normalizeAxis(axis, node.shape.length + 1, "expandDims");
  return wrap(b.reshape(node, { shape: [...node.shape.slice(0, at), 1, ...node.shape.slice(at)] }));
}

/** Axes of size 1 taken away: those named, or all there are. */
export function squeeze(x: Tensor, axis?: AxisArg): Tensor {
  const node = nodeOf(x, "squeeze");
  const { shape } = node;
  const axes =
    axis === undefined
      ? [...shape.keys()].filter((i) => shape[i] === 1)
      : normalizeAxes(axis, shape.length, "squeeze");
  for (const i of axes)
    if (shape[i] !== 1)
      throw new ShapeError(`squeeze: axis ${i} of ${show(shape)} has size ${shape[i]}, not 1`);
  return wrap(b.reshape(node, { shape: shape.filter((_, i) => !axes.includes(i)) }));
}

export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  const node = nodeOf(x, "broadcastTo");
  assertSizes(shape, "broadcastTo");
  // Asked here for its message to name this function.
  expand.shape([node], { shape }, "broadcastTo");
  return wrap(expandTo(node, shape));
}

export function flip(x: Tensor, axis?: AxisArg): Tensor {
  const node = nodeOf(x, "flip");
  return wrap(b.flip(node, { axes: normalizeAxes(axis, node.shape.length, "flip") }));
}

/** x itself, once its shape is found to be the one that is claimed; −1 leaves a size open. */
export function assertShape(x: Tensor, shape: readonly number[]): Tensor {
  const actual = nodeOf(x, "assertShape").shape;
  assertSizes(
    Array.isArray(shape) ? shape.map((n: number) => (n === -1 ? 0 : n)) : shape,
    "assertShape",
  );
  if (shape.length !== actual.length || shape.some((n, i) => n !== -1 && n !== actual[i]))
    throw new ShapeError(`assertShape: the shape is ${show(actual)}, not ${show(shape)}`);
  return x;
}
