import { where } from "../../tensor/functions/where.js";
import { normal } from "../../tensor/random/normal.js";
import { foldIn } from "../../tensor/random/key.js";
import { pixelGrid } from "./affine.js";
import { asFloat, draws, interval, onImagesWith, requireProbability, within } from "./images.js";
import type { Interval, Transform } from "./types.js";

export interface RandomErasingOptions {
  /** Of each image (default 0.5). */
  readonly probability?: number;
  /** The share of the image's area (default [0.02, 0.33]). */
  readonly area?: Interval;
  /** Width over height (default [0.3, 3.3]); drawn so that r is as likely as 1/r. */
  readonly aspect?: Interval;
  /** What is put there (default 0), or normal noise, which makes the result floats. */
  readonly value?: number | "noise";
}

/**
 * A rectangle of each image is blotted out, at a place of its own. It lies within the image, and what
 * would be wider or higher than that is cut; its sides are rounded to whole pixels.
 *
 * @source Zhong et al., "Random erasing data augmentation", arXiv:1708.04896
 */
export function randomErasing(options: RandomErasingOptions = {}): Transform {
  const op = "randomErasing";
  const { probability = 0.5, value = 0 } = options;
  requireProbability(probability, op);
  const area = interval(options.area ?? [0.02, 0.33], op, "area", 0, 0);
  const aspect = interval(options.aspect ?? [0.3, 3.3], op, "aspect", 0, 0);
  const logAspect: Interval = [Math.log(aspect[0]), Math.log(aspect[1])];
  return (images, key) =>
    onImagesWith(op, images, key, (x, own) => {
      const [n, h, w] = x.shape;
      const [hit, a, r, down, across] = draws(own, n, 5);
      const pixels = within(a, area).mul(h * w);
      const ratio = within(r, logAspect).exp();
      const height = pixels.div(ratio).sqrt().round().clip(1, h);
      const width = pixels.mul(ratio).sqrt().round().clip(1, w);
      const top = height
        .neg()
        .add(h + 1)
        .mul(down)
        .floor();
      const left = width
        .neg()
        .add(w + 1)
        .mul(across)
        .floor();
      const [row, column] = pixelGrid(h, w);
      const rows = row.greaterEqual(top).logicalAnd(row.less(top.add(height)));
      const columns = column.greaterEqual(left).logicalAnd(column.less(left.add(width)));
      const mask = rows.logicalAnd(columns).logicalAnd(hit.less(probability)).expandDims(-1);
      if (value !== "noise") return where(mask, value, x);
      return where(mask, normal(foldIn(own, 0), x.shape), asFloat(x));
    });
}
