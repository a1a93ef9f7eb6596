import { isFloat } from "../../../../base/dtype.js";
import type { ConvAttrs } from "../../../../ops/convolution.js";
import type { OperationKernel } from "../../../program.js";

/** One spatial axis of a convolution. */
export interface Axis {
  /** Sizes of x, of the result and of the window. */
  readonly size: number;
  readonly out: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before the first element. */
  readonly low: number;
}

/**
 * The numbers of a convolution over lines of columns, channels last; one over a single axis has one
 * line.
 */
export interface Geometry {
  readonly dtype: "f32" | "f64";
  readonly images: number;
  readonly lines: Axis;
  readonly columns: Axis;
  /** Channels of x and of the result, all groups together. */
  readonly channels: number;
  readonly features: number;
  readonly groups: number;
  /** Multiplications and additions in all. */
  readonly operations: number;
}

const single: Axis = { size: 1, out: 1, window: 1, stride: 1, dilation: 1, low: 0 };

/**
 * What a `conv`, `convInput` or `convKernel` computes; null for types and numbers of axes that have
 * no kernel here, and for sums over nothing.
 */
export function geometryOf({ node }: OperationKernel): Geometry | null {
  const { dtype, op, src, shape, attrs } = node;
  const { strides, padding, dilation, groups } = attrs as ConvAttrs;
  const rank = strides.length;
  if ((dtype !== "f32" && dtype !== "f64") || !src.every((x) => isFloat(x.dtype))) return null;
  if (rank !== 1 && rank !== 2) return null;
  const [x, k, y] =
    op === "conv"
      ? [src[0].shape, src[1].shape, shape]
      : op === "convInput"
        ? [shape, src[1].shape, src[0].shape]
        : [src[0].shape, shape, src[1].shape];
  if ([...x, ...k, ...y].includes(0)) return null;
  const axes = strides.map((stride, i) => ({
    size: x[1 + i],
    out: y[1 + i],
    window: k[i],
    stride,
    dilation: dilation[i],
    low: padding[i][0],
  }));
  const [lines, columns] = rank === 1 ? [single, axes[0]] : axes;
  const [channels, features] = [x[rank + 1], y[rank + 1]];
  const places = x[0] * lines.out * columns.out;
  const products = lines.window * columns.window * (channels / groups) * features;
  return {
    dtype,
    images: x[0],
    lines,
    columns,
    channels,
    features,
    groups,
    operations: 2 * places * products,
  };
}
