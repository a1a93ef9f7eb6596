/** The layers: every function here makes one. */

export { elu, gelu, leakyRelu, linear, relu, sigmoid, silu, softmax, tanh } from "./activation.js";
export { batchNorm } from "./batch-norm.js";
export { conv1d } from "./conv1d.js";
export { conv2d } from "./conv2d.js";
export { dense } from "./dense.js";
export { dropout } from "./dropout.js";
export { embedding } from "./embedding.js";
export { flatten } from "./flatten.js";
export { input } from "./input.js";
export { lambda } from "./lambda.js";
export { groupNorm, layerNorm } from "./layer-norm.js";
export { augment, gaussianNoise } from "./noise.js";
export { concat, parallel } from "./parallel.js";
export {
  avgPool1d,
  avgPool2d,
  globalAvgPool,
  globalMaxPool,
  maxPool1d,
  maxPool2d,
} from "./pooling.js";
export { rescale } from "./rescale.js";
export { reshape } from "./reshape.js";
export { residual } from "./residual.js";
export { standardize } from "./standardize.js";
