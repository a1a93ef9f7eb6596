import "../tensor/methods.js";

export type { Dataset } from "./dataset.js";
export { handwriting } from "./handwriting/handwriting.js";
export type { HandwritingOptions } from "./handwriting/handwriting.js";
export type { Style as HandwritingStyle } from "./handwriting/style.js";
