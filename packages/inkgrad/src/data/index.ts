import "../tensor/methods.js";

export type { Dataset } from "./dataset.js";
export { digits } from "./digits/digits.js";
export type { Digits, DigitsOptions, DigitsResult } from "./digits/digits.js";
export type { DownloadProgress } from "./digits/download.js";
export { drawStrokes } from "./handwriting/draw-strokes.js";
export { handwriting } from "./handwriting/handwriting.js";
export type { HandwritingOptions } from "./handwriting/handwriting.js";
export { handwrittenStrokes } from "./handwriting/strokes.js";
export type { HandwrittenStrokesOptions, PenStroke } from "./handwriting/strokes.js";
export type { Style as HandwritingStyle } from "./handwriting/style.js";
