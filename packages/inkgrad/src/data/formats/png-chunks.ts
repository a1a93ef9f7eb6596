import { FormatError } from "../../base/errors.js";
import { cutShort, latin1, startsWith, viewOf } from "./bytes.js";
import { crc32 } from "./crc32.js";
import { inflate } from "./inflate.js";

/**
 * A PNG file is a list of chunks. They are checked here before the decoder sees them, for it would
 * believe every length and unpack whatever comes. Only pixels are handed on, known to be of the right
 * size.
 *
 * @source W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", sections 5 and 11
 */

export const pngMagic = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/** Channels in the file and depths allowed, by colour type. */
export const colours: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

/**
 * What the decoder gets: a PNG file of grey, colour or palette numbers and nothing else, neither
 * interlaced nor compressed. An interlaced image is seven of them, each filtered by itself.
 */
export interface Pass {
  readonly width: number;
  readonly height: number;
  /** Where its pixels lie in the image: (x + i · dx, y + j · dy). */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A PNG file, checked and unpacked. */
export interface Unpacked {
  readonly header: PngHeader;
  readonly passes: readonly Pass[];
  /** Red, green, blue of each colour; undefined if the pixels are no palette numbers. */
  readonly palette: Uint8Array | undefined;
  /** As the file has it: alpha for each colour of the palette, or the one transparent pixel. */
  readonly transparency: Uint8Array | undefined;
}

/**
 * Checks a PNG file and unpacks it.
 *
 * @throws FormatError  if it is damaged, cut short, or has more than `maxPixels`
 */
export function unpackPng(bytes: Uint8Array<ArrayBuffer>, maxPixels: number): Unpacked {
  if (!startsWith(bytes, pngMagic))
    throw new FormatError("PNG: the file does not begin with the PNG signature; is it a PNG file?");
  const chunks = chunksOf(bytes);
  const header = headerOf(chunks, maxPixels);
  const [palette, transparency] = colourChunks(header, chunks);
  const packed = join(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const sizes = passesOf(header).map((pass) => ({ ...pass, size: rawBytes(header, pass) }));
  const size = sizes.reduce((sum, pass) => sum + pass.size, 0);
  const pixels = inflate("zlib", packed, size, "PNG");
  if (pixels.length < size) throw cutShort("PNG, pixels", size, pixels.length);
  let at = 0;
  const passes = sizes.map((pass) => {
    at += pass.size;
    return { ...pass, bytes: plainPng(header, pass, pixels.subarray(at - pass.size, at)) };
  });
  return { header, passes, palette, transparency };
}

function chunksOf(bytes: Uint8Array<ArrayBuffer>): Chunk[] {
  const view = viewOf(bytes);
  const chunks: Chunk[] = [];
  for (let at = pngMagic.length; ;) {
    if (at + 12 > bytes.length) throw cutShort("PNG", at + 12, bytes.length);
    const length = view.getUint32(at);
    const type = latin1(bytes.subarray(at + 4, at + 8));
    const end = at + 12 + length;
    if (end > bytes.length) throw cutShort(`PNG, chunk ${JSON.stringify(type)}`, end, bytes.length);
    // The case of the first letter tells whether an image can be shown without the chunk.
    const critical = type[0] === type[0].toUpperCase();
    if (critical && !["IHDR", "PLTE", "IDAT", "IEND"].includes(type))
      throw new FormatError(`PNG: the chunk ${JSON.stringify(type)} is needed but not known`);
    // Of chunks that are passed over too: a flipped bit may have made one out of another.
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4))
      throw new FormatError(
        `PNG: the check sum of chunk ${JSON.stringify(type)} differs; the file is damaged`,
      );
    if (type === "IEND") return chunks;
    if (critical || type === "tRNS") chunks.push({ type, data: bytes.subarray(at + 8, end - 4) });
    at = end;
  }
}

