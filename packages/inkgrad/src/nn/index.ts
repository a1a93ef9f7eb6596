import "../tensor/methods.js";

export type { Activation } from "./activations.js";
export * as initializers from "./initializers/index.js";
export { reduceOnPlateau } from "./callbacks/reduce-on-plateau.js";
export type { Context, Layer, Variables } from "./layer.js";
export * from "./layers/index.js";
export * as losses from "./losses/index.js";
export * as metrics from "./metrics/index.js";
export { model } from "./model.js";
export type { Model } from "./model.js";
export * as optimizers from "./optimizers/index.js";
export { minimize } from "./optimizers/minimize.js";
export type { MinimizeIteration, MinimizeOptions, Minimum } from "./optimizers/minimize.js";
export * as schedules from "./schedules/index.js";
export { sequential } from "./sequential.js";
