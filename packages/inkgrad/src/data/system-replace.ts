import { assertPath, fileError, needFiles } from "./system.js";
import { writeFileSafely } from "./system-write.js";

/** Where the file before, and the one that is to come, are to be found. */
export const previousOf = (path: string): string => `${path}.previous`;
export const nextOf = (path: string): string => `${path}.next`;

/**
 * Writes a file and keeps the one that was there as `….previous`. The new one is whole, on the disk
 * and read back before either takes its name; killed between the two renames, it lies there as
 * `….next`.
 *
 * @param options.keep  is what is there worth keeping? (default true)
 */
export async function replaceFileSafely(
  path: string,
  bytes: Uint8Array,
  { keep = true }: { readonly keep?: boolean } = {},
): Promise<void> {
  await writeFileSafely(nextOf(path), bytes);
  const { rename } = process.getBuiltinModule("node:fs/promises");
  try {
    if (keep)
      await rename(path, previousOf(path)).catch((cause: unknown) => {
        if ((cause as { code?: string }).code !== "ENOENT") throw cause;
      });
    await rename(nextOf(path), path);
  } catch (cause) {
    throw fileError("write", path, cause);
  }
}

/** Removes what programs that were killed have left of their attempts to write this file. */
export async function removeLeftovers(path: string): Promise<void> {
  assertPath(path, "removeLeftovers");
  needFiles(`removeLeftovers ${path}`);
  const { readdir, rm } = process.getBuiltinModule("node:fs/promises");
  const names = process.getBuiltinModule("node:path");
  const folder = names.dirname(path);
  const start = `.${names.basename(path)}.`;
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith(start) && /^(next\.)?\d+\.\d+\.tmp$/.test(name.slice(start.length)))
      await rm(names.join(folder, name), { force: true });
}