function headerOf([first, ...others]: readonly Chunk[], maxPixels: number): PngHeader {
  if (first?.type !== "IHDR" || first.data.length !== 13)
    throw new FormatError("PNG: the first chunk must be IHDR, of 13 bytes");
  if (others.some(({ type }) => type === "IHDR"))
    throw new FormatError("PNG: there are two headers");
  const view = viewOf(first.data);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, compression, filter, interlace] = first.data.subarray(8);
  if (width === 0 || height === 0)
    throw new FormatError(`PNG: an image of ${width} × ${height} pixels has none`);
  if (width * height > maxPixels)
    throw new FormatError(
      `PNG: the image has ${width} × ${height} pixels, more than the ${maxPixels} that are allowed; ` +
        "raise maxPixels if that is meant",
    );
  if (!colours[colour]?.depths.includes(depth))
    throw new FormatError(`PNG: there is no colour type ${colour} with ${depth} bits`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    throw new FormatError(
      `PNG: compression ${compression}, filter ${filter} or interlacing ${interlace} is not known`,
    );
  return { width, height, depth, colour, interlaced: interlace === 1 };
}

/** Bytes that the transparency of an image without a palette has, by colour type. */
const transparentBytes: Readonly<Record<number, number | undefined>> = { 0: 2, 2: 6 };

function colourChunks({ colour }: PngHeader, chunks: readonly Chunk[]): (Uint8Array | undefined)[] {
  const [palette, transparency] = ["PLTE", "tRNS"].map((wanted) => {
    const found = chunks.filter(({ type }) => type === wanted);
    if (found.length > 1) throw new FormatError(`PNG: there are two chunks ${wanted}`);
    return found[0]?.data;
  });
  const size = palette?.length ?? 0;
  if (colour === 3 && (size === 0 || size % 3 !== 0 || size > 768))
    throw new FormatError(`PNG: a palette has 3 to 768 bytes, in threes; this one has ${size}`);
  if (transparency === undefined) return [palette, undefined];
  const right =
    colour === 3
      ? transparency.length <= size / 3
      : transparency.length === transparentBytes[colour];
  if (!right)
    throw new FormatError(
      `PNG: a transparency of ${transparency.length} bytes does not fit colour type ${colour}`,
    );
  return [palette, transparency];
}

type Place = Omit<Pass, "bytes">;

function passesOf({ width, height, interlaced }: PngHeader): Place[] {
  if (!interlaced) return [{ width, height, x: 0, y: 0, dx: 1, dy: 1 }];
  return adam7
    .map((start) => ({
      ...start,
      width: Math.ceil(Math.max(0, width - start.x) / start.dx),
      height: Math.ceil(Math.max(0, height - start.y) / start.dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** The seven passes of an interlaced image: where each begins, and its steps. */
const adam7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/** Bytes of the pixels as they lie in the file, each line after a byte for its filter. */
const rawBytes = ({ depth, colour }: PngHeader, { width, height }: Place): number =>
  height * (1 + Math.ceil((width * depth * colours[colour].channels) / 8));

function plainPng(
  { depth, colour }: PngHeader,
  { width, height }: Place,
  pixels: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  viewOf(header).setUint32(0, width);
  viewOf(header).setUint32(4, height);
  header.set([depth, colour, 0, 0, 0], 8);
  return join([
    Uint8Array.from(pngMagic),
    chunkBytes({ type: "IHDR", data: header }),
    chunkBytes({ type: "IDAT", data: stored(pixels) }),
    chunkBytes({ type: "IEND", data: new Uint8Array(0) }),
  ]);
}

function chunkBytes({ type, data }: Chunk): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(12 + data.length);
  viewOf(out).setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  // The decoder is told not to look at the sums, which were compared above.
  return out;
}

/** A zlib stream that is not compressed. */
function stored(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const block = 0xffff;
  const blocks = Math.ceil(data.length / block);
  const out = new Uint8Array(2 + data.length + 5 * blocks + 4);
  out.set([0x78, 0x01]);
  let at = 2;
  for (let i = 0; i < blocks; i++) {
    const piece = data.subarray(i * block, (i + 1) * block);
    const [low, high] = [piece.length & 255, piece.length >> 8];
    out.set([i === blocks - 1 ? 1 : 0, low, high, low ^ 255, high ^ 255], at);
    out.set(piece, at + 5);
    at += 5 + piece.length;
  }
  return out;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
