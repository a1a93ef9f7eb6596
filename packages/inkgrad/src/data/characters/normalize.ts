import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { assertTensor, storedElements, tensorOf } from "../tensor-of.js";
import { inkOf } from "./background.js";
import { placed } from "./place.js";

/**
 * A picture of one character as MNIST has them: ink light on black, in a box of 20 × 20 pixels, its
 * centre of mass in the middle of 28 × 28 (in the pixel right of and below it). The picture may be of any size, dark on light or light on dark,
 * on grey paper, unevenly lit, and the character anywhere in it. A picture without ink becomes black.
 *
 * @param image  [h, w] or [h, w, 1], greys 0 … 255
 * @returns      [28, 28, 1] u8
 * @throws ShapeError  for a picture in colours, or one without pixels
 * @source  Y. LeCun, C. Cortes, C. Burges, "The MNIST database": size-normalised to 20 × 20 keeping the
 *   aspect ratio, centred by the centre of mass of the pixels
 */
export function normalizeCharacter(image: Tensor): Tensor<[28, 28, 1], "u8"> {
  assertTensor(image, "normalizeCharacter");
  const [height, width, channels = 1] = image.shape;
  if (image.rank < 2 || image.rank > 3 || channels !== 1 || height === 0 || width === 0)
    throw new ShapeError(
      `normalizeCharacter: expected a picture [h, w] or [h, w, 1] in grey, got ${show(image.shape)}; ` +
        'read it with { channels: "grey" }',
    );
  const greys = image.dtype === "u8" ? image : image.cast("f32");
  const values = new Float32Array(storedElements(greys));
  const pixels = placed(inkOf({ values, height, width }));
  return tensorOf(pixels, [28, 28, 1], "u8") as Tensor<[28, 28, 1], "u8">;
}
