import { FormatError } from "../../base/errors.js";
import { cutShort, startsWith, viewOf } from "./bytes.js";
import { type Orientation, orientationOf } from "./jpeg-orientation.js";

/**
 * A JPEG file is a list of segments, each after a marker. They are walked here before the decoder
 * sees them, which would allocate for any size that is claimed, and fill up what is missing.
 *
 * @source ITU-T T.81, annex B
 */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 for grey, 3 for colour, 4 for the colours of a printer. */
  readonly components: number;
  /** As the camera noted it; 1 if it did not. */
  readonly orientation: Orientation;
}

/** Is it a JPEG file? */
export const isJpeg = (bytes: Uint8Array): boolean => startsWith(bytes, [0xff, 0xd8, 0xff]);

/** A progressive image has about ten scans; each costs a walk over the whole image. */
const maxScans = 100;

const frames = [0xc0, 0xc1, 0xc2];
const otherFrames = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

/**
 * Checks what can be checked without decoding.
 *
 * @throws FormatError  if it is no JPEG file, is cut short, claims more pixels than `maxPixels` or
 *   than its bytes can hold, or is of a kind that the decoder does not know
 */
export function checkJpeg(bytes: Uint8Array, maxPixels: number): JpegHeader {
  if (!isJpeg(bytes))
    throw new FormatError("JPEG: the file does not begin with ff d8 ff; is it a JPEG file?");
  const view = viewOf(bytes);
  let header: Omit<JpegHeader, "orientation"> | undefined;
  let orientation: Orientation | undefined;
  let scans = 0;
  for (let at = 2; ;) {
    at = nextMarker(bytes, at);
    if (at + 2 > bytes.length) throw cutShort("JPEG", at + 2, bytes.length);
    const marker = bytes[at + 1];
    at += 2;
    if (marker === 0xd9) {
      if (header === undefined || scans === 0)
        throw new FormatError("JPEG: there is no image in it");
      return { ...header, orientation: orientation ?? 1 };
    }
    // Restart markers and a second start have no length.
    if (marker >= 0xd0 && marker <= 0xd8) continue;
    if (at + 2 > bytes.length) throw cutShort("JPEG", at + 2, bytes.length);
    const length = view.getUint16(at);
    if (length < 2) throw new FormatError(`JPEG: a segment claims a length of ${length}`);
    if (at + length > bytes.length) throw cutShort("JPEG", at + length, bytes.length);
    if (frames.includes(marker)) {
      if (header !== undefined) throw new FormatError("JPEG: there are two headers");
      header = frameOf(bytes.subarray(at + 2, at + length), maxPixels, bytes.length);
    } else if (marker === 0xe1) {
      orientation ??= orientationOf(bytes.subarray(at + 2, at + length));
    } else if (otherFrames.includes(marker)) {
      throw new FormatError(
        `JPEG: its coding (${marker.toString(16)}: lossless, arithmetic or hierarchical) is not supported`,
      );
    } else if (marker === 0xda) {
      if (header === undefined) throw new FormatError("JPEG: pixels come before the header");
      if (++scans > maxScans)
        throw new FormatError(`JPEG: there are more than ${maxScans} scans of one image`);
    }
    at += length;
  }
}

/** Where the next marker is: coded pixels may lie before it, in which a zero follows each ff. */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && (bytes[at + 1] === 0 || bytes[at + 1] === 0xff))
    at = bytes.indexOf(0xff, at + 1);
  if (at < 0)
    throw new FormatError(
      `JPEG: it is cut short: the marker of the end was expected, ${bytes.length} bytes came; get the file again`,
    );
  return at;
}

function frameOf(
  frame: Uint8Array,
  maxPixels: number,
  fileBytes: number,
): Omit<JpegHeader, "orientation"> {
  if (frame.length < 6) throw cutShort("JPEG header", 6, frame.length);
  const [precision] = frame;
  const view = viewOf(frame);
  const [height, width, components] = [view.getUint16(1), view.getUint16(3), frame[5]];
  if (precision !== 8)
    throw new FormatError(`JPEG: ${precision} bits a channel; only 8 are supported`);
  if (width === 0 || height === 0)
    throw new FormatError(`JPEG: an image of ${width} × ${height} pixels has none`);
  if (components !== 1 && components !== 3 && components !== 4)
    throw new FormatError(`JPEG: ${components} channels; 1, 3 or 4 are supported`);
  if (frame.length < 6 + 3 * components)
    throw cutShort("JPEG header", 6 + 3 * components, frame.length);
  for (let k = 0; k < components; k++) {
    const sampling = frame[7 + 3 * k];
    const [h, v] = [sampling >> 4, sampling & 15];
    if (h < 1 || h > 4 || v < 1 || v > 4)
      throw new FormatError(`JPEG: channel ${k} is sampled ${h} × ${v}; 1 to 4 are possible`);
  }
  if (width * height > maxPixels)
    throw new FormatError(
      `JPEG: the image has ${width} × ${height} pixels, more than the ${maxPixels} that are allowed; ` +
        "raise maxPixels if that is meant",
    );
  // Every block of 8 × 8 pixels takes a bit at least.
  const needed = Math.ceil((Math.ceil(width / 8) * Math.ceil(height / 8)) / 8);
  if (needed > fileBytes) throw cutShort(`JPEG of ${width} × ${height} pixels`, needed, fileBytes);
  return { width, height, components };
}
