import { gunzipSync } from "fflate";
import { FormatError } from "../../base/errors.js";
import type { MnistFile } from "./files.js";

/**
 * The elements of one of MNIST's files, after making sure that it is that file.
 *
 * @param bytes  gzipped or plain
 * @param from   where it came from, for the error
 * @param remedy what to do if it is wrong, for the error
 * @throws FormatError  if it is cut short, damaged, or another file
 */
export async function unpack(
  file: MnistFile,
  bytes: Uint8Array,
  from: string,
  remedy: string,
): Promise<Uint8Array> {
  const plain = isGzip(bytes) ? inflate(file, bytes, from, remedy) : bytes;
  if (plain.length !== file.sizeBytes)
    throw wrong(file, from, remedy, `has ${plain.length} bytes, expected ${file.sizeBytes}`);
  const hash = await sha256(plain);
  if (hash !== file.sha256)
    throw wrong(file, from, remedy, `has the SHA-256 ${hash}, expected ${file.sha256}`);
  return plain.subarray(4 + 4 * file.shape.length);
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function inflate(file: MnistFile, bytes: Uint8Array, from: string, remedy: string): Uint8Array {
  // The last four bytes say how much there is unpacked: what lies is not given memory.
  const n = bytes.length;
  const size = new DataView(bytes.buffer, bytes.byteOffset, n).getUint32(Math.max(n - 4, 0), true);
  if (n < 18 || size !== file.sizeBytes)
    throw wrong(file, from, remedy, "is cut short, or another file");
  try {
    return gunzipSync(bytes, { out: new Uint8Array(file.sizeBytes) });
  } catch (cause) {
    throw wrong(file, from, remedy, `cannot be unpacked (${(cause as Error).message})`, cause);
  }
}

const wrong = (file: MnistFile, from: string, remedy: string, what: string, cause?: unknown) =>
  new FormatError(`digits: ${from} is not MNIST's ${file.name}: it ${what}; ${remedy}`, { cause });

/** Whether there is what checksums are computed with: pages that came over plain HTTP lack it. */
export const canVerify = (): boolean =>
  (globalThis as { crypto?: { subtle?: unknown } }).crypto?.subtle !== undefined;

async function sha256(bytes: Uint8Array): Promise<string> {
  // In the types of pages, memory that is shared is refused.
  const own = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
  const hash = await crypto.subtle.digest("SHA-256", own);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
