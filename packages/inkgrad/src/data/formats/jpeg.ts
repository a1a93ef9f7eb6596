import * as jpegJs from "jpeg-js";
import { FormatError } from "../../base/errors.js";
import type { Path } from "../system.js";
import { tensorOf } from "../tensor-of.js";
import { asBytes, type Bytes, decodeFile, wrapping } from "./bytes.js";
import { checkJpeg, isJpeg } from "./jpeg-markers.js";
import { type ImageOptions, type ImageTensor, maxPixelsOf } from "./png.js";

/** JPEG images: baseline and progressive. There is no writing of them: what is written is PNG. */

/** Is it a JPEG file? */
export const matches = isJpeg;

/**
 * The image in a JPEG file: 1 channel for grey, 3 for colour (the four colours of a printer are
 * converted). It lies as it is stored: the camera's note which way is up is not heeded.
 *
 * @returns  [height, width, channels] u8
 * @throws FormatError  if it is no JPEG file, is damaged or cut short, or has more than `maxPixels`
 */
export function decode(bytes: Bytes, options: ImageOptions = {}): ImageTensor {
  const maxPixels = maxPixelsOf(options, "jpeg.decode");
  const given = asBytes(bytes, "jpeg.decode");
  const { width, height, components } = checkJpeg(given, maxPixels);
  const found = wrapping("JPEG", () =>
    jpegJs.decode(given, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: Math.ceil(maxPixels / 1e6),
      // The decoder takes some 25 bytes a pixel; its own limit would come before ours.
      maxMemoryUsageInMB: Math.ceil((width * height * 40) / 2 ** 20) + 64,
    }),
  );
  if (found.width !== width || found.height !== height)
    throw new FormatError(
      `JPEG: the header says ${width} × ${height} pixels, ${found.width} × ${found.height} came`,
    );
  const rgb = new Uint8Array(found.data);
  const data = components === 1 ? rgb.filter((_, i) => i % 3 === 0) : rgb;
  const shape = [height, width, components === 1 ? 1 : 3];
  return tensorOf(data, shape, "u8") as ImageTensor;
}

/**
 * Reads a JPEG file.
 *
 * @throws FileError    if it cannot be read
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: ImageOptions = {}): Promise<ImageTensor> =>
  decodeFile("jpeg.read", path, options, decode);
