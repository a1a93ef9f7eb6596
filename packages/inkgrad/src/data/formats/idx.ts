import type { DType, TypedArray } from "../../base/dtype.js";
import { FormatError, ValueError } from "../../base/errors.js";
import { fromBrainBits, fromHalfBits } from "../../base/half.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Path } from "../system.js";
import { writeFileSafely } from "../system-write.js";
import { assertTensor, settled, storedElements, tensorOf } from "../tensor-of.js";
import {
  asBytes,
  assertWithin,
  type Bytes,
  cutShort,
  decodeFile,
  type DecodeOptions,
  maxBytesOf,
  viewOf,
} from "./bytes.js";
import {
  assertEmptyWithin,
  bytesOfKind,
  countOf,
  decodeElements,
  encodeElements,
  type Kind,
} from "./elements.js";
import { gunzip, gunzipLater, isGzip } from "./inflate.js";

/**
 * IDX, the format of MNIST: two bytes of zero, a byte for the type, a byte for the number of axes,
 * the sizes as 32-bit integers, the elements row by row; all of it big-endian.
 *
 * @source Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats"
 */

const kindOfCode: Readonly<Record<number, Kind>> = {
  0x08: "u8",
  0x09: "i8",
  0x0b: "i16",
  0x0c: "i32",
  0x0d: "f32",
  0x0e: "f64",
};

/** Is it an IDX file, as it is or compressed with gzip? Of gzip only the magic is looked at. */
export const matches = (bytes: Uint8Array): boolean =>
  isGzip(bytes) || (bytes[0] === 0 && bytes[1] === 0 && bytes[2] in kindOfCode);

/**
 * The tensor of an IDX file, plain or compressed with gzip. Bytes stay u8, signed bytes and 16-bit
 * integers become i32, the other types stay as they are.
 *
 * @throws FormatError  if it is no IDX file, is cut short, has bytes left over, or is too large
 */
export function decode(bytes: Bytes, options: DecodeOptions = {}): Tensor {
  const op = "idx.decode";
  const maxBytes = maxBytesOf(options, op);
  const given = asBytes(bytes, op);
  return decodePlain(isGzip(given) ? gunzip(given, maxBytes, "IDX") : given, maxBytes);
}

function decodePlain(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Tensor {
  if (bytes.length < 4) throw cutShort("IDX header", 4, bytes.length);
  const [zero, alsoZero, code, rank] = bytes;
  const kind = kindOfCode[code];
  if (zero !== 0 || alsoZero !== 0 || kind === undefined)
    throw new FormatError(
      `IDX: the file begins with ${hex(bytes)}; expected 00 00, a type (08, 09, 0b, 0c, 0d or 0e), ` +
        "and the number of axes; is it an IDX file?",
    );
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw cutShort("IDX header", start, bytes.length);
  const view = viewOf(bytes);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = countOf(shape) * BigInt(bytesOfKind(kind));
  const came = bytes.length - start;
  if (size > BigInt(came)) throw cutShort(`IDX of shape [${shape.join(", ")}]`, size, came);
  if (size < BigInt(came))
    throw new FormatError(
      `IDX: shape [${shape.join(", ")}] takes ${size} bytes, but ${came} came; ` +
        "the header is wrong, or something was appended",
    );
  assertWithin("IDX", came, maxBytes);
  assertEmptyWithin(shape, maxBytes, "IDX");
  const { elements, dtype } = decodeElements(bytes.subarray(start), kind, false, "IDX");
  return tensorOf(elements, shape, dtype);
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");

const codeOf: Readonly<Record<DType, number | undefined>> = {
  u8: 0x08,
  bool: 0x08,
  i32: 0x0c,
  f32: 0x0d,
  f16: 0x0d,
  bf16: 0x0d,
  f64: 0x0e,
  u32: undefined,
};

/**
 * An IDX file of a tensor, not compressed. Bool is written as u8, f16 and bf16 as f32.
 *
 * @throws ValueError  for u32, which IDX does not have, and for more than 255 axes
 */
export function encode(x: Tensor): Uint8Array<ArrayBuffer> {
  assertTensor(x, "idx.encode");
  const code = codeOf[x.dtype];
  if (code === undefined)
    throw new ValueError(
      `idx.encode: IDX has no type for ${x.dtype}; cast it first, as x.cast("i32")`,
    );
  if (x.rank > 255) throw new ValueError(`idx.encode: IDX has at most 255 axes, got ${x.rank}`);
  const elements = encodeElements(widened(storedElements(x), x.dtype), false);
  const out = new Uint8Array(4 + 4 * x.rank + elements.length);
  out.set([0, 0, code, x.rank]);
  const view = viewOf(out);
  x.shape.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  out.set(elements, 4 + 4 * x.rank);
  return out;
}

const widened = (elements: TypedArray, dtype: DType): TypedArray =>
  dtype === "f16"
    ? Float32Array.from(elements, fromHalfBits)
    : dtype === "bf16"
      ? Float32Array.from(elements, fromBrainBits)
      : elements;

/**
 * Reads an IDX file, plain or compressed with gzip: `await idx.read("train-images-idx3-ubyte.gz")`.
 *
 * @throws FileError    if it cannot be read
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: DecodeOptions = {}): Promise<Tensor> =>
  decodeFile("idx.read", path, options, async (bytes) => {
    const maxBytes = maxBytesOf(options, "idx.read");
    return decodePlain(isGzip(bytes) ? await gunzipLater(bytes, maxBytes, "IDX") : bytes, maxBytes);
  });

/** Writes an IDX file, safely: there is never half of one. */
export async function write(path: Path, x: Tensor): Promise<void> {
  await settled([x]);
  await writeFileSafely(path, encode(x));
}
