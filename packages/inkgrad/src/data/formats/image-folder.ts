import { FileError, InkgradError, ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Dataset } from "../dataset.js";
import { type Entry, listFolder, nameOf, type Path } from "../system.js";
import { assertTensor, settled, storedElements, tensorOf } from "../tensor-of.js";
import {
  type Channels,
  type ConvertOptions,
  type ImageTensor,
  read as readImage,
} from "./image.js";

/** A folder of images, with a folder for every class: `digits/seven/a.png`. */

/** A file of an image folder that could not be used, and why. */
export interface Unreadable {
  readonly path: string;
  readonly reason: string;
}

export interface ImageFolderOptions extends ConvertOptions {
  /** Channels that every image is brought to (default "rgb"). */
  readonly channels?: Channels;
  /** [height, width] that every image is brought to by `resize`; left out: all must agree. */
  readonly size?: readonly [number, number];
  /** Brings an image to a size; it is asked where the size differs. */
  readonly resize?: (image: ImageTensor, size: readonly [number, number]) => Tensor;
  /** What to do about files that are no images: stop (the default), or leave them out and list them. */
  readonly unreadable?: "throw" | "skip";
}

/** One image of a folder. */
export interface FolderImage {
  readonly path: string;
  /** The number of its class. */
  readonly label: number;
  /** [height, width, channels] u8 */
  readonly image: ImageTensor;
}

/** Images of a folder in memory. */
export interface ImageFolder extends Dataset<
  Tensor<[number, number, number, number], "u8">,
  Tensor<[number], "i32">
> {
  readonly classes: readonly string[];
  /** Where each image came from. */
  readonly files: readonly string[];
  /** Files that were left out. */
  readonly unreadable: readonly Unreadable[];
}

/** Files and classes of an image folder, before any is read. */
export interface ImageFolderListing {
  /** Names of the folders, sorted. */
  readonly classes: readonly string[];
  /** By class, then by name. */
  readonly files: readonly { readonly path: string; readonly label: number }[];
}

const isHidden = ({ name }: Entry): boolean => name.startsWith(".");
/** What systems put into folders by themselves. */
const isDebris = ({ name }: Entry): boolean => name === "Thumbs.db" || name === "desktop.ini";

/**
 * The classes and files of an image folder. Folders within the folder of a class belong to it;
 * hidden files are passed over.
 *
 * @throws FileError  if there is no such folder, no folder in it, or a class has no files
 */
export async function list(path: Path): Promise<ImageFolderListing> {
  const folders = (await listFolder(path)).filter(
    (entry) => entry.kind === "folder" && !isHidden(entry),
  );
  if (folders.length === 0)
    throw new FileError(
      `image folder ${nameOf(path)}: there is no folder in it; ` +
        "put the images of each class into a folder of its name",
    );
  const files: { path: string; label: number }[] = [];
  for (const [label, folder] of folders.entries()) {
    const before = files.length;
    for await (const file of filesUnder(folder.path, 0)) files.push({ path: file, label });
    if (files.length === before)
      throw new FileError(`image folder ${nameOf(path)}: the class "${folder.name}" has no files`);
  }
  return { classes: folders.map(({ name }) => name), files };
}

/** Deeper than this a link leads back to where it comes from. */
const maxDepth = 16;

async function* filesUnder(path: string, depth: number): AsyncGenerator<string> {
  if (depth > maxDepth)
    throw new FileError(
      `image folder: ${path} is more than ${maxDepth} folders deep; is it a loop?`,
    );
  for (const entry of await listFolder(path)) {
    if (isHidden(entry) || isDebris(entry)) continue;
    if (entry.kind === "file") yield entry.path;
    else yield* filesUnder(entry.path, depth + 1);
  }
}

/**
 * The images of a folder, one after the other, so that more can be read than the memory holds.
 *
 * @param options.unreadable  "throw" stops at the first file that is no image, "skip" passes it over
 * @throws FileError | FormatError | ShapeError  each naming the file
 */
