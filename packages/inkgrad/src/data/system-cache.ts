import { FileError } from "../base/errors.js";
import type { Store } from "./digits/store.js";
import { writeFileSafely } from "./system-write.js";

/** The user's cache and folders of data. Node's modules are loaded only when these are called. */

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

/** Node's process, or undefined in a page. */
function surroundings(): Surroundings | undefined {
  const { process } = globalThis as {
    process?: Partial<Surroundings> & { versions?: { node?: string } };
  };
  return process?.versions?.node === undefined ? undefined : (process as Surroundings);
}

/** Whether there are files here. */
export const hasFiles = (): boolean => surroundings() !== undefined;

/** A variable of the environment; one that is empty counts as not set. */
export const environment = (name: string): string | undefined =>
  surroundings()?.env[name] || undefined;

/**
 * The folder for what can be had again: `$XDG_CACHE_HOME/inkgrad/name`, else below
 * `%LOCALAPPDATA%` (Windows) or `~/.cache`.
 *
 * @source XDG Base Directory Specification 0.8, which has relative paths ignored
 */
export async function cacheFolder(name: string): Promise<string> {
  const os = process.getBuiltinModule("node:os");
  const path = process.getBuiltinModule("node:path");
  const xdg = environment("XDG_CACHE_HOME");
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, "inkgrad", name);
  const local = environment("LOCALAPPDATA");
  if (surroundings()?.platform === "win32" && local !== undefined)
    return path.join(local, "inkgrad", "cache", name);
  return path.join(os.homedir(), ".cache", "inkgrad", name);
}

/** A folder as a store of downloads. Only one that is to be written to is made if it is not there. */
export async function folderStore(folder: string, { write = true } = {}): Promise<Store> {
  const fs = process.getBuiltinModule("node:fs/promises");
  const paths = process.getBuiltinModule("node:path");
  if (write) {
    await fs.mkdir(folder, { recursive: true });
    await fs.access(folder, fs.constants.W_OK);
  }
  const path = (name: string) => paths.join(folder, name);
  const part = (name: string) => paths.join(folder, `${name}.part`);
  return {
    where: folder,
    lasting: true,
    path,
    read: (name) => readIfThere(path(name)),
    partSize: (name) => fs.stat(part(name)).then(({ size }) => size, absent(0)),
    async writePart(name, at, bytes) {
      const { O_RDWR, O_CREAT, O_TRUNC } = fs.constants;
      const file = await fs.open(part(name), O_RDWR | O_CREAT | (at === 0 ? O_TRUNC : 0));
      try {
        await file.write(bytes, 0, bytes.length, at);
      } finally {
        await file.close();
      }
    },
    readPart: async (name) => (await readIfThere(part(name))) ?? new Uint8Array(0),
    removePart: (name) => fs.rm(part(name), { force: true }),
    async keep(name, bytes) {
      await writeFileSafely(path(name), bytes);
      await fs.rm(part(name), { force: true });
    },
  };
}

/** The bytes of a file, or undefined if there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  const { readFile } = process.getBuiltinModule("node:fs/promises");
  try {
    return await readFile(path);
  } catch (cause) {
    if (isAbsent(cause)) return undefined;
    throw new FileError(`digits: ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The first of the files that is there.
 *
 * @param names  under which it may lie in `folder`
 */
export async function findFile(
  folder: string,
  names: readonly string[],
): Promise<string | undefined> {
  const { stat } = process.getBuiltinModule("node:fs/promises");
  const paths = process.getBuiltinModule("node:path");
  for (const name of names) {
    const path = paths.join(folder, name);
    if (await stat(path).then((found) => found.isFile(), absent(false))) return path;
  }
  return undefined;
}

/** The folders in a folder, in the order of their names; none if it is no folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  const { readdir, stat } = process.getBuiltinModule("node:fs/promises");
  const paths = process.getBuiltinModule("node:path");
  const found: string[] = [];
  for (const name of (await readdir(folder).catch(absent([]))).sort()) {
    const path = paths.join(folder, name);
    if (await stat(path).then((entry) => entry.isDirectory(), absent(false))) found.push(path);
  }
  return found;
}

/** Gives a value where there is no such file, and lets every other error pass. */
const absent =
  <T>(value: T) =>
  (cause: unknown): T => {
    if (isAbsent(cause)) return value;
    throw cause;
  };

const isAbsent = (cause: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((cause as { code?: string }).code ?? "");
