import "../tensor/methods.js";

export type { Context, Layer, Variables } from "./layer.js";
export { relu, sigmoid, softmax, tanh } from "./layers/activation.js";
export { conv2d } from "./layers/conv2d.js";
export { dense } from "./layers/dense.js";
export { dropout } from "./layers/dropout.js";
export { flatten } from "./layers/flatten.js";
export { input } from "./layers/input.js";
export { maxPool2d } from "./layers/max-pool.js";
export { rescale } from "./layers/rescale.js";
export * as losses from "./losses/index.js";
export * as metrics from "./metrics/index.js";
export { model } from "./model.js";
export type { Model } from "./model.js";
export * as optimizers from "./optimizers/index.js";
export * as schedules from "./schedules/index.js";
export { sequential } from "./sequential.js";
