import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * A function of images that draws what it needs from a key: the same key, the same result. Images are
 * a batch [n, h, w, c], each of which gets random numbers of its own, or a single one [h, w, c]. It
 * can be called as it is, or inside a function that is compiled or differentiated.
 */
export type Transform = (images: Tensor, key: Key) => Tensor;

/** A transform that draws nothing; it serves wherever a `Transform` does. */
export type FixedTransform = (images: Tensor) => Tensor;

/** Rows and columns. */
export type Size = number | readonly [height: number, width: number];

/** From … to, both ends possible. */
export type Interval = readonly [least: number, most: number];
