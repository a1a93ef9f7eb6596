import { normalizeCharacter } from "../../data/characters/normalize.js";
import { type Dataset, image, imageFolder, transforms } from "../../data/index.js";
import type { ImageTensor } from "../../data/formats/image.js";
import { FileError, FormatError, InkgradError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";

/** How picture files become what a model takes. */

export type Intake =
  /** One character each, brought to MNIST's form. */
  | { readonly kind: "characters" }
  /** Pictures of anything, brought to a size. */
  | {
      readonly kind: "pictures";
      readonly size: readonly [height: number, width: number];
      readonly channels: "grey" | "rgb";
    };

/** The picture in a file [h, w, c] u8, as the model takes it. */
export async function readPicture(path: string, intake: Intake): Promise<Tensor> {
  if (intake.kind === "characters") return readCharacter(path);
  const picture = await image.read(path, { channels: intake.channels });
  return sized(picture, intake.size);
}

/** @throws FormatError  if there is nothing in the picture to be read */
async function readCharacter(path: string): Promise<Tensor> {
  const picture = await image.read(path);
  // What is drawn in white on nothing cannot be seen on white paper.
  for (const background of [255, 0]) {
    const character = normalizeCharacter(image.convert(picture, "grey", { background }));
    if ((await character.data()).some((ink) => ink !== 0)) return character;
  }
  throw new FormatError(
    `${path}: there is no character in it: nothing stands out from the background`,
  );
}

export interface PictureFolder {
  readonly data: Dataset;
  readonly classes: readonly string[];
  /** Files that are no pictures, and why. */
  readonly leftOut: readonly string[];
}

/** A folder of pictures, a folder for each class. Files that are no pictures are left out. */
export async function readFolder(path: string, intake: Intake): Promise<PictureFolder> {
  const { classes, files } = await imageFolder.list(path);
  const pictures: Tensor[] = [];
  const labels: number[] = [];
  const leftOut: string[] = [];
  for (const { path, label } of files)
    try {
      pictures.push(await readPicture(path, intake));
      labels.push(label);
    } catch (error) {
      if (!(error instanceof InkgradError)) throw error;
      leftOut.push(error.message);
    }
  if (pictures.length === 0)
    throw new FileError(`${path}: none of its ${files.length} files can be used: ${leftOut[0]}`);
  const y = tensor(Int32Array.from(labels));
  return { data: { name: path, x: await batchOf(pictures), y, classes }, classes, leftOut };
}

/** The picture in another size, rounded to bytes again. */
function sized(picture: ImageTensor, size: readonly [number, number]): Tensor {
  const [height, width] = picture.shape;
  if (height === size[0] && width === size[1]) return picture;
  return transforms.resize(size)(picture).round().clip(0, 255).cast("u8");
}

/** Pictures of one shape [h, w, c] of bytes as a batch [n, h, w, c]. */
export async function batchOf(pictures: readonly Tensor[]): Promise<Tensor> {
  const { shape, size } = pictures[0];
  const out = new Uint8Array(pictures.length * size);
  for (const [i, picture] of pictures.entries()) out.set(await picture.data(), i * size);
  return tensor(out, { shape: [pictures.length, ...shape] });
}
