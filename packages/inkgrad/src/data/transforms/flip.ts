import { where } from "../../tensor/functions/where.js";
import { bernoulli } from "../../tensor/random/bernoulli.js";
import { split } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import { onImages, onImagesWith, requireProbability } from "./images.js";
import type { FixedTransform, Transform } from "./types.js";

/** Images with left and right exchanged. */
export const flipHorizontal: FixedTransform = (images) =>
  onImages("flipHorizontal", images, (x) => x.flip(2));

/** Images upside down. */
export const flipVertical: FixedTransform = (images) =>
  onImages("flipVertical", images, (x) => x.flip(1));

export interface RandomFlipOptions {
  /** Probability that left and right are exchanged (default 0.5). */
  readonly horizontal?: number;
  /** Probability of being turned upside down (default 0). */
  readonly vertical?: number;
}

/** Each image flipped or not, by its own draw. The type of the images stays. */
export function randomFlip(options: RandomFlipOptions = {}): Transform {
  const { horizontal = 0.5, vertical = 0 } = options;
  for (const p of [horizontal, vertical]) requireProbability(p, "randomFlip");
  const maybe = (x: Tensor, key: Key, p: number, axis: number): Tensor =>
    p === 0 ? x : where(bernoulli(key, [x.shape[0], 1, 1, 1], { p }), x.flip(axis), x);
  return (images, key) =>
    onImagesWith("randomFlip", images, key, (x, own) => {
      const [a, b] = split(own, 2);
      return maybe(maybe(x, a, horizontal, 2), b, vertical, 1);
    });
}
