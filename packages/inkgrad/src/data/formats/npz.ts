import { type Zippable, zipSync } from "fflate";
import { FormatError, ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Path } from "../system.js";
import { writeFileSafely } from "../system-write.js";
import { assertTensor, settled } from "../tensor-of.js";
import {
  asBytes,
  type Bytes,
  cutShort,
  decodeFile,
  type DecodeOptions,
  maxBytesOf,
} from "./bytes.js";
import * as npy from "./npy.js";
import { isZip, unzip } from "./zip.js";

/** NPZ, the format of `numpy.savez`: a ZIP archive of NPY files. */

/** Is it a ZIP archive? */
export const matches = isZip;

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/**
 * The arrays of an NPZ file by name, compressed or not: `numpy.savez("f.npz", x=…)` gives `{ x }`.
 *
 * @param options.maxBytes  most bytes that the arrays may have together (default 2 GiB)
 * @throws FormatError  as `npy.decode`, naming the array; if the archive is damaged or holds something else
 */
export function decode(bytes: Bytes, options: DecodeOptions = {}): Record<string, Tensor> {
  const op = "npz.decode";
  const maxBytes = maxBytesOf(options, op);
  const given = asBytes(bytes, op);
  if (given.length < 22) throw cutShort("NPZ", 22, given.length);
  if (!isZip(given))
    throw new FormatError("NPZ: the file is not a ZIP archive; a single array is an .npy file");
  // A name may be "__proto__", which only an object without a prototype takes as any other.
  const tensors = Object.create(null) as Record<string, Tensor>;
  for (const [file, content] of unzip(given, maxBytes, "NPZ")) {
    if (!file.endsWith(".npy"))
      throw new FormatError(`NPZ: "${file}" is no .npy file; the archive is not one of NumPy's`);
    try {
      tensors[file.slice(0, -4)] = npy.decode(content, { maxBytes });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new FormatError(`NPZ, "${file}": ${error.message}`, { cause: error });
    }
  }
  return tensors;
}

/** How an NPZ file is written. */
export interface EncodeOptions {
  /** Compress, as `numpy.savez_compressed` does (default false). */
  readonly compress?: boolean;
}

/**
 * An NPZ file of tensors.
 *
 * @throws ValueError  if a name is empty, or begins or ends so that it would not be found again
 */
export function encode(tensors: Tensors, { compress = false }: EncodeOptions = {}): Uint8Array {
  if (typeof tensors !== "object" || tensors === null)
    throw new ValueError(`npz.encode: expected tensors by name, got ${describe(tensors)}`);
  const files: Zippable = Object.create(null) as Zippable;
  for (const [name, x] of Object.entries(tensors)) {
    if (name === "" || name.startsWith("/") || name.split("/").includes(".."))
      throw new ValueError(`npz.encode: "${name}" cannot be the name of an array`);
    assertTensor(x, `npz.encode, "${name}"`);
    // A date of its own, so that the same tensors give the same bytes.
    files[`${name}.npy`] = [
      npy.encode(x),
      { level: compress ? 6 : 0, mtime: new Date(1980, 0, 1) },
    ];
  }
  return zipSync(files);
}

/**
 * Reads an NPZ file.
 *
 * @throws FileError    if it cannot be read
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: DecodeOptions = {}): Promise<Record<string, Tensor>> =>
  decodeFile("npz.read", path, options, decode);

/** Writes an NPZ file, safely: there is never half of one. */
export async function write(path: Path, tensors: Tensors, options?: EncodeOptions): Promise<void> {
  await settled(Object.values(tensors));
  await writeFileSafely(path, encode(tensors, options));
}
