import { FileError } from "../base/errors.js";
import { assertPath, fileError, nameOf, needFiles, type Path } from "./system.js";

let written = 0;

/**
 * Writes a file so that at every moment, and after a crash at any moment, there is either the file as
 * it was before or the file as it is to be: the bytes go to a temporary name in the same folder and
 * onto the disk, are read back and compared, and only then take the file's name. The folder is
 * made if it is not there.
 *
 * @throws FileError  if it cannot be written, or what was read back differs; the file is then as before
 */
export async function writeFileSafely(path: Path, bytes: Uint8Array): Promise<void> {
  assertPath(path, "writeFileSafely");
  needFiles(`writeFileSafely ${nameOf(path)}`);
  const fs = process.getBuiltinModule("node:fs/promises");
  const paths = process.getBuiltinModule("node:path");
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  let temporary: string | undefined;
  try {
    const target = path instanceof URL ? fileURLToPath(path) : path;
    const folder = paths.dirname(target);
    await fs.mkdir(folder, { recursive: true });
    temporary = paths.join(folder, `.${paths.basename(target)}.${process.pid}.${++written}.tmp`);
    const file = await fs.open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await compare(temporary, bytes, path);
    await fs.rename(temporary, target);
    temporary = undefined;
    await syncFolder(folder);
  } catch (cause) {
    if (temporary !== undefined) await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw fileError("write", path, cause);
  }
}

/** Reads in pieces, so that a large checkpoint is not in memory twice. */
async function compare(temporary: string, bytes: Uint8Array, path: Path): Promise<void> {
  const { open } = process.getBuiltinModule("node:fs/promises");
  const file = await open(temporary);
  try {
    const piece = Buffer.allocUnsafe(Math.min(bytes.byteLength + 1, 2 ** 20));
    const wanted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; ;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, null);
      if (bytesRead === 0 && at === wanted.length) return;
      if (bytesRead === 0 || piece.compare(wanted, at, at + bytesRead, 0, bytesRead) !== 0)
        throw new FileError(
          `write ${nameOf(path)}: what was read back differs from what was written ` +
            `(within ${bytesRead} bytes from byte ${at}); is the disk sound?`,
        );
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Puts the new name on the disk. Windows and some file systems do not let folders be synced. */
async function syncFolder(folder: string): Promise<void> {
  const { open } = process.getBuiltinModule("node:fs/promises");
  const handle = await open(folder).catch(() => undefined);
  try {
    await handle?.sync();
  } catch (cause) {
    const { code = "" } = cause as { code?: string };
    if (!["EINVAL", "ENOTSUP", "EPERM", "EISDIR", "EBADF"].includes(code)) throw cause;
  } finally {
    await handle?.close();
  }
}
