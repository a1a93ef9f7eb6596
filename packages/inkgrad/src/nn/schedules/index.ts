/** Learning rates as functions of the step. */

export { constant, cosine, exponential, polynomial, step, timeBased } from "./decay.js";
export { oneCycle } from "./one-cycle.js";
export type { Schedule } from "./schedule.js";
export { restarts, warmUp } from "./wrap.js";
