import { ValueError } from "../../base/errors.js";
import { where } from "../../tensor/functions/where.js";
import { normal } from "../../tensor/random/normal.js";
import { uniform } from "../../tensor/random/uniform.js";
import { asFloat, onImagesWith, requireProbability } from "./images.js";
import type { Interval, Transform } from "./types.js";

/**
 * Normal noise added to every value, in units of the images.
 *
 * @param std           standard deviation ≥ 0
 * @param options.clip  the result is held within these
 * @returns             floats
 */
export function gaussianNoise(std: number, { clip }: { readonly clip?: Interval } = {}): Transform {
  if (!(Number.isFinite(std) && std >= 0))
    throw new ValueError(`gaussianNoise: std must be a number ≥ 0, got ${std}`);
  return (images, key) =>
    onImagesWith("gaussianNoise", images, key, (batch, own) => {
      const x = asFloat(batch);
      const noise = normal(own, x.shape, { dtype: x.dtype as "f32" });
      const noisy = x.add(noise.mul(std));
      return clip === undefined ? noisy : noisy.clip(clip[0], clip[1]);
    });
}

export interface SaltAndPepperOptions {
  /** White (default 1). */
  readonly salt?: number;
  /** Black (default 0). */
  readonly pepper?: number;
}

/**
 * Pixels that become white or black, all their channels together: each with the given probability,
 * and half of them white. The type of the images stays.
 */
export function saltAndPepper(probability: number, options: SaltAndPepperOptions = {}): Transform {
  const { salt = 1, pepper = 0 } = options;
  requireProbability(probability, "saltAndPepper");
  return (images, key) =>
    onImagesWith("saltAndPepper", images, key, (x, own) => {
      const [n, h, w] = x.shape;
      const u = uniform(own, [n, h, w, 1]);
      return where(u.less(probability / 2), salt, where(u.less(probability), pepper, x));
    });
}
