import { type DType, floatType } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { builder as b } from "../../graph/builder.js";
import { tensor } from "../../tensor/functions/create.js";
import { keyNode } from "../../tensor/random/key.js";
import { wrap } from "../../tensor/operand.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";

/** How a sheet of rubber is pulled. */
export interface ElasticOptions {
  /**
   * By how many pixels, before smoothing: 34 in Simard's article, for images of 29 × 29. With a
   * sigma of 4 that displaces by some 1.4 pixels.
   */
  readonly alpha: number;
  /** Standard deviation of the smoothing, pixels: the larger, the more neighbours move together. */
  readonly sigma: number;
}

/**
 * Displacements of every pixel: uniform noise in [−1, 1], smoothed by a Gaussian, times alpha.
 *
 * @returns  down and to the right, [n, h, w] each
 * @source Simard, Steinkraus, Platt, "Best practices for convolutional neural networks applied to
 * visual document analysis", ICDAR 2003
 */
export function elasticField(
  key: Key,
  [n, h, w]: readonly number[],
  { alpha, sigma }: ElasticOptions,
): [y: Tensor, x: Tensor] {
  if (!(Number.isFinite(alpha) && alpha >= 0))
    throw new ValueError(`elastic: alpha must be a number of pixels ≥ 0, got ${alpha}`);
  if (!(Number.isFinite(sigma) && sigma > 0))
    throw new ValueError(`elastic: sigma must be a number of pixels above 0, got ${sigma}`);
  const bits = wrap(b.randomBits(keyNode(key, "elastic"), { shape: [2, n, h, w] }));
  // All 32 bits: no need to leave out 1, as `uniform` does, and so to look at every number twice.
  const noise = bits
    .cast("f32")
    .mul(2 ** -31)
    .sub(1);
  const field = blurred(noise, sigma).mul(alpha);
  const half = (i: number): Tensor => field.slice([[i, i + 1]]).reshape([n, h, w]);
  return [half(0), half(1)];
}

/**
 * The last two axes smoothed by a Gaussian that is cut off after four standard deviations; outside
 * there is nothing. Two matrix products, which for small images is quicker than convolutions.
 *
 * @param x  [..., h, w]
 * @source SciPy `gaussian_filter` with mode "constant"
 */
export function blurred(x: Tensor, sigma: number): Tensor {
  const [h, w] = x.shape.slice(-2);
  const dtype = floatType(x.dtype);
  return gaussianMatrix(h, sigma, dtype)
    .matmul(x)
    .matmul(gaussianMatrix(w, sigma, dtype));
}

/** The weights of each element in each smoothed one; it is symmetric. */
function gaussianMatrix(size: number, sigma: number, dtype: DType): Tensor {
  const reach = Math.floor(4 * sigma + 0.5);
  const bell = Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * (i / sigma) ** 2));
  const total = bell.reduce((sum, g, i) => sum + (i === 0 ? g : 2 * g), 0);
  const weights = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) weights[i * size + j] = (bell[Math.abs(i - j)] ?? 0) / total;
  return tensor(weights, { shape: [size, size], dtype });
}
