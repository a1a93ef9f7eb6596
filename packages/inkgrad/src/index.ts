import "./tensor/methods.js";

export * from "./base/errors.js";
export type { DType } from "./base/dtype.js";
export type { Shape } from "./base/shape.js";
export { Tensor } from "./tensor/tensor.js";
export { full, ones, onesLike, tensor, zeros, zerosLike } from "./tensor/functions/create.js";
export { setBackend } from "./backend/registry.js";
