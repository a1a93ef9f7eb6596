/** Lookers-on of a training. One of your own is an object with some of `Callback`'s functions. */

export { bestCheckpoint } from "./best-checkpoint.js";
export type { BatchEvent, Callback, CheckpointOptions, Run } from "./callback.js";
export { checkpoint } from "./checkpoint.js";
export { csvLog, csvOf } from "./csv-log.js";
export { earlyStopping } from "./early-stopping.js";
export { gradientHealth } from "./gradient-health.js";
export { learningRateSchedule } from "./learning-rate-schedule.js";
export { progress } from "./progress.js";
export type { ProgressEvent } from "./progress.js";
export { reduceOnPlateau } from "./reduce-on-plateau.js";
export { stopOnNaN } from "./stop-on-nan.js";
