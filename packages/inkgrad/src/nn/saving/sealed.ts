import { FormatError } from "../../base/errors.js";
import { crc32 } from "../../data/formats/crc32.js";
import { decode, encode } from "../../data/formats/safetensors.js";
import { storedElements } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import { readJson, writeJson } from "./json.js";

/**
 * What models and checkpoints have in common: a safetensors file whose metadata hold JSON under
 * "inkgrad", and a check sum over that and all tensors.
 */

export interface Sealed {
  /** What the file says about itself. */
  readonly about: { readonly [key: string]: unknown };
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const version = 1;

/** @param kind  "model" or "checkpoint" */
export function seal(
  kind: string,
  about: object,
  tensors: ReadonlyMap<string, Tensor>,
): Uint8Array<ArrayBuffer> {
  const inkgrad = writeJson({ kind, version, ...about });
  return encode(Object.fromEntries(tensors), { inkgrad, checksum: checksum(inkgrad, tensors) });
}

/**
 * @throws FormatError  if the bytes are no whole file of that kind, or have changed since it was written
 */
export function unseal(kind: string, bytes: Uint8Array | ArrayBuffer, what: string): Sealed {
  const { tensors, metadata } = decode(bytes);
  const found = new Map(Object.entries(tensors));
  const text = metadata.inkgrad as string | undefined;
  if (text === undefined)
    throw new FormatError(
      `${what}: the file holds tensors but nothing about the ${kind} they belong to (no "inkgrad" ` +
        "among its metadata); read it with safetensors.read, and put them to use yourself",
    );
  if (metadata.checksum !== checksum(text, found))
    throw new FormatError(
      `${what}: the check sum does not fit the content; the file was changed or damaged after it ` +
        "was written",
    );
  let about: unknown;
  try {
    about = readJson(text);
  } catch (cause) {
    throw new FormatError(`${what}: what the file says about itself is no JSON`, { cause });
  }
  if (typeof about !== "object" || about === null || Array.isArray(about))
    throw new FormatError(`${what}: what the file says about itself is no object`);
  const { kind: own, version: written } = about as { kind?: unknown; version?: unknown };
  if (own !== kind)
    throw new FormatError(`${what}: a ${kind} was expected, the file holds a ${String(own)}`);
  if (written !== version)
    throw new FormatError(
      `${what}: the file has version ${String(written)}, this library reads version ${version}; ` +
        "update inkgrad",
    );
  return { about: about as Sealed["about"], tensors: found };
}

/** Of the names, types, shapes and elements too. */
function checksum(text: string, tensors: ReadonlyMap<string, Tensor>): string {
  const encoder = new TextEncoder();
  let sum = crc32(encoder.encode(text));
  for (const name of [...tensors.keys()].sort()) {
    const x = tensors.get(name)!;
    const { buffer, byteOffset, byteLength } = storedElements(x);
    sum = crc32(encoder.encode(`\n${name} ${x.dtype} ${x.shape.join()}\n`), sum);
    sum = crc32(new Uint8Array(buffer, byteOffset, byteLength), sum);
  }
  return sum.toString(16).padStart(8, "0");
}
