/** Figures about predictions. */

export { accuracy } from "./accuracy.js";
export type { Metric } from "./metric.js";
