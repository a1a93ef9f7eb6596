import { floatType } from "../../base/dtype.js";
import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { nodeOf, wrap } from "../../tensor/operand.js";
import { uniform } from "../../tensor/random/uniform.js";
import { keyNode } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import { scoped } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Interval, Size } from "./types.js";

/** What all transforms of images share. */

/** A function of batches, applied to a batch or a single image. */
export function onImages(op: string, x: Tensor, f: (batch: Tensor) => Tensor): Tensor {
  const { shape } = nodeOf(x, op);
  if (shape.length !== 3 && shape.length !== 4)
    throw new ShapeError(
      `${op}: images must be [n, h, w, c], or one [h, w, c], not ${show(shape)}; ` +
        "grey ones need an axis of one channel: x.expandDims(-1)",
    );
  // What is made on the way is nobody's: its values need not be kept.
  const result = scoped(() => (shape.length === 4 ? f(x) : f(x.expandDims(0)).squeeze(0)).node);
  return wrap(result);
}

/** As `onImages`, for what draws random numbers. */
export function onImagesWith(
  op: string,
  x: Tensor,
  key: Key,
  f: (batch: Tensor, key: Key) => Tensor,
): Tensor {
  keyNode(key, op);
  return onImages(op, x, (batch) => f(batch, key));
}

/** Floats as they are, others as f32. */
export const asFloat = (x: Tensor): Tensor => {
  const dtype = floatType(x.dtype);
  return x.dtype === dtype ? x : x.cast(dtype);
};

export function sizeOf2d(size: Size, op: string): readonly [number, number] {
  const [h, w] = typeof size === "number" ? [size, size] : size;
  for (const n of [h, w])
    if (!Number.isInteger(n) || n < 1)
      throw new ShapeError(
        `${op}: a size must be a whole number of pixels ≥ 1, or [height, width], got ${describe(size)}`,
      );
  return [h, w];
}

/** A limit m stands for −m … m (around `centre`). */
export function interval(
  value: number | Interval,
  op: string,
  what: string,
  centre = 0,
  least = -Infinity,
): Interval {
  const [low, high] = typeof value === "number" ? [centre - value, centre + value] : value;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high && low > least))
    throw new ValueError(
      `${op}: ${what} must be a limit or [least, most]${
        least === -Infinity ? "" : ` above ${least}`
      }, got ${typeof value === "number" ? value : `[${value.join(", ")}]`}`,
    );
  return [low, high];
}

export function requireProbability(p: number, op: string): void {
  if (!(p >= 0 && p <= 1))
    throw new ValueError(`${op}: a probability lies between 0 and 1, got ${String(p)}`);
}

/** `count` columns [n, 1, 1] of numbers in [0, 1), one for each image. */
export function draws(key: Key, n: number, count: number): Tensor[] {
  const all = uniform(key, [n, count]);
  return Array.from({ length: count }, (_, i) => all.slice([[], [i, i + 1]]).reshape([n, 1, 1]));
}

/** Numbers in [0, 1) stretched over an interval. */
export const within = (u: Tensor, [low, high]: Interval): Tensor => u.mul(high - low).add(low);
