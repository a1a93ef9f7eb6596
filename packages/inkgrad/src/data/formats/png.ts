import * as fastPng from "fast-png";
import { FormatError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Path } from "../system.js";
import { writeFileSafely } from "../system-write.js";
import { assertTensor, settled, storedElements, tensorOf } from "../tensor-of.js";
import {
  asBytes,
  type Bytes,
  decodeFile,
  type DecodeOptions,
  startsWith,
  wrapping,
} from "./bytes.js";
import { colours, pngMagic, type PngHeader, type Unpacked, unpackPng } from "./png-chunks.js";

/** PNG images. */

/** An image: [height, width, channels], bytes. */
export type ImageTensor = Tensor<[number, number, number], "u8">;

export interface ImageOptions extends DecodeOptions {
  /** Most pixels that an image may have (default 2²⁶, about 67 million). */
  readonly maxPixels?: number;
}

export function maxPixelsOf({ maxPixels = 2 ** 26 }: ImageOptions, op: string): number {
  if (typeof maxPixels !== "number" || !(maxPixels >= 1))
    throw new ValueError(`${op}: maxPixels must be a number ≥ 1, got ${String(maxPixels)}`);
  return maxPixels;
}

/** Is it a PNG file? */
export const matches = (bytes: Uint8Array): boolean => startsWith(bytes, pngMagic);

/**
 * The image in a PNG file: 1 channel for grey, 2 for grey and alpha, 3 for colour, 4 for colour and
 * alpha. Palettes are looked up, a transparent colour becomes alpha, and all depths are brought to 8
 * bits (16 by rounding, fewer by scaling to 0 … 255). Colour profiles and gamma are ignored.
 *
 * @returns  [height, width, channels] u8
 * @throws FormatError  if it is no PNG file, is damaged or cut short, or has more than `maxPixels`
 */
export function decode(bytes: Bytes, options: ImageOptions = {}): ImageTensor {
  const maxPixels = maxPixelsOf(options, "png.decode");
  const unpacked = unpackPng(asBytes(bytes, "png.decode"), maxPixels);
  const { header } = unpacked;
  const { data, channels } = toBytes(samplesOf(unpacked), unpacked);
  return tensorOf(data, [header.height, header.width, channels], "u8") as ImageTensor;
}

type Samples = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** The numbers in the file, one an element: [height, width, channels of the file]. */
function samplesOf({ header, passes }: Unpacked): Samples {
  const { width, height, depth, colour } = header;
  const { channels } = colours[colour];
  const size = width * height * channels;
  const out: Samples = depth === 16 ? new Uint16Array(size) : new Uint8Array(size);
  for (const pass of passes) {
    const { data } = wrapping("PNG", () => fastPng.decode(pass.bytes, { checkCrc: false }));
    const perLine = Math.ceil((pass.width * channels * Math.min(depth, 8)) / 8);
    const mask = 2 ** depth - 1;
    for (let j = 0; j < pass.height; j++)
      for (let i = 0; i < pass.width; i++) {
        const to = ((pass.y + j * pass.dy) * width + pass.x + i * pass.dx) * channels;
        if (depth < 8) {
          // One channel; the leftmost pixel lies in the highest bits.
          const byte = data[j * perLine + ((i * depth) >> 3)];
          out[to] = (byte >> (8 - depth - ((i * depth) & 7))) & mask;
        } else {
          const from = (j * pass.width + i) * channels;
          for (let k = 0; k < channels; k++) out[to + k] = data[from + k];
        }
      }
  }
  return out;
}

interface Pixels {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly channels: number;
}

/** Colours instead of numbers of a palette, 8 bits instead of others, alpha where there is some. */
function toBytes(samples: Samples, { header, palette, transparency }: Unpacked): Pixels {
  if (header.colour === 3) return lookUp(samples, palette!, transparency);
  const scale = 255 / (2 ** header.depth - 1);
  const { channels } = colours[header.colour];
  if (transparency === undefined) {
    if (header.depth === 8) return { data: samples as Uint8Array<ArrayBuffer>, channels };
    return { data: Uint8Array.from(samples, (x) => Math.round(x * scale)), channels };
  }
  const clear = transparentSample(transparency, header);
  const count = samples.length / channels;
  const data = new Uint8Array(count * (channels + 1));
  for (let i = 0; i < count; i++) {
    let same = true;
    for (let k = 0; k < channels; k++) {
      const sample = samples[i * channels + k];
      if (sample !== clear[k]) same = false;
      data[i * (channels + 1) + k] = Math.round(sample * scale);
    }
    data[i * (channels + 1) + channels] = same ? 0 : 255;
  }
  return { data, channels: channels + 1 };
}

/** The pixel that is transparent: 16 bits a channel, of which the lowest count. */
const transparentSample = (bytes: Uint8Array, { depth }: PngHeader): number[] =>
  Array.from(
    { length: bytes.length / 2 },
    (_, k) => ((bytes[2 * k] << 8) | bytes[2 * k + 1]) & (2 ** depth - 1),
  );

function lookUp(numbers: Samples, palette: Uint8Array, alpha: Uint8Array | undefined): Pixels {
  const channels = alpha === undefined ? 3 : 4;
  const data = new Uint8Array(numbers.length * channels);
  for (let i = 0; i < numbers.length; i++) {
    const from = 3 * numbers[i];
    if (from >= palette.length)
      throw new FormatError(
        `PNG: pixel ${i} has colour ${numbers[i]} of a palette of ${palette.length / 3}`,
      );
    for (let k = 0; k < 3; k++) data[i * channels + k] = palette[from + k];
    if (alpha !== undefined) data[i * channels + 3] = alpha[numbers[i]] ?? 255;
  }
  return { data, channels };
}

/**
 * A PNG file of an image: [height, width] or [height, width, 1] is grey, 2 channels are grey and
 * alpha, 3 colour, 4 colour and alpha.
 *
 * @param image  u8; other types are to be brought to 0 … 255 and cast first
 * @throws ValueError  if it is no such image
 */
export function encode(image: Tensor): Uint8Array {
  const op = "png.encode";
  assertTensor(image, op);
  const [height, width, channels = 1] = image.shape;
  if (image.dtype !== "u8")
    throw new ValueError(
      `${op}: expected bytes (u8), got ${image.dtype}; scale to 0 … 255, round, and cast("u8")`,
    );
  if (image.rank < 2 || image.rank > 3 || channels < 1 || channels > 4 || image.size === 0)
    throw new ValueError(
      `${op}: expected an image [height, width] or [height, width, 1 to 4], got ${show(image.shape)}`,
    );
  const data = storedElements(image) as Uint8Array;
  return fastPng.encode({ width, height, data, channels, depth: 8 });
}

/**
 * Reads a PNG file.
 *
 * @throws FileError    if it cannot be read
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: ImageOptions = {}): Promise<ImageTensor> =>
  decodeFile("png.read", path, options, decode);

/** Writes a PNG file, safely: there is never half of one. */
export async function write(path: Path, image: Tensor): Promise<void> {
  await settled([image]);
  await writeFileSafely(path, encode(image));
}
