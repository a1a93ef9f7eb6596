import { ShapeError } from "../../base/errors.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type InitializerLike, initializerOf } from "../initializers/named.js";
import { customGradient } from "../../tensor/transforms/custom.js";
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

/** Over which of x's axes numbers are normalised together, and over which gamma is the same. */
interface Axes {
  readonly together: readonly number[];
  readonly shared: readonly number[];
}

/**
 * (x − mean) / √(variance + epsilon) · gamma + beta, with the statistics of x itself along some axes.
 * Its gradient is written out, for so x and what comes from behind, g, are gone through twice: once
 * example by example, for the sums Σ g gamma and Σ g gamma (x − mean) and right after them the gradient
 * of x, once for those of gamma and beta.
 *
 * @param axes  gamma and beta are the same along `shared`, and have the other axes' sizes
 * @source Ba et al., arXiv:1607.06450, section 3
 */
export function normalizedByItself(
  x: Tensor,
  { together, shared }: Axes,
  epsilon: number,
  params: Variables,
): Tensor {
  const { gamma, beta } = params as { gamma?: Tensor; beta?: Tensor };
  const kept = { keepDims: true } as const;
  const statistics = (x: Tensor): { away: Tensor; factor: Tensor } => {
    const mean = x.mean(together, kept) as Tensor;
    const variance = x.variance(together, kept) as Tensor;
    return { away: x.sub(mean), factor: variance.add(epsilon).rsqrt() };
  };
  const forward = (): Tensor => {
    const { away, factor } = statistics(x);
    const unit: Tensor = away.mul(factor);
    const scaled: Tensor = gamma === undefined ? unit : unit.mul(gamma);
    return beta === undefined ? scaled : scaled.add(beta);
  };
  const rule = (g: Tensor, _y: Tensor, ...[x, ...learned]: readonly Tensor[]): Tensor[] => {
    const { away, factor } = statistics(x);
    const scaled: Tensor = gamma === undefined ? g : g.mul(learned[0]);
    const count = together.reduce((n, axis) => n * x.shape[axis], 1);
    const sum = scaled.sum(together, kept) as Tensor;
    const along = scaled.mul(away).sum(together, kept) as Tensor;
    const tilt: Tensor = along.mul(factor).mul(factor).div(count);
    const dx: Tensor = scaled.sub(sum.div(count)).sub(away.mul(tilt)).mul(factor);
    const dGamma = g.mul(away).mul(factor).sum(shared) as Tensor;
    return [
      dx,
      ...(gamma === undefined ? [] : [dGamma]),
      ...(beta === undefined ? [] : [g.sum(shared) as Tensor]),
    ];
  };
  const learned = [gamma, beta].filter((p) => p !== undefined);
  return customGradient<readonly Tensor[], Tensor>(forward, rule)(x, ...learned);
}

/** (x − mean) / √(variance + epsilon). */
export function normalized(x: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor {
  const factor: Tensor = variance.add(epsilon).rsqrt();
  return x.sub(mean).mul(factor);
}
