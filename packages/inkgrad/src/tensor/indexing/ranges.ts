import { IndexError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import type { Range } from "../types/slice.js";

/** The part of an axis that an entry of an index takes: forwards, after turning it if need be. */
export interface Part {
  readonly start: number;
  readonly stop: number;
  /** ≥ 1 */
  readonly step: number;
  readonly flipped: boolean;
  /** How many elements it takes. */
  readonly size: number;
}

export const whole = (size: number): Part => ({
  start: 0,
  stop: size,
  step: 1,
  flipped: false,
  size,
});

export const single = (at: number): Part => ({ ...whole(1), start: at, stop: at + 1 });

/** Is it all of an axis of `size` elements, in whichever direction? */
export const isWhole = (part: Part, size: number): boolean =>
  part.size === size && part.step === 1 && part.start === 0;

/**
 * A range within axis `axis` of `shape`. Bounds count from the end when negative; they lie within
 * the axis, and stop does not come before start (after it, for a negative step).
 *
 * @throws IndexError  otherwise: "slice: [1, 9] is not within axis 0 of shape [5]; …"
 */
export function partOf(range: Range, axis: number, shape: readonly number[], op: string): Part {
  const size = shape[axis];
  const [first, last, step = 1] = range;
  const back = step < 0;
  const at = (bound: number): number => (bound < 0 ? bound + size : bound);
  // Backwards the axis is turned: position i becomes size − 1 − i.
  const turned = (bound: number): number => size - 1 - at(bound);
  const start = first === undefined ? 0 : back ? turned(first) : at(first);
  const stop = last === undefined ? size : back ? turned(last) : at(last);
  const within = [first, last].every((v) => v === undefined || (at(v) >= 0 && at(v) <= size));
  const integers = [start, stop, step].every(Number.isInteger);
  if (!within || !integers || step === 0 || range.length > 3 || !(0 <= start && start <= stop))
    throw new IndexError(
      `${op}: ${show(range as readonly number[])} is not within axis ${axis} of shape ${show(shape)}; ` +
        advice(size),
    );
  const by = Math.abs(step);
  return { start, stop, step: by, flipped: back, size: Math.ceil((stop - start) / by) };
}

const advice = (size: number): string =>
  `a range is [start?, stop?, step?], in whole numbers from ${-size || 0} to ${size}, start before ` +
  "stop (after it for a negative step), step not 0";

/** The parts of a tensor's axes, as views. */
export function takeParts(x: Node, parts: readonly Part[]): Node {
  const axes = [...parts.keys()].filter((i) => parts[i].flipped);
  const turned = axes.length === 0 ? x : b.flip(x, { axes });
  if (parts.every((part, i) => isWhole(part, x.shape[i]))) return turned;
  return b.slice(turned, {
    start: parts.map((part) => part.start),
    stop: parts.map((part) => part.stop),
    step: parts.map((part) => part.step),
  });
}

/** x with `values` in place of its parts: what `takeParts` would take from it afterwards. */
export function putParts(x: Node, parts: readonly Part[], values: Node): Node {
  const axes = [...parts.keys()].filter((i) => parts[i].flipped);
  const turnedBack = (node: Node): Node => (axes.length === 0 ? node : b.flip(node, { axes }));
  if (parts.some((part) => part.size === 0)) return x;
  if (parts.every((part, i) => isWhole(part, x.shape[i]))) return turnedBack(values);
  const spread = (node: Node): Node =>
    turnedBack(
      b.pad(node, {
        low: parts.map((part) => part.start),
        high: parts.map(({ start, step, size }, i) => x.shape[i] - start - ((size - 1) * step + 1)),
        interior: parts.map((part) => part.step - 1),
        value: 0,
      }),
    );
  const inside = spread(b.full({ shape: [...values.shape], value: 1, dtype: "bool" }));
  return b.where(inside, spread(values), x);
}
