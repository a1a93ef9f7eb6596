import { type DType, type TypedArray, allocate, assertDType, holds } from "../../base/dtype.js";
import { DTypeError, InkgradError, ShapeError } from "../../base/errors.js";
import { toBrainBits, toHalfBits } from "../../base/half.js";
import { assertShape, show, sizeOf } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { constantNode } from "../../graph/node.js";
import { nodeOf, number, wrap } from "../operand.js";
import { Tensor } from "../tensor.js";
import type {
  FilledFunction,
  FullFunction,
  LikeFunction,
  TensorFunction,
} from "../types/functions.js";

/** Tensors made from data and from nothing. */

interface Options {
  readonly dtype?: DType;
}

type Data = number | boolean | ArrayLike<number> | readonly unknown[];

/**
 * A tensor of the given elements: a number, nested arrays of numbers or booleans, or a typed
 * array. Numbers become f32 unless `dtype` says otherwise, booleans bool; typed arrays keep their
 * type. The elements are copied.
 *
 * @param options.shape  the shape to give to a flat array
 * @throws ShapeError  if rows differ in length, or `shape` does not fit
 * @throws DTypeError  if the type cannot hold an element
 */
export const tensor = ((
  data: Data,
  options: Options & { shape?: readonly number[] } = {},
): Tensor => {
  const { dtype: wanted } = options;
  if (wanted !== undefined) assertDType(wanted, "tensor");
  const found = isTypedArray(data) ? fromTyped(data, wanted) : fromNested(data, wanted);
  const shape = options.shape ?? found.shape;
  assertShape(shape, "tensor");
  if (sizeOf(shape) !== found.elements.length)
    throw new ShapeError(
      `tensor: shape ${show(shape)} has ${sizeOf(shape)} elements, the data ${found.elements.length}`,
    );
  return new Tensor(constantNode(found.elements, [...shape], found.dtype));
}) as TensorFunction;

interface Found {
  readonly elements: TypedArray;
  readonly shape: number[];
  readonly dtype: DType;
}

const typeOfArray: Readonly<Record<string, DType>> = {
  Float32Array: "f32",
  Float64Array: "f64",
  Int32Array: "i32",
  Uint32Array: "u32",
  Uint8Array: "u8",
  Uint8ClampedArray: "u8",
};

const isTypedArray = (data: unknown): data is Float64Array =>
  ArrayBuffer.isView(data) && !(data instanceof DataView);

function fromTyped(data: Float64Array, wanted: DType | undefined): Found {
  const own = typeOfArray[data[Symbol.toStringTag] as string];
  if (own === undefined && wanted === undefined)
    throw new DTypeError(
      `tensor: no element type is that of ${data[Symbol.toStringTag] as string}; ` +
        'say which to use, as tensor(data, { dtype: "i32" })',
    );
  const dtype = wanted ?? own;
  return { elements: convert(data, dtype), shape: [data.length], dtype };
}

/** Arrays within arrays: deeper than this it is a mistake, such as an array that holds itself. */
const maxDepth = 64;

function fromNested(data: unknown, wanted: DType | undefined): Found {
  const shape: number[] = [];
  for (let part = data; Array.isArray(part); part = part[0]) {
    shape.push(part.length);
    if (shape.length > maxDepth)
      throw new ShapeError(
        `tensor: the data is nested more than ${maxDepth} arrays deep; does an array hold itself?`,
      );
  }
  const flat: (number | boolean)[] = [];
  collect(data, shape, 0, flat);
  const bools = flat.length > 0 && flat.every((x) => typeof x === "boolean");
  const dtype = wanted ?? (bools ? "bool" : "f32");
  return { elements: convert(flat.map(Number), dtype), shape, dtype };
}

function collect(part: unknown, shape: number[], axis: number, flat: (number | boolean)[]): void {
  if (axis === shape.length) {
    if (typeof part !== "number" && typeof part !== "boolean")
      throw Array.isArray(part)
        ? new ShapeError("tensor: the rows differ in depth; every row needs the same nesting")
        : new DTypeError(`tensor: expected numbers or booleans, got ${describe(part)}`);
    flat.push(part);
    return;
  }
  if (!Array.isArray(part) || part.length !== shape[axis])
    throw new ShapeError(
      `tensor: the rows differ in length: axis ${axis} has ${shape[axis]} elements in the first ` +
        `row and ${Array.isArray(part) ? part.length : "none"} in another`,
    );
  for (const item of part) collect(item, shape, axis + 1, flat);
}

/** A copy in the wanted type; throws where an integer type cannot hold a number. */
export function convert(data: ArrayLike<number>, dtype: DType, op = "tensor"): TypedArray {
  const out = allocate(dtype, data.length);
  const encode = dtype === "f16" ? toHalfBits : dtype === "bf16" ? toBrainBits : undefined;
  for (let i = 0; i < out.length; i++) {
    const x = data[i];
    if (!holds(dtype, x))
      throw new DTypeError(
        `${op}: ${x} at position ${i} is not a value of type ${dtype}; take "f32", or round it first`,
      );
    out[i] = encode ? encode(x) : x;
  }
  return out;
}

const filled = (op: string, value: number): FilledFunction =>
  ((shape: number[], { dtype = "f32" }: Options = {}) => fill(shape, value, dtype, op)) as never;

function fill(shape: readonly number[], value: number, dtype: DType, op: string): Tensor {
  assertShape(shape, op);
  assertDType(dtype, op);
  if (typeof value !== "number")
    throw new InkgradError(
      `${op}: expected one number to fill the shape with, got ${describe(value)}`,
    );
  return wrap(number(value, shape, dtype, op));
}

/** Zeros of a shape. */
export const zeros = filled("zeros", 0);
/** Ones of a shape. */
export const ones = filled("ones", 1);
/** One number everywhere. */
export const full = ((shape: number[], value: number, { dtype = "f32" }: Options = {}) =>
  fill(shape, value, dtype, "full")) as FullFunction;

const like = (op: string, value: number): LikeFunction =>
  ((x: Tensor, { dtype }: Options = {}) => {
    const node = nodeOf(x, op);
    return fill([...node.shape], value, dtype ?? node.dtype, op);
  }) as never;

/** Zeros of another tensor's shape and type. */
export const zerosLike = like("zerosLike", 0);
/** Ones of another tensor's shape and type. */
export const onesLike = like("onesLike", 1);
