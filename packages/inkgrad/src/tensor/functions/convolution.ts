import { arithmeticType, isFloat } from "../../base/dtype.js";
import { DTypeError, ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { conv } from "../../ops/convolution.js";
import type { Node } from "../../ops/op.js";
import { castTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { Conv1dFunction, Conv2dFunction } from "../types/functions.js";
import type {
  ConvTranspose1dFunction,
  ConvTranspose2dFunction,
} from "../types/functions-signal.js";
import {
  type Padding,
  paddingOf,
  type PerAxis,
  perAxis,
  reachOf,
  requireChannelsLast,
  type Sides,
  type Slide,
} from "./spatial.js";

interface Options {
  readonly stride?: PerAxis;
  readonly padding?: Padding;
  readonly dilation?: PerAxis;
  readonly groups?: number;
}
interface TransposeOptions extends Options {
  readonly outputPadding?: PerAxis;
}

/**
 * 1-D cross-correlation (the kernel is not flipped), channels last.
 *
 * @param x       [n, w, c]
 * @param kernel  [kw, c / groups, k]
 * @param options.stride    elements from one window to the next (default 1)
 * @param options.padding   "valid" (default), "same" as in TensorFlow, elements on either side, or
 *                          [[before, after]]
 * @param options.dilation  elements from one of a window's points to the next (default 1)
 * @param options.groups    parts that the channels are split into, each with kernels of its own
 * @returns       [n, ow, k], in the common float type
 * @throws ShapeError  if channels do not agree or not even one window fits
 * @throws DTypeError  if neither is of a float type
 * @source  Dumoulin & Visin, arXiv:1603.07285
 */
export const conv1d: Conv1dFunction = ((x: Tensor, kernel: Tensor, options?: Options) =>
  convolved(x, kernel, options, 1, "conv1d")) as never;

/**
 * 2-D cross-correlation (the kernel is not flipped), channels last.
 *
 * @param x       [n, h, w, c]
 * @param kernel  [kh, kw, c / groups, k]
 * @param options as for `conv1d`; stride and dilation one number or [vertical, horizontal], padding
 *                also [[top, bottom], [left, right]]
 * @returns       [n, oh, ow, k], in the common float type
 * @throws ShapeError  if channels do not agree or not even one window fits: "conv2d: x has 3
 *                     channels, kernel expects 1, …"
 * @throws DTypeError  if neither is of a float type
 * @source  Dumoulin & Visin, arXiv:1603.07285
 */
export const conv2d: Conv2dFunction = ((x: Tensor, kernel: Tensor, options?: Options) =>
  convolved(x, kernel, options, 2, "conv2d")) as never;

function convolved(
  x: Tensor,
  kernel: Tensor,
  options: Options = {},
  rank: number,
  op: string,
): Tensor {
  const [input, weights] = operands(x, kernel, "[${w}, c, k]", rank, op);
  const slide = slideOf(weights, options, rank, op);
  const padding = paddingOf(options.padding ?? "valid", input.shape.slice(1, -1), slide, op);
  const attrs = attrsOf(slide, padding, options, op);
  // Asked here first, so that what does not fit is said in the name of the public function.
  conv.shape([input, weights], attrs, op);
  return wrap(b.conv(input, weights, attrs));
}

/**
 * Transposed 1-D convolution: the gradient of `conv1d` in its input, as a layer of its own. It
 * makes of w elements (w − 1) · stride + dilation · (kw − 1) + 1 − padding + outputPadding.
 *
 * @param x       [n, w, c]
 * @param kernel  [kw, k / groups, c]: that of the convolution which is transposed, from the k
 *                channels of the result to the c of x (TensorFlow's layout; PyTorch's is
 *                [c, k / groups, kw])
 * @param options.stride         elements of the result from one window to the next (default 1)
 * @param options.padding        elements cut off: "valid" (default: none), "same" (as many as leave
 *                               w · stride), so many on either side, or [[before, after]]
 * @param options.outputPadding  elements added behind, less than the stride: which of the sizes that
 *                               a strided convolution takes to w is wanted (default 0, the least)
 * @returns       [n, ow, k], in the common float type
 * @throws ShapeError  if channels do not agree, or nothing of the result is left
 * @throws DTypeError  if neither is of a float type
 * @source  Dumoulin & Visin, arXiv:1603.07285, chapter 4; the options are PyTorch's
 */
export const convTranspose1d: ConvTranspose1dFunction = ((
  x: Tensor,
  kernel: Tensor,
  options?: TransposeOptions,
) => transposed(x, kernel, options, 1, "convTranspose1d")) as never;

/**
 * Transposed 2-D convolution: the gradient of `conv2d` in its input, as a layer of its own.
 *
 * @param x       [n, h, w, c]
 * @param kernel  [kh, kw, k / groups, c], from the k channels of the result to the c of x
 * @param options as for `convTranspose1d`, one number or [vertical, horizontal]
 * @returns       [n, oh, ow, k], in the common float type
 * @throws ShapeError  if channels do not agree, or nothing of the result is left
 * @throws DTypeError  if neither is of a float type
 * @source  Dumoulin & Visin, arXiv:1603.07285, chapter 4; the options are PyTorch's
 */
export const convTranspose2d: ConvTranspose2dFunction = ((
  x: Tensor,
  kernel: Tensor,
  options?: TransposeOptions,
) => transposed(x, kernel, options, 2, "convTranspose2d")) as never;

function transposed(
  x: Tensor,
  kernel: Tensor,
  options: TransposeOptions = {},
  rank: number,
  op: string,
): Tensor {
  const [input, weights] = operands(x, kernel, "[${w}, k, c]", rank, op);
  const [c, expected] = [input.shape.at(-1)!, weights.shape.at(-1)!];
  if (c !== expected)
    throw new ShapeError(
      `${op}: x has ${c} channels, kernel expects ${expected}, ` +
        `${show(input.shape)} with ${show(weights.shape)}`,
    );
  const slide = slideOf(weights, options, rank, op);
  const { spatial, padding } = enlarged(input.shape.slice(1, -1), slide, options, op);
  const attrs = attrsOf(slide, padding, options, op);
  return wrap(b.convInput(input, weights, { ...attrs, spatial }));
}

/** The sizes of a transposed convolution's result, and the padding that leads to them. */
function enlarged(
  sizes: readonly number[],
  slide: Slide,
  options: TransposeOptions,
  op: string,
): { spatial: number[]; padding: Sides[] } {
  const { strides } = slide;
  const same = options.padding === "same";
  const extra = perAxis(options.outputPadding ?? 0, sizes.length, "outputPadding", op, 0);
  if (extra.some((n, i) => n >= strides[i] || (same && n > 0)))
    throw new ShapeError(
      `${op}: outputPadding must be less than the stride, and 0 with padding "same"; got ` +
        `${show(extra)} with stride ${show(strides)}`,
    );
  const whole = sizes.map((n, i) => n * strides[i]);
  const padding = paddingOf(options.padding ?? "valid", whole, slide, op);
  const spatial = same
    ? whole
    : sizes.map(
        (n, i) =>
          (n - 1) * strides[i] + reachOf(slide, i) - padding[i][0] - padding[i][1] + extra[i],
      );
  if (sizes.includes(0) || spatial.some((n) => n < 1))
    throw new ShapeError(
      `${op}: nothing is left of the result: spatial sizes ${show(sizes)} with window ` +
        `${slide.window.join("×")} and padding ${JSON.stringify(padding)} give ${show(spatial)}`,
    );
  return { spatial, padding };
}

/** Input and kernel in their common float type. `layout` is for the message. */
function operands(
  x: Tensor,
  kernel: Tensor,
  layout: string,
  rank: number,
  op: string,
): [Node, Node] {
  const [input, weights] = [nodeOf(x, op), nodeOf(kernel, op)];
  requireChannelsLast(input, rank, op);
  if (weights.shape.length !== rank + 2)
    throw new ShapeError(
      `${op}: kernel must be ${layout.replace("${w}", rank === 1 ? "kw" : "kh, kw")}, ` +
        `not ${show(weights.shape)}`,
    );
  const dtype = arithmeticType(input.dtype, weights.dtype);
  if (!isFloat(dtype))
    throw new DTypeError(
      `${op}: takes floats, got ${input.dtype} and ${weights.dtype}; use x.cast("f32") first`,
    );
  return [castTo(input, dtype), castTo(weights, dtype)];
}

const slideOf = (kernel: Node, options: Options, rank: number, op: string): Slide => ({
  window: kernel.shape.slice(0, rank),
  strides: perAxis(options.stride ?? 1, rank, "stride", op),
  dilation: perAxis(options.dilation ?? 1, rank, "dilation", op),
});

function attrsOf({ strides, dilation }: Slide, padding: Sides[], options: Options, op: string) {
  const [groups] = perAxis(options.groups ?? 1, 1, "groups", op);
  return { strides, dilation, padding, groups };
}
