import { normalizeCharacter } from "../../data/characters/normalize.js";
import { image, imageFolder, transforms } from "../../data/index.js";
import type { ImageTensor } from "../../data/formats/image.js";
import { concat } from "../../tensor/functions/join.js";
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
  if (intake.kind === "characters")
    return normalizeCharacter(await image.read(path, { channels: "grey" }));
  const picture = await image.read(path, { channels: intake.channels });
  return sized(picture, intake.size);
}

/** A folder of pictures, a folder for each class. Files that are no pictures are left out. */
export function readFolder(
  path: string,
  intake: Intake,
): Promise<Awaited<ReturnType<typeof imageFolder.read>>> {
  const unreadable = "skip";
  if (intake.kind === "characters")
    return imageFolder.read(path, {
      unreadable,
      channels: "grey",
      size: [28, 28],
      resize: normalizeCharacter,
      always: true,
    } as Parameters<typeof imageFolder.read>[1]);
  const { channels, size } = intake;
  return imageFolder.read(path, { unreadable, channels, size, resize: sized });
}

/** The picture in another size, rounded to bytes again. */
function sized(picture: ImageTensor, size: readonly [number, number]): Tensor {
  const [height, width] = picture.shape;
  if (height === size[0] && width === size[1]) return picture;
  return transforms.resize(size)(picture).round().clip(0, 255).cast("u8") as Tensor;
}

/** Pictures of one shape as a batch [n, h, w, c]. */
export const batchOf = (pictures: readonly Tensor[]): Tensor =>
  concat(
    pictures.map((x) => x.reshape([1, ...x.shape] as never) as Tensor),
    0,
  );
