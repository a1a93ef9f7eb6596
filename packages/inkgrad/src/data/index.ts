import "../tensor/methods.js";

export type { Dataset } from "./dataset.js";

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
