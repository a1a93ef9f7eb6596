import type { DType } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { asFloat, onImages, sizeOf2d } from "./images.js";
import type { FixedTransform, Size } from "./types.js";

export interface ResizeOptions {
  /**
   * "bilinear" (default): between the four nearest pixels; "area": the mean over the area that a pixel
   * of the result covers, parts of pixels counting in part.
   */
  readonly method?: "bilinear" | "area";
  /**
   * Does bilinear reach as far as the result's pixels are apart when it makes images smaller, so that
   * no pixel is passed over? (default true)
   */
  readonly antialias?: boolean;
}

/**
 * Images in another size. Pixels are squares whose centres lie at half-integers, so that corners meet
 * corners; places outside are those of the border. Each axis by itself, as a matrix product; gradients
 * flow.
 *
 * With `antialias` it is what PIL's and torchvision's `resize` do, and TensorFlow's with its option;
 * without, TensorFlow's `resize` and PyTorch's `interpolate` as they are by default. "area" is
 * TensorFlow's and OpenCV's; PyTorch's is the same where the sizes divide each other.
 *
 * @param size  pixels: one number for a square, or [height, width]
 * @returns     from images [n, h, w, c] or [h, w, c], floats
 */
export function resize(size: Size, options: ResizeOptions = {}): FixedTransform {
  const { method = "bilinear", antialias = true } = options;
  const [height, width] = sizeOf2d(size, "resize");
  if (method !== "bilinear" && method !== "area")
    throw new ValueError(
      `resize: the method must be "bilinear" or "area", got ${describe(method)}`,
    );
  const weights = (from: number, to: number, dtype: DType): Tensor => {
    const cells = new Float64Array(to * from);
    for (let i = 0; i < to; i++)
      cells.set(
        method === "area" ? covered(from, to, i) : between(from, to, i, antialias),
        i * from,
      );
    return tensor(cells, { shape: [to, from], dtype });
  };
  return (images) =>
    onImages("resize", images, (batch) => {
      const x = asFloat(batch);
      const [n, h, w, c] = x.shape;
      const rows = weights(h, height, x.dtype).matmul(x.reshape([n, h, w * c]));
      const both = weights(w, width, x.dtype).matmul(rows.reshape([n * height, w, c]));
      return both.reshape([n, height, width, c]);
    });
}

/** How much of each old pixel lies under the new one, as shares of 1. */
function covered(from: number, to: number, i: number): Float64Array {
  const ratio = from / to;
  const [start, end] = [i * ratio, (i + 1) * ratio];
  return Float64Array.from({ length: from }, (_, j) =>
    Math.max(0, (Math.min(end, j + 1) - Math.max(start, j)) / ratio),
  );
}

/** A triangle about the new pixel's centre; what would lie outside counts for the border. */
function between(from: number, to: number, i: number, antialias: boolean): Float64Array {
  const ratio = from / to;
  const centre = (i + 0.5) * ratio;
  const weights = new Float64Array(from);
  if (antialias && ratio > 1) {
    for (let j = 0; j < from; j++) weights[j] = Math.max(0, 1 - Math.abs(j + 0.5 - centre) / ratio);
    const total = weights.reduce((sum, x) => sum + x, 0);
    return weights.map((x) => x / total);
  }
  const place = Math.min(Math.max(centre - 0.5, 0), from - 1);
  const before = Math.floor(place);
  weights[before] = 1 - (place - before);
  if (before + 1 < from) weights[before + 1] = place - before;
  return weights;
}
