import { ShapeError } from "./errors.js";

/** Sizes of the axes, outermost first; `[]` is a scalar. Elements lie in row-major order. */
export type Shape = number[];
export type ReadonlyShape = readonly number[];

export const show = (shape: ReadonlyShape): string => `[${shape.join(", ")}]`;

export function sizeOf(shape: ReadonlyShape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

export function sameShape(a: ReadonlyShape, b: ReadonlyShape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Elements to step over to move by one along each axis. */
export function stridesOf(shape: ReadonlyShape): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** Throws unless every size is a whole number ≥ 0. */
export function assertShape(shape: unknown, op: string): asserts shape is Shape {
  if (!Array.isArray(shape))
    throw new ShapeError(
      `${op}: expected a shape such as [2, 3], got ${typeof shape === "number" ? `the number ${shape}; write [${shape}]` : typeof shape}`,
    );
  for (const size of shape)
    if (!Number.isSafeInteger(size) || size < 0)
      throw new ShapeError(`${op}: sizes must be whole numbers ≥ 0, got ${show(shape)}`);
}

/**
 * NumPy's broadcasting: align at the last axis; equal sizes stay, a 1 stretches, a missing axis
 * counts as 1. `[5, 1, 4]` with `[3, 1]` gives `[5, 3, 4]`.
 */
export function broadcastShapes(a: ReadonlyShape, b: ReadonlyShape, op = "broadcast"): Shape {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = i <= a.length ? a[a.length - i] : 1;
    const n = i <= b.length ? b[b.length - i] : 1;
    if (m !== n && m !== 1 && n !== 1)
      throw new ShapeError(
        `${op}: shapes ${show(a)} and ${show(b)} do not broadcast; ` +
          `sizes ${m} and ${n} of axis -${i} must be equal, or one of them 1`,
      );
    out[rank - i] = m === 1 ? n : m;
  }
  return out;
}

/** An axis counted from the front; -1 is the last. */
export function normalizeAxis(axis: number, rank: number, op: string): number {
  const index = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || index < 0 || index >= rank)
    throw new ShapeError(
      `${op}: axis ${axis} is out of range for a tensor with ${rank} ${rank === 1 ? "axis" : "axes"}` +
        (rank === 0 ? "; a scalar has none" : `; use ${-rank} to ${rank - 1}`),
    );
  return index;
}

/** Axes counted from the front, ascending, each once; all of them for `undefined`. */
export function normalizeAxes(
  axes: number | readonly number[] | undefined,
  rank: number,
  op: string,
): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  if (typeof axes !== "number" && !Array.isArray(axes))
    throw new ShapeError(`${op}: expected an axis or a list of axes, got ${String(axes)}`);
  const list = [axes].flat().map((axis: number) => normalizeAxis(axis, rank, op));
  list.sort((a, b) => a - b);
  for (let i = 1; i < list.length; i++)
    if (list[i] === list[i - 1]) throw new ShapeError(`${op}: axis ${list[i]} is given twice`);
  return list;
}

export const removeAxes = (shape: ReadonlyShape, axes: readonly number[]): Shape =>
  shape.filter((_, i) => !axes.includes(i));

/** The shape with size 1 at `axes`: what a reduction gives with `keepDims`. */
export const keptShape = (shape: ReadonlyShape, axes: readonly number[]): Shape =>
  shape.map((size, i) => (axes.includes(i) ? 1 : size));

/** Positions of a window along an axis; negative or 0 where it does not fit. */
export const positions = (
  size: number,
  window: number,
  stride: number,
  dilation: number,
  [low, high]: readonly [number, number] = [0, 0],
): number => Math.floor((size + low + high - dilation * (window - 1) - 1) / stride) + 1;
