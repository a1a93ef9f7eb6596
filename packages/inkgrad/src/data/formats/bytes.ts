import { FileError, FormatError, InkgradError, ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { assertPath, defaultMaxBytes, nameOf, type Path, readFile } from "../system.js";

/** What formats share: bytes as they come in, limits, and errors that say which file it was. */

/** Options of everything that decodes. */
export interface DecodeOptions {
  /** Most bytes that may come out of decompression, or be read from a file (default 2 GiB). */
  readonly maxBytes?: number;
}

/** Bytes as users have them. */
export type Bytes = Uint8Array | ArrayBuffer;

/** The bytes in an array of the usual kind; not copied unless they are shared between threads. */
export function asBytes(bytes: unknown, op: string): Uint8Array<ArrayBuffer> {
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  if (bytes instanceof Uint8Array) {
    const { buffer, byteOffset, byteLength } = bytes;
    // A Buffer becomes a plain array here: its slice() and toString() mean something else.
    return buffer instanceof ArrayBuffer
      ? new Uint8Array(buffer, byteOffset, byteLength)
      : Uint8Array.from(bytes);
  }
  throw new ValueError(
    `${op}: expected bytes (a Uint8Array or an ArrayBuffer), got ${describe(bytes)}` +
      (typeof bytes === "string" ? "; a path goes to read(path)" : ""),
  );
}

export function maxBytesOf(options: DecodeOptions, op: string): number {
  const { maxBytes = defaultMaxBytes } = options;
  if (typeof maxBytes !== "number" || !(maxBytes >= 0))
    throw new ValueError(`${op}: maxBytes must be a number ≥ 0, got ${describe(maxBytes)}`);
  return maxBytes;
}

/** For data that ends too early. */
export const cutShort = (what: string, expected: number | bigint, came: number): FormatError =>
  new FormatError(
    `${what}: it is cut short: ${expected} bytes were expected, ${came} came; get the file again`,
  );

/** Throws if a header promises more than is allowed, before anything is allocated for it. */
export function assertWithin(what: string, bytes: number, maxBytes: number): void {
  if (bytes > maxBytes)
    throw new FormatError(
      `${what}: it holds ${bytes} bytes, more than the ${maxBytes} that are allowed; ` +
        "raise maxBytes if that is meant",
    );
}

/**
 * Runs what may fail because of the input. Our own errors pass; those of a library become a
 * FormatError, for on these bytes there is nothing else they could be about.
 */
export function wrapping<R>(what: string, run: () => R): R {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof InkgradError) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`${what}: it cannot be decoded: ${said}`, { cause });
  }
}

/** Puts the name of the file before what is said of its bytes. */
export function namingFile(path: Path, error: unknown): unknown {
  return error instanceof FormatError
    ? new FormatError(`${nameOf(path)}: ${error.message}`, { cause: error.cause ?? error })
    : error;
}

/** Reads a file and decodes it; errors name the file. */
export async function decodeFile<R, O extends DecodeOptions>(
  op: string,
  path: Path,
  options: O,
  decode: (bytes: Uint8Array<ArrayBuffer>, options: O) => R | Promise<R>,
): Promise<R> {
  assertPath(path, op);
  const bytes = await readFile(path, { maxBytes: maxBytesOf(options, op) });
  if (bytes.length === 0) throw new FileError(`${op} ${nameOf(path)}: the file is empty`);
  try {
    return await decode(bytes, options);
  } catch (error) {
    throw namingFile(path, error);
  }
}

/** A view to read numbers from. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Characters of one byte each, for names within headers. */
export const latin1 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

/** Do the bytes begin so? */
export const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);
