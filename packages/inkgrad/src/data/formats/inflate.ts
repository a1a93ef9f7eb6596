import { Gunzip, Inflate, Unzlib } from "fflate";
import { FormatError } from "../../base/errors.js";
import { assertWithin, cutShort, startsWith, viewOf, wrapping } from "./bytes.js";
import { crc32 } from "./crc32.js";

/** Deflate makes at most this many bytes of one. */
const mostExpansion = 1032;

type Kind = "gzip" | "zlib" | "deflate";
const streams = { gzip: Gunzip, zlib: Unzlib, deflate: Inflate };

/**
 * Decompresses at most `limit` bytes. The input goes in by slices so small that little more than
 * the limit is ever in memory, whatever the input promises.
 *
 * @param what      what messages call the data
 * @param onMember  called at the start of each part of a gzip file after the first
 * @throws FormatError  if it is damaged, cut short, or larger than `limit`
 */
export function inflate(
  kind: Kind,
  bytes: Uint8Array,
  limit: number,
  what: string,
  onMember?: () => void,
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  const stream = new streams[kind]((piece) => {
    total += piece.length;
    if (total > limit) throw tooLarge(what, limit);
    pieces.push(piece);
  });
  if (stream instanceof Gunzip && onMember !== undefined) stream.onmember = onMember;
  wrapping(`${what}, ${kind} data`, () => {
    for (let at = 0; ;) {
      const room = Math.ceil((limit - total) / mostExpansion);
      const end = Math.min(bytes.length, at + Math.min(2 ** 16, Math.max(2 ** 10, room)));
      // The library takes views apart by their buffer: it must not see more than the slice.
      stream.push(bytes.slice(at, end), end === bytes.length);
      at = end;
      if (at === bytes.length) return;
    }
  });
  return join(pieces, total);
}

const gzipMagic = [0x1f, 0x8b];
export const isGzip = (bytes: Uint8Array): boolean => startsWith(bytes, gzipMagic);

const tooLarge = (what: string, limit: number): FormatError =>
  new FormatError(`${what}: it decompresses to more than the ${limit} bytes that are allowed`);

function join(pieces: readonly Uint8Array[], total: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/**
 * Decompresses a gzip file and compares length and check sum with those at its end.
 *
 * @throws FormatError  as `inflate`, and if the sums differ
 */
export function gunzip(bytes: Uint8Array, limit: number, what: string): Uint8Array<ArrayBuffer> {
  if (bytes.length < 18) throw cutShort(`${what}, gzip data`, 18, bytes.length);
  const view = viewOf(bytes);
  const end = bytes.length - 4;
  // The length is stored modulo 2³², so it can only be believed to refuse, never to allocate.
  const length = view.getUint32(end, true);
  assertWithin(what, length, limit);
  let further = 0;
  const out = inflate("gzip", bytes, limit, what, () => further++);
  // Several gzip files one after the other are a gzip file, whose end speaks of its last part only.
  if (further > 0) return out;
  if (out.length % 2 ** 32 !== length)
    throw new FormatError(
      `${what}: its gzip data is cut short or damaged: ${length} bytes were promised, ${out.length} came`,
    );
  if (crc32(out) !== view.getUint32(end - 4, true))
    throw new FormatError(`${what}: its gzip data is damaged: the check sum differs`);
  return out;
}

/**
 * As `gunzip`, by the engine's own decompression where there is one: it is some times as fast.
 *
 * @throws FormatError  as `gunzip`
 */
export async function gunzipLater(
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof DecompressionStream === "undefined") return gunzip(bytes, limit, what);
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  // What goes wrong in writing is told by the reader too; nobody waits for it here.
  writer.write(bytes).catch(() => undefined);
  writer.close().catch(() => undefined);
  const pieces: Uint8Array[] = [];
  let total = 0;
  const reader = (stream.readable as ReadableStreamOfBytes).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || value === undefined) break;
      total += value.length;
      if (total > limit) throw tooLarge(what, limit);
      pieces.push(value);
    }
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    if (cause instanceof FormatError) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`${what}: its gzip data is cut short or damaged: ${said}`, { cause });
  }
  return join(pieces, total);
}

/** What is used of a stream's type, which differs between Node and browsers. */
interface ReadableStreamOfBytes {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array }>;
    cancel(): Promise<void>;
  };
}
