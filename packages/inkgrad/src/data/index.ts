import "../tensor/methods.js";

export { normalizeCharacter } from "./characters/normalize.js";
export { dataset, head, lengthOf, requireDataset, subset } from "./dataset.js";
export type { Dataset, DatasetParts, TensorLike } from "./dataset.js";
export {
  groupKFold,
  leaveOneGroupOut,
  leaveOneOut,
  repeatedKFold,
  stratifiedGroupKFold,
} from "./folds.js";
export type { GroupFoldOptions, RepeatedFoldOptions } from "./folds.js";
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
export { drawStrokes } from "./handwriting/draw-strokes.js";
export { handwriting } from "./handwriting/handwriting.js";
export type { HandwritingOptions } from "./handwriting/handwriting.js";
export { handwrittenStrokes } from "./handwriting/strokes.js";
export type { HandwrittenStrokesOptions, PenStroke } from "./handwriting/strokes.js";
export type { Style as HandwritingStyle } from "./handwriting/style.js";
export * as transforms from "./transforms/index.js";
export * as text from "./text/index.js";
export * as toy from "./toy/index.js";

export * as csv from "./formats/csv.js";
export * as idx from "./formats/idx.js";
export * as image from "./formats/image.js";
export * as imageFolder from "./formats/image-folder.js";
export * as jpeg from "./formats/jpeg.js";
export * as npy from "./formats/npy.js";
export * as npz from "./formats/npz.js";
export * as png from "./formats/png.js";
export * as safetensors from "./formats/safetensors.js";
export type { Table } from "./formats/csv.js";
export type { ImageFolder, ImageFolderOptions } from "./formats/image-folder.js";
export type { ImageTensor } from "./formats/image.js";
export type { SafeTensors } from "./formats/safetensors.js";
export { writeFileSafely } from "./system-write.js";
export { readFile } from "./system.js";
