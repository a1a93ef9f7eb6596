/** Optimizers: pure functions from a state, gradients and parameters to the next ones. */

export { adadelta } from "./adadelta.js";
export { adagrad } from "./adagrad.js";
export { adam, adamW } from "./adam.js";
export { averaged } from "./averaged.js";
export { lion } from "./lion.js";
export { nadam } from "./nadam.js";
export type { LearningRate, Optimizer } from "./optimizer.js";
export { rmsprop } from "./rmsprop.js";
export { momentum, nesterov, sgd } from "./sgd.js";