export async function* stream(
  path: Path,
  options: ImageFolderOptions = {},
): AsyncGenerator<FolderImage, void, undefined> {
  assertOptions(options, "image folder");
  const { files } = await list(path);
  for (const file of files) {
    const found = await attempt(file.path, options);
    if (!("reason" in found)) yield { ...file, image: found.image };
    else if (options.unreadable !== "skip") throw found.error;
  }
}

/**
 * All images of a folder: x [n, height, width, channels] u8, y [n] i32 with the classes numbered in
 * the order of their names.
 *
 * @throws FileError   if files cannot be read as images, naming them (unless they are to be skipped)
 * @throws ShapeError  if sizes differ and there is no `resize`
 */
export async function read(path: Path, options: ImageFolderOptions = {}): Promise<ImageFolder> {
  assertOptions(options, "image folder");
  const { classes, files } = await list(path);
  const images: FolderImage[] = [];
  const unreadable: Unreadable[] = [];
  for (const file of files) {
    const found = await attempt(file.path, options);
    if ("reason" in found) unreadable.push({ path: file.path, reason: found.reason });
    else images.push({ ...file, image: found.image });
  }
  if (unreadable.length > 0 && (options.unreadable !== "skip" || images.length === 0))
    throw new FileError(
      `image folder ${nameOf(path)}: ${unreadable.length} of ${files.length} files cannot be read as ` +
        `images; remove them, or pass { unreadable: "skip" }:\n${summary(unreadable)}`,
    );
  const x = stackImages(images);
  const y = tensorOf(
    Int32Array.from(images, ({ label }) => label),
    [images.length],
    "i32",
  );
  return {
    name: nameOf(path),
    x,
    y: y as Tensor<[number], "i32">,
    classes,
    files: images.map((image) => image.path),
    unreadable,
  };
}

function assertOptions({ size, resize, unreadable }: ImageFolderOptions, op: string): void {
  if (size !== undefined && resize === undefined)
    throw new ValueError(
      `${op}: size needs a function resize(image, size) that brings images to it`,
    );
  if (resize !== undefined && size === undefined)
    throw new ValueError(`${op}: resize needs the size [height, width] to bring images to`);
  if (unreadable !== undefined && unreadable !== "throw" && unreadable !== "skip")
    throw new ValueError(`${op}: unreadable must be "throw" or "skip", got ${String(unreadable)}`);
}

type Attempt =
  { readonly image: ImageTensor } | { readonly reason: string; readonly error: InkgradError };

async function attempt(path: string, options: ImageFolderOptions): Promise<Attempt> {
  const { channels = "rgb", size, resize } = options;
  let image: ImageTensor;
  try {
    image = await readImage(path, { ...options, channels });
  } catch (error) {
    if (!(error instanceof InkgradError)) throw error;
    return { reason: error.message, error };
  }
  if (size === undefined || resize === undefined) return { image };
  const [height, width, depth] = image.shape;
  if (height === size[0] && width === size[1]) return { image };
  const resized = resize(image, size);
  assertTensor(resized, "image folder, resize");
  const wanted = [...size, depth];
  if (show(resized.shape) !== show(wanted) || resized.dtype !== "u8")
    throw new ShapeError(
      `image folder: resize made ${show(resized.shape)} of ${resized.dtype} out of ${path}; ` +
        `${show(wanted)} of u8 was expected`,
    );
  await settled([resized]);
  return { image: resized as ImageTensor };
}

const summary = (unreadable: readonly Unreadable[]): string => {
  const shown = unreadable.slice(0, 10).map(({ reason }) => `  ${reason}`);
  const more = unreadable.length - shown.length;
  return [...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
};

function stackImages(images: readonly FolderImage[]): ImageFolder["x"] {
  const [first] = images;
  const [height, width, channels] = first.image.shape;
  const each = height * width * channels;
  const out = new Uint8Array(images.length * each);
  for (const [i, { path, image }] of images.entries()) {
    if (show(image.shape) !== show(first.image.shape))
      throw new ShapeError(
        `image folder: ${path} has ${image.shape[0]} × ${image.shape[1]} pixels, ${first.path} ` +
          `${height} × ${width}; pass size and resize to bring all to one size`,
      );
    out.set(storedElements(image), i * each);
  }
  return tensorOf(out, [images.length, height, width, channels], "u8") as ImageFolder["x"];
}
