import { ShapeError } from "../../base/errors.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type InitializerLike, initializerOf } from "../initializers/named.js";
import type { Variables } from "../layer.js";

/** What the layers that normalise have in common. */

export interface AffineOptions {
  /** Is the result multiplied with something learned, gamma? (default true) */
  readonly scale?: boolean;
  /** Is something learned added, beta? (default true) */
  readonly center?: boolean;
  /** First values of gamma (default "ones"). */
  readonly gammaInitializer?: InitializerLike;
  /** First values of beta (default "zeros"). */
  readonly betaInitializer?: InitializerLike;
}

/** First values of gamma and beta: [channels]. */
export function firstAffine(
  key: Key,
  example: readonly number[],
  options: AffineOptions,
  op: string,
): Variables {
  const { scale = true, center = true } = options;
  const { gammaInitializer = "ones", betaInitializer = "zeros" } = options;
  if (example.length === 0)
    throw new ShapeError(`${op}: each example must have an axis, of channels, not []`);
  const channels = [example[example.length - 1]];
  const first = (like: InitializerLike, part: number): Tensor =>
    initializerOf(like, op)(foldIn(key, part), channels);
  return {
    ...(scale && { gamma: first(gammaInitializer, 0) }),
    ...(center && { beta: first(betaInitializer, 1) }),
  };
}

/** x · gamma + beta, with those that there are. */
export function affine(x: Tensor, params: Variables): Tensor {
  const { gamma, beta } = params as { gamma?: Tensor; beta?: Tensor };
  const scaled = gamma === undefined ? x : x.mul(gamma);
  return beta === undefined ? scaled : scaled.add(beta);
}

/** (x − mean) / √(variance + epsilon). */
export function normalized(x: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor {
  const factor: Tensor = variance.add(epsilon).rsqrt();
  return x.sub(mean).mul(factor);
}
