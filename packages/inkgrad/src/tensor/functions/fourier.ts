import { arithmeticType, assertDType, type DType, floatType } from "../../base/dtype.js";
import { ShapeError, ValueError } from "../../base/errors.js";
import { normalizeAxis, sameShape, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { GraphNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { iotaAlong, moveAxis } from "../../ops/recipes.js";
import { castTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { release } from "../transforms/leaves.js";
import type {
  FourierFunction,
  FrequenciesFunction,
  InverseRealFourierFunction,
  RealFourierFunction,
} from "../types/functions-signal.js";

/**
 * Fourier transforms. A complex tensor is a pair of real ones, [real, imaginary]; integers become
 * f32. Conventions are NumPy's: the forward transform is a plain sum, the inverse divides by n.
 */

interface Options {
  readonly axis?: number;
  readonly n?: number;
}

/**
 * X[k] = Σ x[j] · e^(−2πi jk/n), along one axis.
 *
 * @param re  real parts
 * @param im  imaginary parts, of the same shape (default: zeros)
 * @param options.axis  default −1
 * @param options.n     points: a longer axis is cut, a shorter filled with zeros (default: its size)
 * @returns   [real, imaginary]
 * @throws ShapeError  if the shapes of the two differ or there is not even one point
 * @source  NumPy `fft.fft`; Cooley & Tukey, 1965
 */
export const fft: FourierFunction = ((re: Tensor, im?: Tensor, options?: Options) =>
  both(transform(re, im, options, false, "fft"))) as never;

/**
 * x[j] = 1/n Σ X[k] · e^(+2πi jk/n), along one axis: undoes `fft`. Arguments and errors are those
 * of `fft`.
 *
 * @source  NumPy `fft.ifft`
 */
export const ifft: FourierFunction = ((re: Tensor, im?: Tensor, options?: Options) =>
  both(transform(re, im, options, true, "ifft"))) as never;

/**
 * The first ⌊n/2⌋ + 1 values of `fft` of a real signal: the others are their complex conjugates.
 *
 * @source  NumPy `fft.rfft`
 */
export const rfft: RealFourierFunction = ((x: Tensor, options?: Options) =>
  both(
    transform(x, undefined, options, false, "rfft").map((node) => {
      const axis = axisOf(node, options, "rfft");
      return resized(node, axis, Math.floor(node.shape[axis] / 2) + 1);
    }),
  )) as never;

/**
 * The real signal whose `rfft` is given: [..., ⌊n/2⌋ + 1] to [..., n]. Where the imaginary part of a
 * real signal must be 0 (the first value, and for an even n the last) it is taken as 0.
 *
 * @param options.n  points of the result (default: 2 · (size − 1), which is even)
 * @source  NumPy `fft.irfft`
 */
export const irfft: InverseRealFourierFunction = ((
  re: Tensor,
  im: Tensor,
  options: Options = {},
) => {
  const [x, y] = complex(re, im, "irfft");
  const axis = axisOf(x, options, "irfft");
  const n = pointsOf(options.n ?? 2 * (x.shape[axis] - 1), "irfft");
  // Each value stands for itself and its conjugate, but for those that are their own: the real part
  // of a sum is the same when one of the two counts double.
  const weigh = (node: Node): Node => {
    const half = resized(node, axis, Math.floor(n / 2) + 1);
    const place = iotaAlong(b, half.shape, axis);
    const alone = b.logicalOr(b.equal(place, 0), b.equal(b.mul(place, 2), n));
    return resized(b.where(alone, half, b.mul(half, 2)), axis, n);
  };
  return wrap(overAxis([weigh(x), weigh(y)], axis, true)[0]);
}) as never;

/**
 * The frequencies that the values of `fft` belong to, in cycles per unit of `spacing`: 0, 1, …,
 * then the negative ones up to −1, each over n · spacing.
 *
 * @param spacing  time from one sample to the next (default 1)
 * @source  NumPy `fft.fftfreq`
 */
export const fftFrequencies: FrequenciesFunction = ((
  n: number,
  spacing = 1,
  { dtype = "f32" }: { dtype?: DType } = {},
) => {
  pointsOf(n, "fftFrequencies");
  assertDType(dtype, "fftFrequencies");
  if (!(Math.abs(spacing) > 0))
    throw new ValueError(`fftFrequencies: spacing must be a number other than 0, got ${spacing}`);
  const steps = b.cast(b.iota({ size: n, dtype: "i32" }), { dtype: "f64" });
  const signed = b.sub(
    steps,
    b.mul(b.cast(b.greaterEqual(b.mul(steps, 2), n), { dtype: "f64" }), n),
  );
  return wrap(castTo(b.div(signed, n * spacing), dtype));
}) as never;

export type Complex = [re: Node, im: Node];
const both = (nodes: readonly Node[]): Tensor[] => release(nodes as readonly GraphNode[]);
export const zerosOf = ({ shape, dtype }: Node): Node =>
  b.full({ shape: [...shape], value: 0, dtype });

/** Two parts of one shape and one float type. */
function complex(re: Tensor, im: Tensor | undefined, op: string): Complex {
  const x = nodeOf(re, op);
  const y = im === undefined ? x : nodeOf(im, op);
  if (!sameShape(x.shape, y.shape))
    throw new ShapeError(
      `${op}: real and imaginary parts must have the same shape, got ${show(x.shape)} and ` +
        show(y.shape),
    );
  const dtype = floatType(arithmeticType(x.dtype, y.dtype));
  const real = castTo(x, dtype);
  return [real, im === undefined ? zerosOf(real) : castTo(y, dtype)];
}

const axisOf = (x: Node, { axis = -1 }: Options = {}, op: string): number =>
  normalizeAxis(axis, x.shape.length, op);

function pointsOf(n: number, op: string): number {
  if (!(Number.isInteger(n) && n >= 1))
    throw new ShapeError(`${op}: needs one point or more, got n = ${n}`);
  return n;
}

function transform(
  re: Tensor,
  im: Tensor | undefined,
  options: Options = {},
  inverse: boolean,
  op: string,
): Complex {
  const parts = complex(re, im, op);
  const axis = axisOf(parts[0], options, op);
  const n = pointsOf(options.n ?? parts[0].shape[axis], op);
  return overAxis(parts.map((part) => resized(part, axis, n)) as Complex, axis, inverse);
}

/** The transform along one axis; the inverse divides by the number of points. */
export function overAxis([re, im]: Complex, axis: number, inverse: boolean): Complex {
  const last = re.shape.length - 1;
  const pairs = b.concat(
    [re, im].map((part) => {
      const moved = moveAxis(b, part, axis, last);
      return b.reshape(moved, { shape: [...moved.shape, 1] });
    }),
    { axis: last + 1 },
  );
  const whole = b.fft(pairs, { inverse });
  const scaled = inverse ? b.div(whole, re.shape[axis]) : whole;
  const part = (i: number): Node => {
    const zeros = whole.shape.map(() => 0);
    const one = b.slice(scaled, {
      start: [...zeros.slice(1), i],
      stop: [...whole.shape.slice(0, -1), i + 1],
      step: zeros.map(() => 1),
    });
    return moveAxis(b, b.reshape(one, { shape: whole.shape.slice(0, -1) }), last, axis);
  };
  return [part(0), part(1)];
}

/** Cut, or filled with zeros, to n along an axis. */
export function resized(x: Node, axis: number, n: number): Node {
  const size = x.shape[axis];
  if (n === size) return x;
  const at = (value: number): number[] => x.shape.map((_, i) => (i === axis ? value : 0));
  if (n > size) return b.pad(x, { low: at(0), high: at(n - size), interior: at(0), value: 0 });
  const stop = x.shape.map((m, i) => (i === axis ? n : m));
  return b.slice(x, { start: at(0), stop, step: x.shape.map(() => 1) });
}
