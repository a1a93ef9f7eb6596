import { broadcastShapes, sameShape, sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { constantNode, type GraphNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { invert } from "../../ops/recipes.js";
import { expandTo } from "../operand.js";
import type { Selection } from "./parse.js";
import { joined, truePositions } from "./positions.js";
import { putParts, takeParts } from "./ranges.js";

/** Taking what an index selects, and putting something in its place. */

const reshaped = (x: Node, shape: readonly number[]): Node =>
  sameShape(x.shape, shape) ? x : b.reshape(x, { shape: [...shape] });

/** The view that integers, ranges and new axes make. */
export const takeView = (x: Node, { parts, viewShape }: Selection): Node =>
  reshaped(takeParts(x, parts), viewShape);

/** x with `view` in place of what `takeView` would take. */
export const putView = (x: Node, { parts }: Selection, view: Node): Node =>
  putParts(
    x,
    parts,
    reshaped(
      view,
      parts.map((part) => part.size),
    ),
  );

/**
 * Index tensors brought together: the axes they are about seen as one, and the positions in it.
 * The view's other axes keep their order around it.
 */
export interface Lookups {
  readonly order: readonly number[];
  /** The view's shape in that order. */
  readonly ordered: readonly number[];
  /** The same with the axes that are looked up as one, which is axis `axis`. */
  readonly merged: readonly number[];
  readonly axis: number;
  readonly index: Node;
  /** The axis of the result at which the index's axes begin. */
  readonly place: number;
}

/** Index tensors and masks as positions. Masks need their values for it. */
export function bringTogether({ viewShape, lookups, place }: Selection, op: string): Lookups {
  const found = lookups.flatMap(({ axis, index, isMask }) =>
    isMask
      ? truePositions(index as GraphNode, op).map((at, i) => ({
          axis: axis + i,
          index: constantNode(at, [at.length], "i32"),
        }))
      : [{ axis, index }],
  );
  const axes = found.map(({ axis }) => axis);
  const shape = found.reduce<readonly number[]>(
    (both, { index }) => broadcastShapes(both, index.shape, "at"),
    [],
  );
  const indices = found.map(({ index }) => expandTo(index, shape));
  const kept = [...viewShape.keys()].filter((i) => !axes.includes(i));
  const at = axes[0];
  const order = [...kept.slice(0, at), ...axes, ...kept.slice(at)];
  const sizes = axes.map((axis) => viewShape[axis]);
  const others = kept.map((axis) => viewShape[axis]);
  return {
    order,
    ordered: order.map((axis) => viewShape[axis]),
    merged: [...others.slice(0, at), sizeOf(sizes), ...others.slice(at)],
    axis: at,
    index: joined(indices, sizes),
    place,
  };
}

/** The shape of what the lookups pick. */
export function pickedShape({ merged, axis, index, place }: Lookups): number[] {
  const kept = merged.filter((_, i) => i !== axis);
  return [...kept.slice(0, place), ...index.shape, ...kept.slice(place)];
}

export function pick(view: Node, lookups: Lookups): Node {
  const picked = b.gather(mergeAxes(view, lookups), lookups.index, { axis: lookups.axis });
  return moveBlock(picked, lookups.axis, lookups.place, lookups.index.shape.length);
}

/** The view with `values`, shaped like what `pick` gives, set or added where it would take them. */
export function place(view: Node, lookups: Lookups, values: Node, mode: "set" | "add"): Node {
  const { axis, index, ordered, order } = lookups;
  const updates = moveBlock(values, lookups.place, axis, index.shape.length);
  const placed = b.scatter(mergeAxes(view, lookups), index, updates, { axis, mode });
  return permuted(reshaped(placed, ordered), invert(order));
}

const mergeAxes = (view: Node, { order, ordered, merged }: Lookups): Node =>
  ordered.length === merged.length ? view : reshaped(permuted(view, order), merged);

const permuted = (x: Node, order: readonly number[]): Node =>
  order.every((axis, i) => axis === i) ? x : b.permute(x, { axes: order });

/** The `count` axes that begin at `from`, moved so as to begin at `to`. */
function moveBlock(x: Node, from: number, to: number, count: number): Node {
  const axes = [...x.shape.keys()];
  const block = axes.splice(from, count);
  axes.splice(to, 0, ...block);
  return permuted(x, axes);
}
