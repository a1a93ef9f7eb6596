/** Changes of images, labels and numbers, as arrays or inside a compiled program. */

export { oneHot } from "../../tensor/functions/one-hot.js";
export { affine, rotate, shear, translate } from "./affine.js";
export type { AffineOptions } from "./affine.js";
export { compose, forBatches, onArrays, randomApply } from "./compose.js";
export { centerCrop, crop, randomCrop, randomResizedCrop } from "./crop.js";
export type { RandomCropOptions, ResizedCropOptions } from "./crop.js";
export type { ElasticOptions } from "./elastic.js";
export { randomErasing } from "./erase.js";
export type { RandomErasingOptions } from "./erase.js";
export { flipHorizontal, flipVertical, randomFlip } from "./flip.js";
export type { RandomFlipOptions } from "./flip.js";
export { labelEncoder, labelEncoderOf } from "./label-encoder.js";
export type { Label, LabelEncoder } from "./label-encoder.js";
export { gaussianNoise, saltAndPepper } from "./noise.js";
export type { SaltAndPepperOptions } from "./noise.js";
export { fitMeanStd, fitMinMax, normalizer } from "./normalize.js";
export type { FitOptions, Normalizer, NormalizerState, Per } from "./normalize.js";
export { resize } from "./resize.js";
export type { ResizeOptions } from "./resize.js";
export { sample } from "./sample.js";
export type { FixedTransform, Interval, Size, Transform } from "./types.js";
export {
  elasticDistortion,
  randomAffine,
  randomRotation,
  randomShear,
  randomTranslation,
  randomWarp,
  randomZoom,
} from "./warp.js";
export type { RandomAffineOptions, RandomWarpOptions } from "./warp.js";
