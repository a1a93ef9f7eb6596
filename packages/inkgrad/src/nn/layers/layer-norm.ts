import { ShapeError } from "../../base/errors.js";
import { show, sizeOf } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Layer } from "../layer.js";
import type { GroupNormRule, LastAxisRule } from "../types/rules.js";
import { type AffineOptions, firstAffine, normalizedByItself } from "./normalize.js";
import { requireCount, requirePositive, savable } from "./options.js";

export interface LayerNormOptions extends AffineOptions {
  /** Added to the variance (default 1e-5, as in PyTorch; Keras: 1e-3). */
  readonly epsilon?: number;
  readonly name?: string;
}

/**
 * Gives each list of numbers along the last axis the mean 0 and the variance 1, then a learned
 * scale and offset for each place in it: (x − mean) / √(variance + epsilon) · gamma + beta. It does the
 * same while training and afterwards.
 *
 * @throws ShapeError  for examples without an axis
 * @source Ba et al., arXiv:1607.06450
 */
export function layerNorm(options: LayerNormOptions = {}): Layer<LastAxisRule<"layerNorm">> {
  const { epsilon = 1e-5, name } = options;
  requirePositive(epsilon, "epsilon", "layerNorm");
  return {
    kind: "layerNorm",
    name,
    options: savable(options),
    init: (key, shape) => firstAffine(key, shape, options, "layerNorm"),
    apply(params, x) {
      if (x.rank < 2)
        throw new ShapeError("layerNorm: each example must have an axis, of channels, not []");
      const last = x.rank - 1;
      const shared = x.shape.slice(0, last).map((_, axis) => axis);
      return normalizedByItself(x, { together: [last], shared }, epsilon, params);
    },
  };
}

/**
 * As `layerNorm`, with mean and variance of all numbers of a group of channels: [n, ...spatial, c]
 * in `groups` equal parts of c. Scale and offset are those of each channel.
 *
 * @throws ShapeError  if the channels cannot be split into the groups
 * @source Wu & He, arXiv:1803.08494
 */
export function groupNorm<const Groups extends number>(
  groups: Groups,
  options: LayerNormOptions = {},
): Layer<GroupNormRule<Groups>> {
  const { epsilon = 1e-5, name } = options;
  requireCount(groups, "groups", "groupNorm");
  requirePositive(epsilon, "epsilon", "groupNorm");
  return {
    kind: "groupNorm",
    name,
    options: savable({ groups, ...options }),
    init: (key, shape) => firstAffine(key, shape, options, "groupNorm"),
    apply(params, x) {
      const example = x.shape.slice(1);
      const c = example[example.length - 1];
      if (c === undefined)
        throw new ShapeError("groupNorm: each example must have an axis, of channels, not []");
      if (c % groups !== 0)
        throw new ShapeError(
          `groupNorm: the ${c} channels of ${show(example)} cannot be split into ${groups} groups`,
        );
      const split = [x.shape[0], sizeOf(example.slice(0, -1)), groups, c / groups] as const;
      const learned = Object.fromEntries(
        Object.entries(params).map(([key, p]) => [
          key,
          (p as Tensor).reshape([groups, c / groups]),
        ]),
      );
      const axes = { together: [1, 3], shared: [0, 1] };
      return normalizedByItself(x.reshape(split), axes, epsilon, learned).reshape([...x.shape]);
    },
  };
}
