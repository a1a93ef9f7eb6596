import { arithmeticType, holds, isFloat, sumType } from "../../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../../base/errors.js";
import { show, sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { constantNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { castTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { Convolve2dFunction, ConvolveFunction } from "../types/functions-signal.js";
import type { Sides } from "./spatial.js";

/**
 * Convolution as signal processing has it: one of the two is flipped. Sums of products of integers
 * are exact, in the type of a sum (u8 gives u32).
 */

export type Mode = "full" | "same" | "valid";

/**
 * (a ∗ b)[t] = Σ a[s] · b[t − s]. Which of the two comes first does not matter.
 *
 * @param a     [n]
 * @param b     [m]
 * @param mode  "full" (default): all n + m − 1 places where the two overlap; "same": the middle
 *              max(n, m) of them; "valid": those where they overlap wholly
 * @throws ShapeError  unless both are vectors with one element or more
 * @throws ValueError  for another mode
 * @source  NumPy `convolve`
 */
export const convolve: ConvolveFunction = ((x: Tensor, y: Tensor, mode: Mode = "full") =>
  wrap(convolved(...vectors(x, y, mode, "convolve"), mode))) as never;

/**
 * c[t] = Σ a[t + s] · v[s]: how alike the two are, for every shift.
 *
 * @param a     [n]
 * @param v     [m]
 * @param mode  "valid" (default), "same" or "full", as for `convolve`
 * @throws ShapeError  unless both are vectors with one element or more
 * @throws ValueError  for another mode
 * @source  NumPy `correlate`
 */
export const correlate: ConvolveFunction = ((x: Tensor, y: Tensor, mode: Mode = "valid") => {
  const [a, v] = vectors(x, y, mode, "correlate");
  const reverse = (node: Node): Node => b.flip(node, { axes: [0] });
  // The longer one stays in place, and the middle of the result is its middle.
  return wrap(
    a.shape[0] >= v.shape[0]
      ? convolved(a, reverse(v), mode)
      : reverse(convolved(v, reverse(a), mode)),
  );
}) as never;

function convolved(x: Node, y: Node, mode: Mode): Node {
  const [long, short] = x.shape[0] >= y.shape[0] ? [x, y] : [y, x];
  return slideOver(long, short, [overhang(short.shape[0], mode)]);
}

interface Options {
  readonly mode?: Mode;
  readonly boundary?: "fill" | "wrap" | "symmetric";
  readonly fillValue?: number;
}

/**
 * The convolution of two matrices: Σ a[s, t] · b[i − s, j − t].
 *
 * @param a  [h, w]
 * @param b  [kh, kw]
 * @param options.mode      "full" (default): [h + kh − 1, w + kw − 1]; "same": the middle [h, w] of
 *                          it; "valid": where one lies wholly within the other
 * @param options.boundary  what lies beyond the edges of a: "fill" (default) `fillValue`, "wrap" a
 *                          again, "symmetric" a mirrored at its edge
 * @param options.fillValue default 0
 * @throws ShapeError  unless both are matrices with one element or more; for "valid" if neither fits
 *                     into the other
 * @throws ValueError  for another mode or boundary
 * @throws DTypeError  if the type of the result does not hold `fillValue`
 * @source  SciPy `signal.convolve2d`
 */
export const convolve2d: Convolve2dFunction = ((x: Tensor, y: Tensor, options: Options = {}) => {
  const { mode = "full", boundary = "fill", fillValue = 0 } = options;
  requireOneOf(mode, modes, "mode", "convolve2d");
  requireOneOf(boundary, ["fill", "wrap", "symmetric"], "boundary", "convolve2d");
  const both = operands(x, y, 2, "matrices [h, w]", "convolve2d");
  const [image, window] = mode === "valid" ? containing(...both, "convolve2d") : both;
  const sides = window.shape.map((n) => overhang(n, mode));
  if (boundary !== "fill") {
    const wider = sides.reduce((node, side, axis) => continued(node, axis, side, boundary), image);
    return wrap(slideOver(wider, window, nothing));
  }
  if (!holds(image.dtype, fillValue))
    throw new DTypeError(
      `convolve2d: fillValue ${fillValue} is not a value of type ${image.dtype}; ` +
        'cast a tensor first, as a.cast("f32")',
    );
  if (fillValue === 0) return wrap(slideOver(image, window, sides));
  return wrap(slideOver(padded(image, sides, fillValue), window, nothing));
}) as never;

const nothing: readonly Sides[] = [
  [0, 0],
  [0, 0],
];

/** A matrix that goes on beyond its edges along one axis. */
function continued(
  x: Node,
  axis: number,
  [before, after]: Sides,
  boundary: "wrap" | "symmetric",
): Node {
  if (before + after === 0) return x;
  const n = x.shape[axis];
  const places = Int32Array.from({ length: before + n + after }, (_, i) => {
    // Mirrored, the signal repeats after it has gone forth and back.
    const period = boundary === "wrap" ? n : 2 * n;
    const at = (((i - before) % period) + period) % period;
    return at < n ? at : period - 1 - at;
  });
  return b.gather(x, constantNode(places, [places.length], "i32"), { axis });
}

/** How far the shorter one reaches beyond either end of the longer one, at most. */
function overhang(n: number, mode: Mode): Sides {
  if (mode === "full") return [n - 1, n - 1];
  return mode === "same" ? [Math.floor(n / 2), Math.floor((n - 1) / 2)] : [0, 0];
}

/** Σ over `window`, flipped, times what lies under it at each of its places in x, zeros around. */
function slideOver(x: Node, window: Node, sides: readonly Sides[]): Node {
  const axes = [...x.shape.keys()];
  const kernel = b.flip(window, { axes });
  const ones = axes.map(() => 1);
  if (isFloat(x.dtype)) {
    const attrs = {
      strides: ones,
      dilation: ones,
      padding: sides.slice(0, axes.length),
      groups: 1,
    };
    const images = b.reshape(x, { shape: [1, ...x.shape, 1] });
    const y = b.conv(images, b.reshape(kernel, { shape: [...kernel.shape, 1, 1] }), attrs);
    return b.reshape(y, { shape: y.shape.slice(1, -1) });
  }
  const size = [...kernel.shape];
  const under = b.windows(padded(x, sides, 0), { axes, size, strides: ones, dilation: ones });
  const shape = under.shape.slice(0, axes.length);
  const rows = b.reshape(under, { shape: [sizeOf(shape), sizeOf(size)] });
  const column = b.reshape(kernel, { shape: [sizeOf(size), 1] });
  return b.reshape(b.matmul(rows, column), { shape });
}

const padded = (x: Node, sides: readonly Sides[], value: number): Node =>
  b.pad(x, {
    low: x.shape.map((_, i) => sides[i][0]),
    high: x.shape.map((_, i) => sides[i][1]),
    interior: x.shape.map(() => 0),
    value,
  });

const modes = ["full", "same", "valid"] as const;
function requireOneOf(value: unknown, known: readonly string[], what: string, op: string): void {
  if (!known.includes(value as string))
    throw new ValueError(
      `${op}: ${what} must be one of ${known.map((k) => `"${k}"`).join(", ")}, got ${String(value)}`,
    );
}
export const requireMode = (mode: unknown, op: string): void =>
  requireOneOf(mode, modes, "mode", op);

function vectors(x: Tensor, y: Tensor, mode: Mode, op: string): [Node, Node] {
  requireMode(mode, op);
  return operands(x, y, 1, "vectors [n]", op);
}

/** Both in the type of a sum of their products. */
function operands(x: Tensor, y: Tensor, rank: number, what: string, op: string): [Node, Node] {
  const [a, c] = [nodeOf(x, op), nodeOf(y, op)];
  if (a.shape.length !== rank || c.shape.length !== rank)
    throw new ShapeError(`${op}: takes two ${what}, got ${show(a.shape)} and ${show(c.shape)}`);
  requireElements(a, c, op);
  const dtype = sumType(arithmeticType(a.dtype, c.dtype));
  return [castTo(a, dtype), castTo(c, dtype)];
}

export function requireElements(a: Node, c: Node, op: string): void {
  if (sizeOf(a.shape) === 0 || sizeOf(c.shape) === 0)
    throw new ShapeError(
      `${op}: needs one element or more on either side, got ${show(a.shape)} and ${show(c.shape)}`,
    );
}

/** The two in such an order that the second fits into the first along every axis. */
export function containing(a: Node, c: Node, op: string): [Node, Node] {
  if (a.shape.every((n, i) => n >= c.shape[i])) return [a, c];
  if (a.shape.every((n, i) => n <= c.shape[i])) return [c, a];
  throw new ShapeError(
    `${op}: mode "valid" needs one that fits into the other along every axis, ` +
      `got ${show(a.shape)} and ${show(c.shape)}`,
  );
}
