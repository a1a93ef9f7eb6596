import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { moveAxis } from "../../ops/recipes.js";
import { expandTo } from "../operand.js";
import type { Selection } from "./parse.js";
import { requireStretchable } from "./values.js";

/** A mask, and the values for where it is true, both of the shape of the view they are for. */
export interface MaskedView {
  readonly mask: Node;
  readonly values: Node;
}

/**
 * Setting by one mask without asking how much it selects: for values that do not change along the
 * mask. Null where that way is not open.
 */
export function maskedView(selection: Selection, values: Node, op: string): MaskedView | null {
  const { viewShape, lookups, place } = selection;
  const [{ axis, index, isMask }] = lookups;
  if (lookups.length !== 1 || !isMask) return null;
  const covered = index.shape.length;
  const kept = [...viewShape.slice(0, axis), ...viewShape.slice(axis + covered)];
  const rank = kept.length + 1;
  const along = values.shape[place - (rank - values.shape.length)];
  if (along !== undefined && along !== 1) return null;
  requireStretchable(values, [...kept.slice(0, place), null, ...kept.slice(place)], op);

  const ones = (count: number): number[] => new Array<number>(Math.max(count, 0)).fill(1);
  const aligned = b.reshape(values, {
    shape: [...ones(rank - values.shape.length), ...values.shape],
  });
  const { shape } = moveAxis(b, aligned, place, axis);
  const spread = b.reshape(moveAxis(b, aligned, place, axis), {
    shape: [...shape.slice(0, axis), ...ones(covered), ...shape.slice(axis + 1)],
  });
  const mask = b.reshape(index, { shape: [...index.shape, ...ones(kept.length - axis)] });
  return { mask: expandTo(mask, viewShape), values: expandTo(spread, viewShape) };
}
