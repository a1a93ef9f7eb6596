import { InkgradError, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { ones, zeros } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { customGradient } from "../../tensor/transforms/custom.js";
import type { Context, Layer, Variables } from "../layer.js";
import type { LastAxisRule } from "../types/rules.js";
import { type AffineOptions, affine, firstAffine, normalized } from "./normalize.js";
import { requirePositive, savable } from "./options.js";

export interface BatchNormOptions extends AffineOptions {
  /**
   * The share of the running statistics that stays at each step (default 0.9: Keras's convention,
   * PyTorch's number, which it calls 0.1). Keras's 0.99 takes several hundred steps to forget
   * where the statistics began, more than a short training has.
   */
  readonly momentum?: number;
  /** Added to the variance (default 1e-5, as in PyTorch; Keras's 1e-3 distorts quiet channels). */
  readonly epsilon?: number;
  readonly name?: string;
}

interface Running {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Gives each channel (the last axis) the mean 0 and the variance 1, then a learned scale and offset:
 * (x − mean) / √(variance + epsilon) · gamma + beta.
 *
 * While training, mean and variance are those of the batch (the variance divided by the count of
 * numbers, n), and running ones are kept: r ← momentum · r + (1 − momentum) · now, where the
 * variance is divided by n − 1, as in PyTorch (Keras: by n). They begin as 0 and 1; a batch with a
 * single number a channel tells nothing of a variance and leaves them. Otherwise they are what is
 * used.
 *
 * @throws ShapeError  for examples without an axis
 * @source Ioffe & Szegedy, arXiv:1502.03167
 */
export function batchNorm(options: BatchNormOptions = {}): Layer<LastAxisRule<"batchNorm">> {
  const { momentum = 0.9, epsilon = 1e-5, name } = options;
  if (!(momentum >= 0 && momentum < 1))
    throw new ValueError(
      `batchNorm: momentum must be at least 0 and below 1, got ${String(momentum)}; it is the share ` +
        "that stays, where PyTorch's is the share that changes",
    );
  requirePositive(epsilon, "epsilon", "batchNorm");
  return {
    kind: "batchNorm",
    name,
    options: savable(options),
    init: (key, shape) => firstAffine(key, shape, options, "batchNorm"),
    initState(shape) {
      const channels = [shape[shape.length - 1]];
      return { mean: zeros(channels), variance: ones(channels) };
    },
    apply(params, x, context) {
      if (x.rank < 2)
        throw new ShapeError("batchNorm: each example must have an axis, of channels, not []");
      if (!context.training) {
        const { mean, variance } = running(context.state);
        return affine(normalized(x, mean, variance, epsilon), params);
      }
      keepRunning(x, context, momentum);
      return normalizedByBatch(x, epsilon, params);
    },
  };
}

const leading = (x: Tensor): number[] => x.shape.slice(0, -1).map((_, i) => i);
const countIn = (x: Tensor): number => sizeOf(x.shape.slice(0, -1));

/**
 * The statistics of a batch, in one pass: both sums are of differences from the first number of each
 * channel, which lies among the others, so that their squares do not cancel where the mean is large. Asked
 * for twice, they are computed once.
 *
 * @source Chan, Golub & LeVeque, Algorithms for Computing the Sample Variance, 1983 ("shifted data")
 */
function ofBatch(x: Tensor): Running {
  const axes = leading(x);
  const first = x.slice(axes.map(() => [0, 1] as const)).reshape([x.shape[x.rank - 1]]) as Tensor;
  const shifted: Tensor = x.sub(first);
  const off = shifted.mean(axes) as Tensor;
  const squares = shifted.square().mean(axes) as Tensor;
  return { mean: first.add(off), variance: squares.sub(off.square()).maximum(0) };
}

/** Brings the running statistics nearer to those of a batch. */
function keepRunning(x: Tensor, { state, keep, momentum }: Context, own: number): void {
  const count = countIn(x);
  if (state === undefined || count <= 1) return;
  const { mean, variance } = ofBatch(x);
  const old = state as unknown as Running;
  const toward = (r: Tensor, now: Tensor, factor: number): Tensor => {
    const fresh = now.cast(r.dtype).mul(factor);
    return fresh.add(r.sub(fresh).mul((momentum ?? own) as never));
  };
  keep({
    mean: toward(old.mean, mean, 1),
    variance: toward(old.variance, variance, count / (count - 1)),
  });
}

/**
 * (x − mean) · gamma / √(variance + epsilon) + beta, with statistics of x itself. Its gradient is
 * written out, because so it takes two passes over x and what comes from behind, g: one for Σ g and
 * Σ g (x − mean), which are also the gradients of beta and (divided by the deviation) of gamma, and one
 * for the gradient of x. What the chain rule gives step by step takes nine.
 *
 * @source Ioffe & Szegedy, arXiv:1502.03167, section 3
 */
function normalizedByBatch(x: Tensor, epsilon: number, params: Variables): Tensor {
  const { gamma, beta } = params as { gamma?: Tensor; beta?: Tensor };
  const parts = (x: Tensor, gamma?: Tensor): { away: Tensor; factor: Tensor; scale: Tensor } => {
    const { mean, variance } = ofBatch(x);
    const factor: Tensor = variance.add(epsilon).rsqrt();
    return { away: x.sub(mean), factor, scale: gamma === undefined ? factor : factor.mul(gamma) };
  };
  const forward = (): Tensor => {
    const { away, scale } = parts(x, gamma);
    const scaled: Tensor = away.mul(scale);
    return beta === undefined ? scaled : scaled.add(beta);
  };
  const rule = (g: Tensor, _y: Tensor, ...[x, ...learned]: readonly Tensor[]): Tensor[] => {
    const { away, factor, scale } = parts(x, gamma === undefined ? undefined : learned[0]);
    const [axes, count] = [leading(x), countIn(x)];
    const sum = g.sum(axes) as Tensor;
    const along = (g.mul(away).sum(axes) as Tensor).mul(factor);
    const tilt: Tensor = along.mul(factor).div(count);
    const dx: Tensor = g.sub(sum.div(count)).sub(away.mul(tilt)).mul(scale);
    return [dx, ...(gamma === undefined ? [] : [along]), ...(beta === undefined ? [] : [sum])];
  };
  const learned = [gamma, beta].filter((p) => p !== undefined);
  return customGradient<readonly Tensor[], Tensor>(forward, rule)(x, ...learned);
}

function running(state: Variables | undefined): Running {
  const { mean, variance } = (state ?? {}) as Partial<Running>;
  if (mean === undefined || variance === undefined)
    throw new InkgradError(
      "batchNorm: its running statistics are missing; give apply a context with them, " +
        "{ ...context, state: model.initState(shape) }, or use predict of a trained model",
    );
  return { mean, variance };
}
