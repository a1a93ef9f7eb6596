import { allocate, bytesPer, type DType, elementsAt, type TypedArray } from "../../base/dtype.js";
import { FormatError } from "../../base/errors.js";
import { viewOf } from "./bytes.js";

/** Numbers as files hold them: a letter for the kind, and bits. */
export type Kind =
  | "bool"
  | "i8"
  | "u8"
  | "i16"
  | "u16"
  | "i32"
  | "u32"
  | "i64"
  | "u64"
  | "f16"
  | "bf16"
  | "f32"
  | "f64";

interface KindInfo {
  readonly bytes: number;
  /** The element type that holds every value of the kind; null for 64-bit integers. */
  readonly dtype: DType | null;
}

const kinds: { readonly [K in Kind]: KindInfo } = {
  bool: { bytes: 1, dtype: "bool" },
  i8: { bytes: 1, dtype: "i32" },
  u8: { bytes: 1, dtype: "u8" },
  i16: { bytes: 2, dtype: "i32" },
  u16: { bytes: 2, dtype: "i32" },
  i32: { bytes: 4, dtype: "i32" },
  u32: { bytes: 4, dtype: "u32" },
  i64: { bytes: 8, dtype: null },
  u64: { bytes: 8, dtype: null },
  f16: { bytes: 2, dtype: "f16" },
  bf16: { bytes: 2, dtype: "bf16" },
  f32: { bytes: 4, dtype: "f32" },
  f64: { bytes: 8, dtype: "f64" },
};

/** Bytes of one number. */
export const bytesOfKind = (kind: Kind): number => kinds[kind].bytes;

const hostIsLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export interface Elements {
  readonly elements: TypedArray;
  readonly dtype: DType;
}

/**
 * The numbers in `bytes`, in an array of their own. Small integers become i32; 64-bit integers i32 if
 * all fit, else f64 if that holds them exactly.
 *
 * @param bytes   exactly the numbers
 * @param what    what messages call them
 * @throws FormatError  if a 64-bit integer is beyond ±2⁵³
 */
export function decodeElements(
  bytes: Uint8Array<ArrayBuffer>,
  kind: Kind,
  littleEndian: boolean,
  what: string,
): Elements {
  const { bytes: width, dtype } = kinds[kind];
  const count = bytes.length / width;
  if (dtype === null) return wideIntegers(bytes, kind === "i64", littleEndian, what);
  if (kind === "bool")
    return { elements: Uint8Array.from(bytes, (byte) => (byte === 0 ? 0 : 1)), dtype };
  if (bytesPer(dtype) === width) {
    const copy = bytes.slice();
    if (width > 1 && littleEndian !== hostIsLittle) swapBytes(copy, width);
    return { elements: elementsAt(dtype, copy.buffer, 0, count), dtype };
  }
  const view = viewOf(bytes);
  const elements = allocate(dtype, count);
  for (let i = 0; i < count; i++)
    elements[i] =
      kind === "i8"
        ? view.getInt8(i)
        : kind === "i16"
          ? view.getInt16(2 * i, littleEndian)
          : view.getUint16(2 * i, littleEndian);
  return { elements, dtype };
}

function wideIntegers(
  bytes: Uint8Array,
  signed: boolean,
  littleEndian: boolean,
  what: string,
): Elements {
  const view = viewOf(bytes);
  const count = bytes.length / 8;
  const values = new Float64Array(count);
  let small = true;
  for (let i = 0; i < count; i++) {
    const high = littleEndian ? 8 * i + 4 : 8 * i;
    const low = littleEndian ? 8 * i : 8 * i + 4;
    const upper = signed ? view.getInt32(high, littleEndian) : view.getUint32(high, littleEndian);
    const value = upper * 2 ** 32 + view.getUint32(low, littleEndian);
    if (!Number.isSafeInteger(value))
      throw new FormatError(
        `${what}: the integer at position ${i} is beyond ±2^53 and has no exact place in a tensor; ` +
          "store it as two 32-bit integers, or as f64 if it may be rounded",
      );
    values[i] = value;
    if (value !== (value | 0)) small = false;
  }
  return small
    ? { elements: Int32Array.from(values), dtype: "i32" }
    : { elements: values, dtype: "f64" };
}

/** The bytes of numbers, least significant first or last. */
export function encodeElements(elements: TypedArray, littleEndian = true): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: width } = elements;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
  if (width > 1 && littleEndian !== hostIsLittle) swapBytes(bytes, width);
  return bytes;
}

/** Turns the bytes of each number around. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width)
    for (let i = at, j = at + width - 1; i < j; i++, j--) {
      const byte = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = byte;
    }
}

/** The product of the sizes; bigint, since headers may say anything. */
export const countOf = (shape: readonly number[]): bigint =>
  shape.reduce((product, size) => product * BigInt(size), 1n);

/**
 * Throws if a tensor would be too large were it not empty: nothing is allocated for [4294967295, 0],
 * but whoever walks along its first axis would not come back.
 */
export function assertEmptyWithin(shape: readonly number[], maxBytes: number, what: string): void {
  if (!shape.includes(0)) return;
  const count = countOf(shape.filter((size) => size > 0));
  if (count > BigInt(Math.ceil(Math.min(maxBytes, Number.MAX_SAFE_INTEGER))))
    throw new FormatError(
      `${what}: the shape [${shape.join(", ")}] is empty, but has an axis too long`,
    );
}
