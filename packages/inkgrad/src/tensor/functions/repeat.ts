import { ShapeError } from "../../base/errors.js";
import { assertShape, normalizeAxis, show, sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { nodeOf, number, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { PadWidths } from "../types/repeat.js";

/** Methods that make axes longer. */

/** The whole tensor over and over, `reps[i]` times along axis i; aligned at the last axis. */
export function tile(x: Tensor, reps: readonly number[]): Tensor {
  const node = nodeOf(x, "tile");
  assertShape(reps, "tile");
  const rank = Math.max(node.shape.length, reps.length);
  const aligned = (list: readonly number[]): number[] => [
    ...new Array<number>(rank - list.length).fill(1),
    ...list,
  ];
  const [sizes, times] = [aligned(node.shape), aligned(reps)];
  // Each axis gets one in front that is stretched, and is then merged with it.
  const apart = b.reshape(node, { shape: sizes.flatMap((n) => [1, n]) });
  const stretched = b.expand(apart, { shape: sizes.flatMap((n, i) => [times[i], n]) });
  return wrap(b.reshape(stretched, { shape: sizes.map((n, i) => n * times[i]) }));
}

/** Every element `count` times in a row along an axis, or in the flattened tensor. */
export function repeat(x: Tensor, count: number, axis?: number): Tensor {
  const given = nodeOf(x, "repeat");
  if (!(Number.isSafeInteger(count) && count >= 0))
    throw new ShapeError(`repeat: the count must be a whole number ≥ 0, got ${String(count)}`);
  const node = axis === undefined ? b.reshape(given, { shape: [sizeOf(given.shape)] }) : given;
  const { shape } = node;
  const at = normalizeAxis(axis ?? 0, shape.length, "repeat");
  const [before, after] = [shape.slice(0, at + 1), shape.slice(at + 1)];
  const apart = b.reshape(node, { shape: [...before, 1, ...after] });
  const stretched = b.expand(apart, { shape: [...before, count, ...after] });
  return wrap(b.reshape(stretched, { shape: shape.map((n, i) => (i === at ? n * count : n)) }));
}

/**
 * `value` put around x.
 *
 * @param widths  so many on every side, or [before, after] for each axis
 */
export function pad(x: Tensor, widths: PadWidths, value = 0): Tensor {
  const node = nodeOf(x, "pad");
  const { shape, dtype } = node;
  const pairs = typeof widths === "number" ? shape.map(() => [widths, widths]) : widths;
  if (!Array.isArray(pairs) || pairs.length !== shape.length || pairs.some(isNoPair))
    throw new ShapeError(
      `pad: expected a number, or [before, after] for each of the ${shape.length} axes of ` +
        `${show(shape)}, got ${JSON.stringify(widths)}`,
    );
  // Throws for a value that the type cannot hold.
  number(value, [], dtype, "pad");
  const [low, high] = [0, 1].map((side) => pairs.map((pair) => pair[side]));
  return wrap(b.pad(node, { low, high, interior: shape.map(() => 0), value }));
}

const isNoPair = (pair: unknown): boolean => !Array.isArray(pair) || pair.length !== 2;
