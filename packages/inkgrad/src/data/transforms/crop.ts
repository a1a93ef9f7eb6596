import { ShapeError, ValueError } from "../../base/errors.js";
import { take } from "../../tensor/functions/take.js";
import { arange } from "../../tensor/functions/range.js";
import { integers } from "../../tensor/random/integers.js";
import { split } from "../../tensor/random/key.js";
import type { Tensor } from "../../tensor/tensor.js";
import { pixelGrid } from "./affine.js";
import { draws, interval, onImages, onImagesWith, sizeOf2d, within } from "./images.js";
import { sample } from "./sample.js";
import type { FixedTransform, Interval, Size, Transform } from "./types.js";

/** Parts of images. */

/**
 * The part of each image that begins `top` pixels from above and `left` from the left.
 *
 * @throws ShapeError  (when applied) if it reaches beyond the image
 */
export function crop(top: number, left: number, size: Size): FixedTransform {
  const [height, width] = sizeOf2d(size, "crop");
  return (images) => onImages("crop", images, (x) => part(x, "crop", top, left, height, width));
}

/** The middle of each image; where it cannot be exact, half a pixel towards the top left. */
export function centerCrop(size: Size): FixedTransform {
  const [height, width] = sizeOf2d(size, "centerCrop");
  return (images) =>
    onImages("centerCrop", images, (x) => {
      const [, h, w] = x.shape;
      const [top, left] = [Math.floor((h - height) / 2), Math.floor((w - width) / 2)];
      return part(x, "centerCrop", top, left, height, width);
    });
}

function part(
  x: Tensor,
  op: string,
  top: number,
  left: number,
  height: number,
  width: number,
): Tensor {
  const [, h, w] = x.shape;
  const fits = (from: number, size: number, whole: number): boolean =>
    Number.isInteger(from) && from >= 0 && from + size <= whole;
  if (!fits(top, height, h) || !fits(left, width, w))
    throw new ShapeError(
      `${op}: ${height}×${width} pixels from row ${top}, column ${left} do not lie within images of ` +
        `${h}×${w}; pad them first`,
    );
  return x.slice([[], [top, top + height], [left, left + width]]);
}

export interface RandomCropOptions {
  /** Pixels put around on every side first (default 0). */
  readonly padding?: number;
  /** What they are (default 0). */
  readonly fill?: number;
}

/**
 * A part of each image, of one size for all and at a place of its own. The type of the images stays.
 *
 * @throws ShapeError  (when applied) if it is larger than the padded images
 */
export function randomCrop(size: Size, options: RandomCropOptions = {}): Transform {
  const { padding = 0, fill = 0 } = options;
  const [height, width] = sizeOf2d(size, "randomCrop");
  if (!Number.isInteger(padding) || padding < 0)
    throw new ValueError(
      `randomCrop: padding must be a whole number of pixels ≥ 0, got ${padding}`,
    );
  return (images, key) =>
    onImagesWith("randomCrop", images, key, (batch, own) => {
      const sides = [padding, padding] as const;
      const x = padding === 0 ? batch : batch.pad([[0, 0], sides, sides, [0, 0]], fill);
      const [n, h, w, c] = x.shape;
      if (height > h || width > w)
        throw new ShapeError(
          `randomCrop: ${height}×${width} pixels cannot be had from ${h}×${w}; use padding, or resize`,
        );
      const [forRow, forColumn] = split(own, 2);
      const top = integers(forRow, [n], { max: h - height + 1 }).reshape([n, 1, 1]);
      const left = integers(forColumn, [n], { max: w - width + 1 }).reshape([n, 1, 1]);
      const image = arange(n, { dtype: "i32" }).reshape([n, 1, 1]);
      const row = top.add(arange(height, { dtype: "i32" }).reshape([1, height, 1]));
      const column = left.add(arange(width, { dtype: "i32" }).reshape([1, 1, width]));
      const place = image.mul(h).add(row).mul(w).add(column);
      return take(x.reshape([n * h * w, c]), place, 0);
    });
}

export interface ResizedCropOptions {
  /** The share of the image's area (default [0.08, 1]). */
  readonly area?: Interval;
  /** Width over height (default [3/4, 4/3]); drawn so that r is as likely as 1/r. */
  readonly aspect?: Interval;
}

/**
 * A part of each image, of random area, shape and place, stretched to one size (bilinear, without
 * antialiasing): a random zoom. What would be wider or higher than the image is cut to it. The part's
 * sides need not be whole pixels.
 *
 * @source torchvision `RandomResizedCrop`, which draws again up to ten times instead of cutting
 */
export function randomResizedCrop(size: Size, options: ResizedCropOptions = {}): Transform {
  const op = "randomResizedCrop";
  const [height, width] = sizeOf2d(size, op);
  const area = interval(options.area ?? [0.08, 1], op, "area", 0, 0);
  if (area[1] > 1) throw new ValueError(`${op}: the area is a share of at most 1, got ${area[1]}`);
  const aspect = interval(options.aspect ?? [3 / 4, 4 / 3], op, "aspect", 0, 0);
  const logAspect: Interval = [Math.log(aspect[0]), Math.log(aspect[1])];
  return (images, key) =>
    onImagesWith(op, images, key, (x, own) => {
      const [n, h, w] = x.shape;
      const [a, r, down, across] = draws(own, n, 4);
      const pixels = within(a, area).mul(h * w);
      const ratio = within(r, logAspect).exp();
      const boxHeight = pixels.div(ratio).sqrt().clip(0, h);
      const boxWidth = pixels.mul(ratio).sqrt().clip(0, w);
      const top = boxHeight.neg().add(h).mul(down);
      const left = boxWidth.neg().add(w).mul(across);
      const [i, j] = pixelGrid(height, width, -0.5, -0.5);
      // At the border the nearest pixel counts, as in resize.
      const y = i
        .mul(boxHeight.div(height))
        .add(top)
        .sub(0.5)
        .clip(0, h - 1);
      const at = j
        .mul(boxWidth.div(width))
        .add(left)
        .sub(0.5)
        .clip(0, w - 1);
      const shape = [n, height, width];
      return sample(x, y.broadcastTo(shape), at.broadcastTo(shape));
    });
}
