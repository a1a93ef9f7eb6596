import "../tensor/methods.js";

export { dataset, head, lengthOf, requireDataset, subset } from "./dataset.js";
export type { Dataset, DatasetParts, TensorLike } from "./dataset.js";
export { kFold, trainTestSplit } from "./split.js";
export type { FoldOptions, Labels, Rows, Split, SplitOptions, SplitRows } from "./split.js";
export { DataLoader } from "./loader/loader.js";
export type {
  Batch,
  BatchTransform,
  Elements,
  Example,
  GetBatch,
  IndexedSource,
  LoaderOptions,
  LoaderState,
  RawBatch,
  Source,
  StreamSource,
  Value,
  WorkerModule,
} from "./loader/types.js";
export { digits } from "./digits/digits.js";
export type { Digits, DigitsOptions, DigitsResult } from "./digits/digits.js";
export type { DownloadProgress } from "./digits/download.js";
export { handwriting } from "./handwriting/handwriting.js";
export type { HandwritingOptions } from "./handwriting/handwriting.js";
export type { Style as HandwritingStyle } from "./handwriting/style.js";
export * as transforms from "./transforms/index.js";
export * as text from "./text/index.js";
