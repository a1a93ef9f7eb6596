import { latin1, viewOf } from "./bytes.js";

/**
 * Which way up a picture is: cameras store it as their sensor lies, and note how they were held.
 *
 * @source Exif 2.3 (CIPA DC-008), 4.6.4, tag 274 Orientation; TIFF 6.0, section 2
 */

/** 1: as it is stored; 2 to 4: mirrored or turned round; 5 to 8: rows are columns. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const tag = 0x0112;
const short = 3;

/** The note in an APP1 segment, its marker and length left off; undefined if there is none that makes sense. */
export function orientationOf(segment: Uint8Array): Orientation | undefined {
  if (latin1(segment.subarray(0, 6)) !== "Exif\0\0") return undefined;
  const tiff = segment.subarray(6);
  if (tiff.length < 8) return undefined;
  const order = latin1(tiff.subarray(0, 2));
  if (order !== "II" && order !== "MM") return undefined;
  const little = order === "II";
  const view = viewOf(tiff);
  const start = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || start + 2 > tiff.length) return undefined;
  const entries = view.getUint16(start, little);
  for (let i = 0; i < entries; i++) {
    const at = start + 2 + 12 * i;
    if (at + 12 > tiff.length) return undefined;
    if (view.getUint16(at, little) !== tag) continue;
    const value = view.getUint16(at + 8, little);
    const isOne = view.getUint16(at + 2, little) === short && value >= 1 && value <= 8;
    return isOne ? (value as Orientation) : undefined;
  }
  return undefined;
}

interface Pixels {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly height: number;
  readonly width: number;
}

/** The picture [height, width, channels] as it is to be seen. */
export function upright(
  { data, height, width }: Pixels,
  channels: number,
  orientation: Orientation,
): Pixels {
  if (orientation === 1) return { data, height, width };
  const transposed = orientation >= 5;
  const upsideDown = [3, 4, 6, 7].includes(orientation);
  const mirrored = [2, 3, 7, 8].includes(orientation);
  const [toHeight, toWidth] = transposed ? [width, height] : [height, width];
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < toHeight; y++)
    for (let x = 0; x < toWidth; x++) {
      const [row, column] = transposed ? [x, y] : [y, x];
      const fromRow = upsideDown ? height - 1 - row : row;
      const from = (fromRow * width + (mirrored ? width - 1 - column : column)) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c];
    }
  return { data: out, height: toHeight, width: toWidth };
}
