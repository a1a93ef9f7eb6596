import { ValueError } from "../../base/errors.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { anyNumber, draw, type Draw, parameter } from "./parameters.js";
import type { FloatOption, FloatType, Key, Parameter, Sampler } from "./types.js";
import { unit } from "./words.js";

interface Options {
  /** Included (default 0). */
  readonly min?: Parameter;
  /** Not included (default 1). */
  readonly max?: Parameter;
}

/**
 * Uniform in [min, max): min + (max − min)·u, where u is one of 2²⁴ (f32) or 2⁵³ (f64) evenly
 * spaced numbers in [0, 1). A sum that rounding would carry up to `max` becomes `min`. Gradients
 * flow to `min` and `max`. Where a tensor's min is not below its max the result is NaN.
 *
 * @throws ValueError  unless min < max in the type drawn, and their distance is finite
 */
export const uniform = ((
  key: Key,
  shape: readonly number[],
  { min = 0, max = 1, dtype }: Options & FloatOption<FloatType> = {},
): Tensor => {
  const request = draw("uniform", key, shape, dtype);
  const low = parameter(request, "min", min, anyNumber);
  const high = parameter(request, "max", max, anyNumber);
  const u = unit(request.key, request.shape, request.dtype);
  if (typeof low === "number" && typeof high === "number")
    return wrap(betweenNumbers(request, u, low, high));
  const bound = (x: number | Node): Node =>
    typeof x === "number" ? b.full({ ...request, value: x }) : x;
  return wrap(betweenNodes(u, bound(low), bound(high)));
}) as Sampler<Options>;

function betweenNumbers({ dtype }: Draw, u: Node, min: number, max: number): Node {
  const rounded = (x: number): number => (dtype === "f32" ? Math.fround(x) : x);
  const [low, high] = [rounded(min), rounded(max)];
  const width = rounded(high - low);
  if (!(low < high))
    throw new ValueError(`uniform: min must be below max in ${dtype}, got ${min} and ${max}`);
  if (width === Infinity)
    throw new ValueError(
      `uniform: the distance from ${min} to ${max} is beyond what ${dtype} can hold; draw in ` +
        "[0, 1) and scale the parts",
    );
  if (low === 0 && high === 1) return u;
  const x = b.add(low, b.mul(width, u));
  return b.where(b.less(x, high), x, low);
}

function betweenNodes(u: Node, min: Node, max: Node): Node {
  const x = b.add(min, b.mul(b.sub(max, min), u));
  const inside = b.where(b.less(x, max), x, min);
  return b.where(b.less(min, max), inside, NaN);
}
