import { FileError } from "../../base/errors.js";
import { findFile, foldersIn, readIfThere } from "../system-cache.js";
import { type MnistFile, mnistFiles } from "./files.js";
import { unpack } from "./unpack.js";

/** The names under which people keep a file: packed or plain, with the dot of some unpackers. */
const namesOf = ({ name }: MnistFile): string[] => {
  const dotted = name.replace("-idx", ".idx");
  return [name, `${name}.gz`, dotted, `${dotted}.gz`];
};

/**
 * The elements of MNIST's four files in a folder, or in a folder within it (such as `mnist`, or
 * torchvision's `MNIST/raw`).
 *
 * @param asked  how messages call the folder's origin: "options.data" or "$INKGRAD_DATA"
 * @throws FileError    if a file is missing
 * @throws FormatError  if a file is not what it should be
 */
export async function readFolder(
  folder: string,
  asked: string,
): Promise<{ elements: Uint8Array[]; where: string }> {
  const { where, paths } = await findFolder(folder, asked);
  const elements: Uint8Array[] = [];
  for (const [i, file] of mnistFiles.entries()) {
    const bytes = await readIfThere(paths[i]);
    if (bytes === undefined)
      throw new FileError(`digits: ${paths[i]} was there and is gone; put it back, or try again`);
    const remedy = `put the right file there, or leave out ${asked} to have MNIST downloaded`;
    elements.push(await unpack(file, bytes, paths[i], remedy));
  }
  return { elements, where };
}

async function findFolder(
  folder: string,
  asked: string,
): Promise<{ where: string; paths: string[] }> {
  const below = await foldersIn(folder);
  const raw = (await Promise.all(below.map(foldersIn))).flat().filter((path) => /raw$/.test(path));
  let nearest: { where: string; missing: string[] } | undefined;
  for (const where of [folder, ...below, ...raw]) {
    const paths = await Promise.all(mnistFiles.map((file) => findFile(where, namesOf(file))));
    const missing = mnistFiles.filter((_, i) => paths[i] === undefined).map(({ name }) => name);
    if (missing.length === 0) return { where, paths: paths as string[] };
    if (nearest === undefined || missing.length < nearest.missing.length)
      nearest = { where, missing };
  }
  throw new FileError(
    `digits: ${asked} is ${folder}, but ${nearest?.where} has no ` +
      `${nearest?.missing.join(", ")} (plain or .gz); give the folder of MNIST's four IDX files or ` +
      `its parent, or leave out ${asked} to have them downloaded`,
  );
}
