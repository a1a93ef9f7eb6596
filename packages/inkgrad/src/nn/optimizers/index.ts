/** Optimizers: pure functions from a state, gradients and parameters to the next ones. */

export { adam } from "./adam.js";
export type { Optimizer } from "./optimizer.js";
