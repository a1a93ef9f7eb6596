import * as jpegJs from "jpeg-js";
import { FormatError } from "../../base/errors.js";
import type { Path } from "../system.js";
import { tensorOf } from "../tensor-of.js";
import { asBytes, type Bytes, decodeFile, wrapping } from "./bytes.js";
import { checkJpeg, isJpeg } from "./jpeg-markers.js";
import { upright } from "./jpeg-orientation.js";
import { type ImageOptions, type ImageTensor, maxPixelsOf } from "./png.js";

/** JPEG images: baseline and progressive. There is no writing of them: what is written is PNG. */

export interface JpegOptions extends ImageOptions {
  /** Turn the picture as the camera that took it was held (default true). */
  readonly upright?: boolean;
}

/** Is it a JPEG file? */
export const matches = isJpeg;

/**
 * The image in a JPEG file: 1 channel for grey, 3 for colour (the four colours of a printer are
 * converted). It stands upright, as the camera noted (Exif), unless `upright` is false.
 *
 * @returns  [height, width, channels] u8
 * @throws FormatError  if it is no JPEG file, is damaged or cut short, or has more than `maxPixels`
 */
export function decode(bytes: Bytes, options: JpegOptions = {}): ImageTensor {
  const maxPixels = maxPixelsOf(options, "jpeg.decode");
  const given = asBytes(bytes, "jpeg.decode");
  const { width, height, components, orientation } = checkJpeg(given, maxPixels);
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
  const channels = components === 1 ? 1 : 3;
  const data = channels === 1 ? rgb.filter((_, i) => i % 3 === 0) : rgb;
  const stored = { data, height, width };
  const seen = options.upright === false ? stored : upright(stored, channels, orientation);
  return tensorOf(seen.data, [seen.height, seen.width, channels], "u8") as ImageTensor;
}

/**
 * Reads a JPEG file.
 *
 * @throws FileError    if it cannot be read
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: JpegOptions = {}): Promise<ImageTensor> =>
  decodeFile("jpeg.read", path, options, decode);
