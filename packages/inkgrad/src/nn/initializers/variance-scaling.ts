import { ValueError } from "../../base/errors.js";
import { truncatedNormal } from "../../tensor/random/normal.js";
import { uniform } from "../../tensor/random/uniform.js";
import { fansOf } from "./fans.js";
import { type Initializer, initializer } from "./initializer.js";

/** First values whose variance is scale / fan, so that signals keep their size through layers. */

export type Fan = "in" | "out" | "average";
/**
 * "uniform": within ±√(3 · variance). "normal": of normal numbers those within two standard
 * deviations, which are widened to have the variance asked for.
 */
export type Distribution = "uniform" | "normal";

export interface VarianceScalingOptions {
  /** Default 1. */
  readonly scale?: number;
  /** What the scale is divided by (default "in"). */
  readonly fan?: Fan;
  /** Default "normal". */
  readonly distribution?: Distribution;
}

/** The standard deviation of a standard normal number that lies within ±2. */
const truncatedStd = 0.8796256610342398;

/**
 * Random with mean 0 and variance scale / fan. All below are cases of it.
 *
 * @throws ValueError  unless scale > 0
 * @source Keras `VarianceScaling`
 */
export const varianceScaling = (options: VarianceScalingOptions = {}): Initializer => {
  const { scale = 1, fan = "in", distribution = "normal" } = options;
  if (!(scale > 0 && scale < Infinity))
    throw new ValueError(`varianceScaling: scale must be positive, got ${String(scale)}`);
  return scaling("varianceScaling", scale, fan, distribution, { scale, fan, distribution });
};

function scaling(
  kind: string,
  scale: number,
  fan: Fan,
  distribution: Distribution,
  options = {},
): Initializer {
  return initializer(kind, options, (key, shape) => {
    const fans = fansOf(shape);
    const count = fan === "average" ? (fans.in + fans.out) / 2 : fans[fan];
    // Where there is nothing to fill, anything will do.
    const std = Math.sqrt(scale / Math.max(count, 0.5));
    if (distribution === "normal") return truncatedNormal(key, shape, { std: std / truncatedStd });
    const bound = Math.sqrt(3) * std;
    return uniform(key, shape, { min: -bound, max: bound });
  });
}

/**
 * Uniform within ±√(6 / (fan-in + fan-out)): for layers whose activation is near to linear at 0. Also
 * known by its author's first name, Xavier.
 *
 * @source Glorot & Bengio, AISTATS 2010
 */
export const glorotUniform = (): Initializer => scaling("glorotUniform", 1, "average", "uniform");
/** Normal, cut at 2 σ, of variance 2 / (fan-in + fan-out). PyTorch's has the variance, but is not cut. */
export const glorotNormal = (): Initializer => scaling("glorotNormal", 1, "average", "normal");
/**
 * Uniform within ±√(6 / fan-in): for layers followed by relu, which halves the variance.
 *
 * @source He et al., arXiv:1502.01852 (there also known by the first name, Kaiming)
 */
export const heUniform = (): Initializer => scaling("heUniform", 2, "in", "uniform");
/** Normal, cut at 2 σ, of variance 2 / fan-in. PyTorch's has the variance, but is not cut. */
export const heNormal = (): Initializer => scaling("heNormal", 2, "in", "normal");
/** Uniform within ±√(3 / fan-in). @source LeCun et al., Efficient BackProp (1998) */
export const lecunUniform = (): Initializer => scaling("lecunUniform", 1, "in", "uniform");
/** Normal, cut at 2 σ, of variance 1 / fan-in: for selu, and for layers without activation. */
export const lecunNormal = (): Initializer => scaling("lecunNormal", 1, "in", "normal");
