import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import type { Node } from "../../ops/op.js";

/** What convolution and pooling have in common: options for all spatial axes or for each. */

/** One number for all spatial axes, or one for each. */
export type PerAxis = number | readonly number[];
export type Sides = readonly [before: number, after: number];
/**
 * Elements put around x: none, as many as give ⌈size / stride⌉ windows ("same": where the number
 * is odd, the one more comes after, as in TensorFlow), so many on every side, or [before, after]
 * for each axis.
 */
export type Padding = "valid" | "same" | number | readonly Sides[];

/** The windows that slide over an input. */
export interface Slide {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
}

/** An option as the user wrote it, or nearly. */
const asText = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(asText).join(", ")}]`
    : typeof value === "number"
      ? String(value)
      : describe(value);

const isCount = (n: unknown, least: number): n is number =>
  Number.isInteger(n) && (n as number) >= least;

/** An option as one whole number ≥ 1 (or another least one) for each axis. */
export function perAxis(
  value: PerAxis,
  rank: number,
  what: string,
  op: string,
  least = 1,
): number[] {
  const list = Array.isArray(value)
    ? [...(value as number[])]
    : new Array<number>(rank).fill(value as number);
  if (list.length !== rank || !list.every((n) => isCount(n, least)))
    throw new ShapeError(
      `${op}: ${what} must be a whole number ≥ ${least}${rank > 1 ? `, or ${rank} of them` : ""}, ` +
        `got ${asText(value)}`,
    );
  return list;
}

/** Padding as [before, after] for each of the axes with the given sizes. */
export function paddingOf(
  padding: Padding,
  sizes: readonly number[],
  slide: Slide,
  op: string,
): Sides[] {
  if (padding === "valid") return sizes.map(() => [0, 0]);
  if (padding === "same") return sizes.map((size, i) => samePadding(size, slide, i));
  if (isCount(padding, 0)) return sizes.map(() => [padding, padding]);
  if (
    !Array.isArray(padding) ||
    padding.length !== sizes.length ||
    !padding.every(
      (sides) => Array.isArray(sides) && sides.length === 2 && sides.every((n) => isCount(n, 0)),
    )
  )
    throw new ShapeError(
      `${op}: padding must be "valid", "same", a whole number ≥ 0, or [before, after] for each of ` +
        `${sizes.length} spatial axes, got ${asText(padding)}`,
    );
  return padding as Sides[];
}

function samePadding(size: number, slide: Slide, axis: number): Sides {
  const stride = slide.strides[axis];
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + reachOf(slide, axis) - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Elements from a window's first point to its last. */
export const reachOf = ({ window, dilation }: Slide, axis: number): number =>
  (window[axis] - 1) * dilation[axis] + 1;

const layouts: Readonly<Record<number, string>> = { 1: "w", 2: "h, w" };

/** Throws unless x is [n, ...spatial, c]. */
export function requireChannelsLast(x: Node, rank: number, op: string): void {
  if (x.shape.length !== rank + 2)
    throw new ShapeError(
      `${op}: x must be [n, ${layouts[rank]}, c], not ${show(x.shape)}; reshape it, or add an axis ` +
        "with expandDims",
    );
}
