import "./tensor/methods.js";

export * from "./base/errors.js";
export type { DType } from "./base/dtype.js";
export type { Shape } from "./base/shape.js";
export { Tensor } from "./tensor/tensor.js";
export { full, ones, onesLike, tensor, zeros, zerosLike } from "./tensor/functions/create.js";
export { setBackend } from "./backend/registry.js";
export { grad, valueAndGrad } from "./tensor/transforms/grad.js";
export { directionalDerivative, jvp, vjp } from "./tensor/transforms/linearize.js";
export { hessian, hvp, jacobian } from "./tensor/transforms/jacobian.js";
export { vmap } from "./tensor/transforms/vmap.js";
export { checkpoint, customGradient, stopGradient } from "./tensor/transforms/custom.js";
export { backward, tape, Variable, variable } from "./tensor/transforms/variable.js";
export { checkGradients } from "./tensor/transforms/check-gradients.js";
export * as random from "./tensor/random/index.js";
