import { FileError, ValueError } from "../base/errors.js";

/**
 * Reading files and folders. This and `system-write.ts` are the only places of the library that
 * ask for Node's modules, and only when they are called, so that everything else loads in a page.
 */

/** Where a file lies: a path, or a `file:` URL. */
export type Path = string | URL;

/** Files larger than this are not read whole unless `maxBytes` says otherwise: 2 GiB. */
export const defaultMaxBytes = 2 ** 31;

const inNode = (): boolean => {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return typeof process?.versions?.node === "string";
};

/** Throws where there are no files: in a browser. */
export function needFiles(doing: string): void {
  if (inNode()) return;
  throw new FileError(
    `${doing}: there are no files here, as in a browser; get the bytes with fetch(…) or from a file ` +
      "input, and give them to decode(bytes)",
  );
}

/** How messages call a file. */
export const nameOf = (path: Path): string => (path instanceof URL ? path.href : path);

export function assertPath(path: unknown, doing: string): asserts path is Path {
  if (path instanceof URL || (typeof path === "string" && path !== "")) return;
  throw new ValueError(
    `${doing}: expected the path of a file, got ${path === "" ? "an empty text" : typeof path}` +
      (ArrayBuffer.isView(path) ? "; bytes go to decode(bytes)" : ""),
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder; check the name and the folder it is looked up from",
  EACCES: "reading or writing it is not permitted; check its permissions",
  EPERM: "the system does not permit it; check its permissions",
  EISDIR: "it is a folder, a file was expected",
  ENOTDIR: "a part of the path is a file, not a folder",
  ENOSPC: "the disk is full; free some space, or write elsewhere",
  EROFS: "the disk can only be read; write elsewhere",
  EMFILE: "too many files are open; close some",
  ENAMETOOLONG: "the name is too long",
  ERR_INVALID_URL_SCHEME: "only file: URLs can be read; download it first",
  ERR_INVALID_ARG_VALUE: "it is not the name of a file",
};

/** What the system says, as an error that names the file. */
export function fileError(doing: string, path: Path, cause: unknown): FileError {
  if (cause instanceof FileError) return cause;
  const { code, message } = cause as { code?: string; message?: string };
  const reason = reasons[code ?? ""] ?? message ?? String(cause);
  return new FileError(`${doing} ${nameOf(path)}: ${reason}`, { cause });
}

/**
 * The bytes of a file.
 *
 * @param options.maxBytes  larger files are refused before they are read (default 2 GiB)
 * @throws FileError  if there is no such file, it cannot be read, or it is too large
 */
export async function readFile(
  path: Path,
  { maxBytes = defaultMaxBytes }: { maxBytes?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  assertPath(path, "readFile");
  needFiles(`readFile ${nameOf(path)}`);
  const { open } = process.getBuiltinModule("node:fs/promises");
  let file;
  try {
    file = await open(path);
    const { size } = await file.stat();
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
    const bytes = await file.readFile();
    // Pipes and files of /proc have no size beforehand.
    if (bytes.byteLength > maxBytes) throw tooLarge(path, bytes.byteLength, maxBytes);
    // Small files come as a piece of a pool that Node shares; others keep their own memory.
    const whole = bytes.byteLength === bytes.buffer.byteLength;
    return whole ? new Uint8Array(bytes.buffer) : Uint8Array.from(bytes);
  } catch (cause) {
    throw fileError("read", path, cause);
  } finally {
    await file?.close();
  }
}

const tooLarge = (path: Path, size: number, maxBytes: number): FileError =>
  new FileError(
    `read ${nameOf(path)}: it has ${size} bytes, more than the ${maxBytes} that are allowed; ` +
      "raise maxBytes if that is meant",
  );

/**
 * The bytes of a file, piece by piece, so that a file larger than the memory can be read.
 *
 * @param options.pieceBytes  size of the pieces (default 1 MiB; the last is smaller)
 * @throws FileError  if there is no such file, or it cannot be read
 */
export async function* readPieces(
  path: Path,
  { pieceBytes = 2 ** 20 }: { pieceBytes?: number } = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  assertPath(path, "readPieces");
  needFiles(`readPieces ${nameOf(path)}`);
  const { open } = process.getBuiltinModule("node:fs/promises");
  let file;
  try {
    file = await open(path);
    for (;;) {
      // A new array each time: whoever gets a piece may keep it.
      const piece = new Uint8Array(pieceBytes);
      const { bytesRead } = await file.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) return;
      yield bytesRead === pieceBytes ? piece : piece.subarray(0, bytesRead);
    }
  } catch (cause) {
    // What the reader of the pieces throws does not come here: only the system's errors do.
    throw fileError("read", path, cause);
  } finally {
    await file?.close();
  }
}

/** The bytes of a file that comes with a package this one depends on: "name/file". */
export async function packageFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  needFiles(`read ${name}`);
  const { createRequire } = process.getBuiltinModule("node:module");
  return readFile(createRequire(import.meta.url).resolve(name));
}

/** What lies in a folder. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly kind: "file" | "folder";
}

/**
 * Files and folders in a folder, sorted by name (by code units, so alike on every machine). Links
 * are followed; what is neither a file nor a folder is left out, broken links too.
 *
 * @throws FileError  if there is no such folder, or it cannot be read
 */
export async function listFolder(path: Path): Promise<Entry[]> {
  assertPath(path, "listFolder");
  needFiles(`listFolder ${nameOf(path)}`);
  const { readdir, stat } = process.getBuiltinModule("node:fs/promises");
  const paths = process.getBuiltinModule("node:path");
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  try {
    const folder = path instanceof URL ? fileURLToPath(path) : path;
    const found: Entry[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const at = paths.join(folder, entry.name);
      const target = entry.isSymbolicLink() ? await stat(at).catch(() => undefined) : entry;
      if (target?.isFile()) found.push({ name: entry.name, path: at, kind: "file" });
      if (target?.isDirectory()) found.push({ name: entry.name, path: at, kind: "folder" });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === "ENOTDIR")
      throw new FileError(`list ${nameOf(path)}: it is not a folder`, { cause });
    throw fileError("list", path, cause);
  }
}

/** Is there a file or folder? */
export async function exists(path: Path): Promise<boolean> {
  assertPath(path, "exists");
  needFiles(`exists ${nameOf(path)}`);
  const { access } = process.getBuiltinModule("node:fs/promises");
  return access(path).then(
    () => true,
    () => false,
  );
}
