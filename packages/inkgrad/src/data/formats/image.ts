import { FormatError, ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Path } from "../system.js";
import { assertTensor, storedElements, tensorOf } from "../tensor-of.js";
import { asBytes, type Bytes, decodeFile } from "./bytes.js";
import * as jpeg from "./jpeg.js";
import { decode as decodePng, type ImageTensor, matches as isPng } from "./png.js";

/** Images of any format that is known, told apart by how they begin, not by their names. */

export type { ImageOptions, ImageTensor } from "./png.js";
export { encode, write } from "./png.js";

/** What the channels of an image are. */
export type Channels = "grey" | "rgb" | "rgba";

export interface ConvertOptions extends jpeg.JpegOptions {
  /** Bring the image to these channels; left out: it stays as it is. */
  readonly channels?: Channels;
  /** What shines through where an image with alpha is brought to one without: 0 … 255 (default white). */
  readonly background?: number;
}

/** Is it an image of a format that is known? */
export const matches = (bytes: Uint8Array): boolean => isPng(bytes) || jpeg.matches(bytes);

/**
 * The image in a PNG or JPEG file.
 *
 * @returns  [height, width, channels] u8
 * @throws FormatError  if it is neither, is damaged or cut short, or has more than `maxPixels`
 */
export function decode(bytes: Bytes, options: ConvertOptions = {}): ImageTensor {
  const given = asBytes(bytes, "image.decode");
  const image = isPng(given)
    ? decodePng(given, options)
    : jpeg.matches(given)
      ? jpeg.decode(given, options)
      : undefined;
  if (image === undefined)
    throw new FormatError(
      "image: the file begins like neither PNG nor JPEG; convert it to one of them",
    );
  const { channels, background } = options;
  return channels === undefined ? image : convert(image, channels, { background });
}

const countOf: { readonly [C in Channels]: number } = { grey: 1, rgb: 3, rgba: 4 };

/**
 * An image with other channels. Grey is the luma of ITU-R BT.601 (0.299 red, 0.587 green, 0.114
 * blue), rounded as Pillow does.
 *
 * @param image               [height, width, 1 to 4] u8
 * @param options.background  what shines through where alpha is given up, 0 … 255 (default 255)
 * @returns                   [height, width, 1, 3 or 4] u8
 */
export function convert(
  image: Tensor,
  channels: Channels,
  { background = 255 }: { background?: number } = {},
): ImageTensor {
  const op = "image.convert";
  assertTensor(image, op);
  const [height, width, from] = image.shape;
  if (image.rank !== 3 || image.dtype !== "u8" || from < 1 || from > 4)
    throw new ShapeError(
      `${op}: expected an image [height, width, 1 to 4] of u8, got ${show(image.shape)} of ${image.dtype}`,
    );
  if (!Object.hasOwn(countOf, channels))
    throw new ValueError(
      `${op}: channels must be "grey", "rgb" or "rgba", got ${String(channels)}`,
    );
  if (!(background >= 0 && background <= 255))
    throw new ValueError(`${op}: background must be within 0 … 255, got ${background}`);
  const to = countOf[channels];
  if (to === from) return image as ImageTensor;
  const source = storedElements(image) as Uint8Array;
  const out = new Uint8Array(height * width * to);
  const [colour, hasAlpha] = [from >= 3, from === 2 || from === 4];
  for (let i = 0; i < height * width; i++) {
    const at = i * from;
    let [r, g, b] = colour
      ? [source[at], source[at + 1], source[at + 2]]
      : [source[at], source[at], source[at]];
    const alpha = hasAlpha ? source[at + from - 1] : 255;
    if (alpha !== 255 && to !== 4) {
      const over = (x: number): number =>
        Math.round((x * alpha + background * (255 - alpha)) / 255);
      [r, g, b] = [over(r), over(g), over(b)];
    }
    if (to === 1) out[i] = colour ? (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16 : r;
    else {
      out[i * to] = r;
      out[i * to + 1] = g;
      out[i * to + 2] = b;
      if (to === 4) out[i * to + 3] = alpha;
    }
  }
  return tensorOf(out, [height, width, to], "u8") as ImageTensor;
}

/**
 * Reads an image file, PNG or JPEG: `await image.read("seven.png", { channels: "grey" })`.
 *
 * @throws FileError    if it cannot be read
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: ConvertOptions = {}): Promise<ImageTensor> =>
  decodeFile("image.read", path, options, decode);
