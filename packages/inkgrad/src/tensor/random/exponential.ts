import { builder as b } from "../../graph/builder.js";
import type { Tensor } from "../tensor.js";
import { draw, locationScale, positive } from "./parameters.js";
import type { FloatOption, FloatType, Key, Parameter, Sampler } from "./types.js";
import { exponentialNoise, gumbelNoise, negativeLog, sided } from "./words.js";

/**
 * Distributions that are a logarithm of a uniform one. Their tails are exact to probability 2⁻³³
 * in f32, 2⁻⁶⁵ in f64. Gradients flow to location and scale; where a tensor's scale is not
 * positive the result is NaN.
 */

interface ScaleOptions {
  /** The mean, > 0 (default 1): one over the rate. */
  readonly scale?: Parameter;
}
type Options = ScaleOptions & FloatOption<FloatType>;

/**
 * Exponential: density e^(−x/scale) / scale for x > 0.
 *
 * @throws ValueError  unless scale > 0
 */
export const exponential = ((
  key: Key,
  shape: readonly number[],
  { scale = 1, dtype }: Options = {},
): Tensor => {
  const request = draw("exponential", key, shape, dtype);
  const noise = exponentialNoise(request.key, request.shape, request.dtype);
  return locationScale(request, noise, [0, "location"], [scale, "scale"], positive);
}) as Sampler<ScaleOptions>;

interface LocationOptions {
  /** Where the density is greatest (default 0). */
  readonly location?: Parameter;
  /** > 0 (default 1). */
  readonly scale?: Parameter;
}
type Located = LocationOptions & FloatOption<FloatType>;

/**
 * Laplace: density e^(−|x − location| / scale) / (2 scale). Its standard deviation is √2 scale.
 *
 * @throws ValueError  unless scale > 0
 */
export const laplace = ((
  key: Key,
  shape: readonly number[],
  { location = 0, scale = 1, dtype }: Located = {},
): Tensor => {
  const request = draw("laplace", key, shape, dtype);
  const half = sided(request.key, request.shape, request.dtype);
  const size = negativeLog(half, 0.5);
  const noise = b.where(half.negative, b.neg(size), size);
  return locationScale(request, noise, [location, "location"], [scale, "scale"], positive);
}) as Sampler<LocationOptions>;

/**
 * Gumbel: distribution function e^(−e^(−(x − location)/scale)), that of a greatest of many. Its
 * mean is location + 0.5772 scale.
 *
 * @throws ValueError  unless scale > 0
 */
export const gumbel = ((
  key: Key,
  shape: readonly number[],
  { location = 0, scale = 1, dtype }: Located = {},
): Tensor => {
  const request = draw("gumbel", key, shape, dtype);
  const noise = gumbelNoise(request.key, request.shape, request.dtype);
  return locationScale(request, noise, [location, "location"], [scale, "scale"], positive);
}) as Sampler<LocationOptions>;
