import { ShapeError, ValueError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { tensor } from "../../tensor/functions/create.js";
import { arange } from "../../tensor/functions/range.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import { onImages } from "./images.js";
import { sample } from "./sample.js";

/** A number for all images, or one for each: [n]. */
type PerImage = number | Tensor;

/**
 * What is done with each image, in this order and about its centre: scaled, sheared, rotated, moved.
 */
export interface AffineOptions {
  /** Degrees, counterclockwise. */
  readonly rotate?: PerImage;
  /** How many times as large, above 0; two of them: across and down. */
  readonly scale?: PerImage | readonly [x: PerImage, y: PerImage];
  /** Degrees by which upright lines lean to the right, within ±90. */
  readonly shear?: PerImage;
  /** Pixels to the right and down. */
  readonly translate?: readonly [x: PerImage, y: PerImage];
  /** What lies outside the image (default 0). */
  readonly fill?: number;
}

/** The same, ready to be computed with. */
export interface Affine {
  readonly rotate: Tensor;
  readonly shear: Tensor;
  readonly scale: readonly [x: Tensor, y: Tensor];
  readonly translate: readonly [x: Tensor, y: Tensor];
}

/**
 * Images scaled, sheared, rotated and moved in one resampling (bilinear). Gradients flow to the
 * images and to options that are tensors.
 *
 * @param images  [n, h, w, c] or [h, w, c]
 * @returns       the same shape, floats
 * @throws ValueError  for a scale that is not above 0
 */
export const affine = (images: Tensor, options: AffineOptions): Tensor =>
  onImages("affine", images, (batch) => {
    const [y, x] = affinePlaces(batch.shape, affineOf(options, batch.shape[0]));
    return sample(batch, y, x, options.fill);
  });

/** Images turned about their centres by degrees, counterclockwise. @see affine */
export const rotate = (images: Tensor, degrees: PerImage, fill = 0): Tensor =>
  affine(images, { rotate: degrees, fill });

/** Images moved by pixels, to the right and down; parts of pixels too. @see affine */
export const translate = (images: Tensor, x: PerImage, y: PerImage, fill = 0): Tensor =>
  affine(images, { translate: [x, y], fill });

/** Images whose upright lines lean to the right by degrees. @see affine */
export const shear = (images: Tensor, degrees: PerImage, fill = 0): Tensor =>
  affine(images, { shear: degrees, fill });

function affineOf(options: AffineOptions, n: number): Affine {
  const { scale = 1, translate: by = [0, 0] } = options;
  const [sx, sy] = Array.isArray(scale) ? (scale as readonly PerImage[]) : [scale, scale];
  for (const s of [sx, sy] as readonly PerImage[])
    if (typeof s === "number" && !(s > 0))
      throw new ValueError(`affine: a scale must be above 0, got ${s}`);
  const each = (value: PerImage, what: string): Tensor => {
    if (!isTensor(value)) return tensor(value).reshape([1, 1, 1]);
    if (!sameShape(value.shape, [n]))
      throw new ShapeError(
        `affine: ${what} must be a number or [${n}], one for each image, got ${show(value.shape)}`,
      );
    return value.reshape([n, 1, 1]);
  };
  return {
    rotate: each(options.rotate ?? 0, "rotate"),
    shear: each(options.shear ?? 0, "shear"),
    scale: [each(sx as PerImage, "scale"), each(sy as PerImage, "scale")],
    translate: [each(by[0], "translate"), each(by[1], "translate")],
  };
}

/**
 * Where the pixels of the result come from: rows and columns [n, h, w]. Forwards a point goes to
 * R·K·S·p + t, with the centre as origin and y downwards; what is needed is the way back.
 */
export function affinePlaces(
  [n, h, w]: readonly number[],
  { rotate: degrees, shear: lean, scale: [sx, sy], translate: [tx, ty] }: Affine,
): [y: Tensor, x: Tensor] {
  const [cy, cx] = [(h - 1) / 2, (w - 1) / 2];
  const [v, u] = pixelGrid(h, w, cy, cx);
  const radians = degrees.mul(Math.PI / 180);
  const [cos, sin] = [radians.cos(), radians.sin()];
  const k = lean.mul(Math.PI / 180).tan();
  const [du, dv] = [u.sub(tx), v.sub(ty)];
  const x = cos.add(k.mul(sin)).mul(du).add(k.mul(cos).sub(sin).mul(dv)).div(sx).add(cx);
  const y = sin.mul(du).add(cos.mul(dv)).div(sy).add(cy);
  return [y.broadcastTo([n, h, w]), x.broadcastTo([n, h, w])];
}

/** Rows [1, h, 1] and columns [1, 1, w], counted from a centre. */
export const pixelGrid = (h: number, w: number, cy = 0, cx = 0): [y: Tensor, x: Tensor] => [
  arange(h).sub(cy).reshape([1, h, 1]),
  arange(w).sub(cx).reshape([1, 1, w]),
];
