import { arithmeticType, floatType } from "../../base/dtype.js";
import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { FftConvolveFunction } from "../types/functions-signal.js";
import { type Complex, overAxis, resized, zerosOf } from "./fourier.js";
import { containing, type Mode, requireElements, requireMode } from "./signal.js";

/**
 * The convolution of two tensors over all axes, by Fourier transforms: for long signals quicker
 * than `convolve`, and as exact as sums of floats are. Works for any number of axes.
 *
 * @param a     [n, …]
 * @param b     [m, …], with as many axes
 * @param mode  "full" (default): n + m − 1 along each axis; "same": the middle, of a's shape;
 *              "valid": where one lies wholly within the other
 * @returns     floats
 * @throws ShapeError  for scalars, empty tensors or different ranks; for "valid" if neither fits
 *                     into the other
 * @throws ValueError  for another mode
 * @source  SciPy `signal.fftconvolve`
 */
export const fftConvolve: FftConvolveFunction = ((x: Tensor, y: Tensor, mode: Mode = "full") => {
  requireMode(mode, "fftConvolve");
  const [p, q] = [nodeOf(x, "fftConvolve"), nodeOf(y, "fftConvolve")];
  if (p.shape.length !== q.shape.length || p.shape.length === 0)
    throw new ShapeError(
      "fftConvolve: needs two tensors with the same number of axes, one or more, " +
        `got ${show(p.shape)} and ${show(q.shape)}`,
    );
  requireElements(p, q, "fftConvolve");
  const dtype = floatType(arithmeticType(p.dtype, q.dtype));
  const operands: [Node, Node] = [castTo(p, dtype), castTo(q, dtype)];
  const [a, c] = mode === "valid" ? containing(...operands, "fftConvolve") : operands;
  const full = a.shape.map((n, i) => n + c.shape[i] - 1);
  const product = spectralProduct(a, c, full.map(quickLength));
  const start = c.shape.map((m) =>
    mode === "full" ? 0 : mode === "same" ? Math.floor((m - 1) / 2) : m - 1,
  );
  const size =
    mode === "full" ? full : a.shape.map((n, i) => (mode === "same" ? n : n - c.shape[i] + 1));
  const stop = start.map((from, i) => from + size[i]);
  return wrap(b.slice(product, { start, stop, step: start.map(() => 1) }));
}) as never;

/** The circular convolution of two real tensors, filled with zeros to `shape`. */
function spectralProduct(a: Node, c: Node, shape: readonly number[]): Node {
  const axes = [...shape.keys()];
  const spectrum = (x: Node): Complex =>
    axes.reduce<Complex>(
      (parts, axis) =>
        overAxis(parts.map((part) => resized(part, axis, shape[axis])) as Complex, axis, false),
      [x, zerosOf(x)],
    );
  const [[ar, ai], [cr, ci]] = [spectrum(a), spectrum(c)];
  const product: Complex = [
    b.sub(b.mul(ar, cr), b.mul(ai, ci)),
    b.add(b.mul(ar, ci), b.mul(ai, cr)),
  ];
  return axes.reduce<Complex>((parts, axis) => overAxis(parts, axis, true), product)[0];
}

/** The least number ≥ n that has no prime factor but 2, 3 and 5: lengths that transform quickly. */
function quickLength(n: number): number {
  for (let length = n; ; length++) {
    let rest = length;
    for (const p of [2, 3, 5]) while (rest % p === 0) rest /= p;
    if (rest === 1) return length;
  }
}
