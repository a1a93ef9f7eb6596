import "../tensor/methods.js";

export * as callbacks from "./callbacks/index.js";
export type { Activation } from "./activations.js";
export * as initializers from "./initializers/index.js";
export type { Context, Layer, Variables } from "./layer.js";
export * from "./layers/index.js";
export * as losses from "./losses/index.js";
export * as metrics from "./metrics/index.js";
export { model } from "./model.js";
export type { Model } from "./model.js";
export * as optimizers from "./optimizers/index.js";
export { loadModel } from "./saving/load-model.js";
export type { Summary, SummaryRow } from "./summary.js";
export { sequential } from "./sequential.js";
export type { Health } from "./training/health.js";
export type { EpochFigures, History } from "./training/history.js";
export type { CompileOptions, FitOptions, Learner } from "./training/learner.js";
export type { Trained } from "./training/trained.js";
