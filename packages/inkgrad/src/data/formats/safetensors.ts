import type { DType } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Path } from "../system.js";
import { writeFileSafely } from "../system-write.js";
import { assertTensor, settled, storedElements, tensorOf } from "../tensor-of.js";
import {
  asBytes,
  assertWithin,
  type Bytes,
  decodeFile,
  type DecodeOptions,
  maxBytesOf,
  viewOf,
} from "./bytes.js";
import { assertEmptyWithin, decodeElements, encodeElements } from "./elements.js";
import { decodeHeader, maxHeaderBytes } from "./safetensors-header.js";

/**
 * safetensors: eight bytes for the length of the header, the header as JSON, the elements,
 * little-endian.
 *
 * @source github.com/huggingface/safetensors, README ("Format") and `safetensors/src/tensor.rs`
 */

/** What a safetensors file holds. */
export interface SafeTensors {
  /** Tensors by name. The object has no prototype: any name is a name. */
  readonly tensors: Record<string, Tensor>;
  /** Texts by name, as the writer pleased. */
  readonly metadata: Record<string, string>;
}

/**
 * The tensors and the metadata of a safetensors file. What is accepted is what the format's own
 * implementation accepts, without keys that come twice. bool, u8, i32, u32, f16, bf16, f32 and f64
 * stay what they are; integers of 8 and 16 bits become i32; those of 64 bits i32 where all fit,
 * else f64 where that is exact.
 *
 * @throws FormatError  if the header lies: about its length, about the place or the size of a tensor
 *   (which the message names), or about the size of the file
 */
export function decode(bytes: Bytes, options: DecodeOptions = {}): SafeTensors {
  const op = "safetensors.decode";
  const maxBytes = maxBytesOf(options, op);
  const given = asBytes(bytes, op);
  const { entries, metadata, start } = decodeHeader(given);
  assertWithin("safetensors", given.length - start, maxBytes);
  const tensors = Object.create(null) as Record<string, Tensor>;
  for (const { name, kind, shape, begin, end } of entries) {
    assertEmptyWithin(shape, maxBytes, `safetensors, tensor "${name}"`);
    const own = given.subarray(start + begin, start + end);
    const { elements, dtype } = decodeElements(own, kind, true, `safetensors, tensor "${name}"`);
    tensors[name] = tensorOf(elements, shape, dtype);
  }
  return { tensors, metadata };
}

/** The names of our types in the format, by growing alignment: the order in which it has them. */
const names: readonly (readonly [DType, string])[] = [
  ["bool", "BOOL"],
  ["u8", "U8"],
  ["f16", "F16"],
  ["bf16", "BF16"],
  ["i32", "I32"],
  ["u32", "U32"],
  ["f32", "F32"],
  ["f64", "F64"],
];
const rankOf = (dtype: DType): number => names.findIndex(([own]) => own === dtype);

/**
 * A safetensors file. Tensors are laid out as the format's own implementation does, the widest type
 * first, then by name, so the same tensors give the same bytes.
 *
 * @throws ValueError  if a tensor is called "__metadata__", or a metadata value is not a text
 */
export function encode(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const op = "safetensors.encode";
  if (typeof tensors !== "object" || tensors === null)
    throw new ValueError(`${op}: expected tensors by name, got ${describe(tensors)}`);
  const fields: string[] = [];
  const texts = Object.entries(metadata).map(([key, text]) => {
    if (typeof text !== "string")
      throw new ValueError(
        `${op}: metadata are texts, but "${key}" is ${describe(text)}; write it as JSON`,
      );
    return `${JSON.stringify(key)}:${JSON.stringify(text)}`;
  });
  if (texts.length > 0) fields.push(`"__metadata__":{${texts.join(",")}}`);
  const list = Object.entries(tensors).map(([name, x]) => {
    if (name === "__metadata__")
      throw new ValueError(
        `${op}: "__metadata__" is the format's own name; call the tensor otherwise`,
      );
    assertTensor(x, `${op}, "${name}"`);
    return { name, x, elements: encodeElements(storedElements(x)) };
  });
  list.sort((a, b) => rankOf(b.x.dtype) - rankOf(a.x.dtype) || (a.name < b.name ? -1 : 1));
  let size = 0;
  for (const { name, x, elements } of list) {
    const end = size + elements.length;
    const info = { dtype: names[rankOf(x.dtype)][1], shape: x.shape, data_offsets: [size, end] };
    // Written field by field: an object would move names such as "0" to the front.
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
    size = end;
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  const length = Math.ceil(header.length / 8) * 8;
  if (length > maxHeaderBytes)
    throw new ValueError(
      `${op}: the header has ${length} bytes, at most ${maxHeaderBytes} are allowed`,
    );
  const out = new Uint8Array(8 + length + size);
  out.fill(0x20, 8, 8 + length);
  viewOf(out).setBigUint64(0, BigInt(length), true);
  out.set(header, 8);
  let at = 8 + length;
  for (const { elements } of list) {
    out.set(elements, at);
    at += elements.length;
  }
  return out;
}

/**
 * Reads a safetensors file.
 *
 * @throws FileError    if it cannot be read
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: DecodeOptions = {}): Promise<SafeTensors> =>
  decodeFile("safetensors.read", path, options, decode);

/** Writes a safetensors file, safely: there is never half of one. */
export async function write(
  path: Path,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await settled(Object.values(tensors));
  await writeFileSafely(path, encode(tensors, metadata));
}
