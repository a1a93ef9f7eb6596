import { FormatError } from "../../base/errors.js";
import { assertWithin, cutShort, startsWith, viewOf } from "./bytes.js";
import { crc32 } from "./crc32.js";
import { inflate } from "./inflate.js";

/**
 * Reading ZIP archives, checked throughout: the files are found by the directory at the end, come
 * out no larger than it says, and their check sums are compared.
 *
 * @source PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16
 */

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;

/** Is it a ZIP archive, possibly an empty one? */
export const isZip = (bytes: Uint8Array): boolean =>
  startsWith(bytes, [0x50, 0x4b, 3, 4]) || startsWith(bytes, [0x50, 0x4b, 5, 6]);

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
}

/**
 * The files in an archive by name, in the order of the directory.
 *
 * @throws FormatError  if it is damaged, encrypted, or holds more than `maxBytes`
 */
export function unzip(
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes: number,
  what: string,
): Map<string, Uint8Array<ArrayBuffer>> {
  const view = viewOf(bytes);
  const entries = directory(bytes, view, what);
  // Summed before anything is unpacked: a thousand entries may lie over the same bytes.
  assertWithin(
    what,
    entries.reduce((sum, entry) => sum + entry.size, 0),
    maxBytes,
  );
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of entries) {
    if (files.has(entry.name))
      throw new FormatError(`${what}: "${entry.name}" is in the archive twice`);
    files.set(entry.name, content(bytes, view, entry, `${what}, "${entry.name}"`));
  }
  return files;
}

function directory(bytes: Uint8Array, view: DataView, what: string): Entry[] {
  const end = findEnd(view);
  if (end === undefined)
    throw new FormatError(`${what}: the directory at the end is missing; the archive is cut short`);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== entrySignature)
      throw new FormatError(
        `${what}: the directory promises ${count} files, but entry ${i} is not one`,
      );
    const [name, extra, comment] = [28, 30, 32].map((k) => view.getUint16(at + k, true));
    const next = at + 46 + name + extra + comment;
    if (next > end) throw new FormatError(`${what}: entry ${i} goes beyond the directory`);
    if (view.getUint16(at + 8, true) & 1)
      throw new FormatError(`${what}: the archive is encrypted, which is not supported`);
    const entry: Entry = {
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      local: view.getUint32(at + 42, true),
    };
    if (entry.size === 0xffffffff || entry.packed === 0xffffffff || entry.local === 0xffffffff)
      throw new FormatError(`${what}: "${entry.name}" has 4 GiB or more, which is not supported`);
    entries.push(entry);
    at = next;
  }
  return entries;
}

/** The end record is 22 bytes and a comment of up to 65,535. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - 22;
  for (let at = last; at >= 0 && at >= last - 0xffff; at--)
    if (view.getUint32(at, true) === endSignature) return at;
  return undefined;
}

function content(
  bytes: Uint8Array<ArrayBuffer>,
  view: DataView,
  { local, packed, size, method, crc }: Entry,
  what: string,
): Uint8Array<ArrayBuffer> {
  if (local + 30 > bytes.length || view.getUint32(local, true) !== localSignature)
    throw new FormatError(`${what}: the directory points to where it is not`);
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > bytes.length)
    throw cutShort(what, packed, Math.max(0, bytes.length - start));
  const data = bytes.subarray(start, start + packed);
  if (method !== 0 && method !== 8)
    throw new FormatError(`${what}: its compression (${method}) is not known; deflate is`);
  const out = method === 0 ? data : inflate("deflate", data, size, what);
  if (out.length !== size) throw cutShort(what, size, out.length);
  if (crc32(out) !== crc)
    throw new FormatError(`${what}: it is damaged: the check sum differs; get the file again`);
  return out;
}
