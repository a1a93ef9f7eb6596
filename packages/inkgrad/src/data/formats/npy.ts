import { allocate, type DType, type TypedArray } from "../../base/dtype.js";
import { FormatError } from "../../base/errors.js";
import { fromBrainBits } from "../../base/half.js";
import { stridesOf } from "../../base/shape.js";
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
} from "./bytes.js";
import {
  assertEmptyWithin,
  bytesOfKind,
  countOf,
  decodeElements,
  encodeElements,
} from "./elements.js";
import { decodeHeader, encodeHeader, isNpy } from "./npy-header.js";

/** NPY, the format of `numpy.save`. */

/** Is it an NPY file? */
export const matches = isNpy;

/**
 * The tensor of an NPY file, in either byte order, row by row or column by column (Fortran order).
 * bool, u8, i32, u32, f16, f32 and f64 stay what they are; integers of 8 and 16 bits become i32;
 * those of 64 bits i32 where all fit, else f64 where that is exact.
 *
 * @throws FormatError  if it is no NPY file, is cut short, has bytes left over, or is too large; if
 *   the type is another (complex, text, objects); if a 64-bit integer is beyond ±2⁵³
 */
export function decode(bytes: Bytes, options: DecodeOptions = {}): Tensor {
  const op = "npy.decode";
  const maxBytes = maxBytesOf(options, op);
  const given = asBytes(bytes, op);
  const { kind, littleEndian, fortranOrder, shape, start } = decodeHeader(given);
  const size = countOf(shape) * BigInt(bytesOfKind(kind));
  const came = given.length - start;
  if (size > BigInt(came)) throw cutShort(`NPY of shape (${shape.join(", ")})`, size, came);
  if (size < BigInt(came))
    throw new FormatError(
      `NPY: shape (${shape.join(", ")}) takes ${size} bytes, but ${came} came; ` +
        "the header is wrong, or something was appended",
    );
  assertWithin("NPY", came, maxBytes);
  assertEmptyWithin(shape, maxBytes, "NPY");
  const { elements, dtype } = decodeElements(given.subarray(start), kind, littleEndian, "NPY");
  const rows = fortranOrder && shape.length > 1 ? rowByRow(elements, dtype, shape) : elements;
  return tensorOf(rows, shape, dtype);
}

/** Elements that lie with the first axis innermost, brought into the usual order. */
function rowByRow(elements: TypedArray, dtype: DType, shape: readonly number[]): TypedArray {
  const out = allocate(dtype, elements.length);
  const strides = stridesOf([...shape].reverse()).reverse();
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, from = 0; i < out.length; i++) {
    out[i] = elements[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

const codes: Readonly<Record<DType, string>> = {
  bool: "|b1",
  u8: "|u1",
  i32: "<i4",
  u32: "<u4",
  f16: "<f2",
  bf16: "<f4",
  f32: "<f4",
  f64: "<f8",
};

/** An NPY file of a tensor. NumPy has no bf16: it is written as f32. */
export function encode(x: Tensor): Uint8Array<ArrayBuffer> {
  assertTensor(x, "npy.encode");
  const stored = storedElements(x);
  const elements = encodeElements(
    x.dtype === "bf16" ? Float32Array.from(stored, fromBrainBits) : stored,
  );
  const header = encodeHeader(codes[x.dtype], x.shape);
  const out = new Uint8Array(header.length + elements.length);
  out.set(header);
  out.set(elements, header.length);
  return out;
}

/**
 * Reads an NPY file.
 *
 * @throws FileError    if it cannot be read
 * @throws FormatError  as `decode`, naming the file
 */
export const read = (path: Path, options: DecodeOptions = {}): Promise<Tensor> =>
  decodeFile("npy.read", path, options, decode);

/** Writes an NPY file, safely: there is never half of one. */
export async function write(path: Path, x: Tensor): Promise<void> {
  await settled([x]);
  await writeFileSafely(path, encode(x));
}
