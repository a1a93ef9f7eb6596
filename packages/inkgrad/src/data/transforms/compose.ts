import { ShapeError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { where } from "../../tensor/functions/where.js";
import { bernoulli } from "../../tensor/random/bernoulli.js";
import { foldIn, split } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { BatchTransform, Elements } from "../loader/types.js";
import { tensorAround } from "../rows.js";
import { onImagesWith, requireProbability } from "./images.js";
import type { FixedTransform, Transform } from "./types.js";

/** Transforms one after another; the i-th one's key is `foldIn(key, i)`. */
export function compose(...transforms: readonly FixedTransform[]): FixedTransform;
export function compose(...transforms: readonly Transform[]): Transform;
export function compose(...transforms: readonly Transform[]): Transform {
  return (images, key?: Key) =>
    transforms.reduce(
      (x, transform, i) => transform(x, (key === undefined ? key : foldIn(key, i)) as Key),
      images,
    );
}

/**
 * Each image transformed with a probability, and else left as it is.
 *
 * @throws ShapeError  (when applied) if the transform changes the shape
 */
export function randomApply(transform: Transform, probability: number): Transform {
  requireProbability(probability, "randomApply");
  return (images, key) =>
    onImagesWith("randomApply", images, key, (x, own) => {
      const [chance, inner] = split(own, 2);
      const changed = transform(x, inner);
      if (!sameShape(changed.shape, x.shape))
        throw new ShapeError(
          `randomApply: the transform makes ${show(changed.shape)} of ${show(x.shape)}; both must have ` +
            "one shape",
        );
      return where(bernoulli(chance, [x.shape[0], 1, 1, 1], { p: probability }), changed, x);
    });
}

/** A transform for a loader: of the batches' x. */
export const forBatches =
  (transform: Transform): BatchTransform =>
  (batch, key) => ({ ...batch, x: transform(batch.x, key) });

/**
 * A transform of plain arrays: computed at once, on whatever backend is set, which for all of these is
 * quicker than loops (bench/augment.mjs).
 *
 * @returns  a function from { data, shape } (images [n, h, w, c] or [h, w, c]) and a key to the same
 */
export const onArrays =
  (transform: Transform) =>
  async (images: Elements, key: Key): Promise<Required<Elements>> => {
    const { data, shape, dtype = typeOf(data) } = images;
    // The caller may write to the array again before this is computed.
    const made: Tensor = transform(tensorAround(data.slice(), shape, dtype), key);
    return { data: await made.data(), shape: made.shape, dtype: made.dtype };
  };

const typeOf = (data: Elements["data"]): Required<Elements>["dtype"] =>
  data instanceof Float32Array
    ? "f32"
    : data instanceof Float64Array
      ? "f64"
      : data instanceof Int32Array
        ? "i32"
        : data instanceof Uint32Array
          ? "u32"
          : data instanceof Uint16Array
            ? "f16"
            : "u8";
