import { DTypeError, OutOfMemoryError } from "./errors.js";

/** f32 is the default. f16 and bf16 are for storage: arithmetic on them is done in f32. */
export type DType = "f32" | "f64" | "i32" | "u32" | "u8" | "bool" | "f16" | "bf16";

/** The array that holds a tensor's elements; f16 and bf16 hold their bits, bool holds 0 and 1. */
export type TypedArray =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>;

type Kind = "float" | "signed" | "unsigned" | "bool";
interface DTypeInfo {
  readonly bytes: number;
  readonly kind: Kind;
  readonly array: {
    new (length: number): TypedArray;
    new (buffer: ArrayBuffer, offset: number, length: number): TypedArray;
  };
}

const table: { readonly [D in DType]: DTypeInfo } = {
  f32: { bytes: 4, kind: "float", array: Float32Array },
  f64: { bytes: 8, kind: "float", array: Float64Array },
  i32: { bytes: 4, kind: "signed", array: Int32Array },
  u32: { bytes: 4, kind: "unsigned", array: Uint32Array },
  u8: { bytes: 1, kind: "unsigned", array: Uint8Array },
  bool: { bytes: 1, kind: "bool", array: Uint8Array },
  f16: { bytes: 2, kind: "float", array: Uint16Array },
  bf16: { bytes: 2, kind: "float", array: Uint16Array },
};

export const dtypes = Object.keys(table) as readonly DType[];
export const bytesPer = (dtype: DType): number => table[dtype].bytes;
export const isFloat = (dtype: DType): boolean => table[dtype].kind === "float";
export const isInteger = (dtype: DType): boolean =>
  table[dtype].kind === "signed" || table[dtype].kind === "unsigned";
/** Stored in two bytes, computed in f32. */
export const isStorageOnly = (dtype: DType): boolean => dtype === "f16" || dtype === "bf16";
/** A new array of zeros. */
export function allocate(dtype: DType, length: number): TypedArray {
  try {
    return new table[dtype].array(length);
  } catch (cause) {
    throw new OutOfMemoryError(
      `an array of ${length} elements of ${dtype} cannot be had; compute in smaller pieces`,
      { cause },
    );
  }
}

/** Elements that lie in a buffer already. */
export const elementsAt = (
  dtype: DType,
  buffer: ArrayBuffer,
  offset: number,
  length: number,
): TypedArray => new table[dtype].array(buffer, offset, length);

/** Throws unless `dtype` is one of ours: `options.dtype` comes from untyped callers too. */
export function assertDType(dtype: unknown, op: string): asserts dtype is DType {
  if (typeof dtype !== "string" || !Object.hasOwn(table, dtype))
    throw new DTypeError(
      `${op}: dtype ${String(dtype)} is not known; choose one of ${dtypes.join(", ")}`,
    );
}

/** The type in which arithmetic on `dtype` is done. */
export const computeType = (dtype: DType): DType => (isStorageOnly(dtype) ? "f32" : dtype);

/** The type of sin, exp, mean or a true division of `dtype`. */
export const floatType = (dtype: DType): DType => (dtype === "f64" ? "f64" : "f32");

/** The type of a sum: wide enough that adding elements does not at once overflow. */
export const sumType = (dtype: DType): DType =>
  dtype === "bool" ? "i32" : dtype === "u8" ? "u32" : computeType(dtype);

const integerRank: { readonly [D in DType]?: number } = { bool: 0, u8: 1, u32: 2, i32: 2 };

/**
 * The type that holds the values of both: equal types stay, bool gives way to anything, an
 * integer gives way to a float (f32 stays f32: a network's counts must not turn it into f64), i32
 * with u32 needs f64 to be exact. NumPy's lattice but for the two rules that avoid f64.
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  if (isFloat(a) || isFloat(b)) {
    if (a === "f64" || b === "f64") return "f64";
    // A storage type meeting bool or u8 still holds their values no better than f32 does.
    return "f32";
  }
  const [ra, rb] = [integerRank[a]!, integerRank[b]!];
  if (ra === rb) return "f64";
  return ra > rb ? a : b;
}

/** The type of a + b: `promote`, but bools count and storage types widen. */
export function arithmeticType(a: DType, b: DType): DType {
  const both = promote(a, b);
  return both === "bool" ? "i32" : computeType(both);
}

const limits: { readonly [D in DType]?: readonly [number, number] } = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  u8: [0, 255],
  bool: [0, 1],
};

/** The least and greatest value of a dtype (±Infinity for floats). */
export const rangeOf = (dtype: DType): readonly [min: number, max: number] =>
  limits[dtype] ?? [-Infinity, Infinity];

/** Can `value` be written in `dtype` without becoming another number? (Floats round, and may.) */
export const holds = (dtype: DType, value: number): boolean => {
  const range = limits[dtype];
  return range === undefined || (Number.isInteger(value) && value >= range[0] && value <= range[1]);
};
