import { type DType, holds, isFloat, isInteger, isStorageOnly } from "../base/dtype.js";
import { DTypeError, IndexError, ShapeError } from "../base/errors.js";
import { sameShape as equalShapes, type ReadonlyShape, type Shape, show } from "../base/shape.js";
import type { Arity, BatchContext, Builder, Node } from "./op.js";

/** Shape and dtype rules that many operations share. */

/** All inputs have the same shape; so has the result. */
export function sameShape(src: readonly Node[], _attrs: unknown, name: string): Shape {
  const first = src[0].shape;
  for (const { shape } of src)
    if (!equalShapes(shape, first))
      throw new ShapeError(
        `${name}: shapes ${src.map((s) => show(s.shape)).join(", ")} differ; ` +
          "expand them to one shape first",
      );
  return [...first];
}

type DTypeClass = { readonly what: string; readonly has: (dtype: DType) => boolean };
export const floats: DTypeClass = {
  what: "f32 or f64",
  has: (dtype) => isFloat(dtype) && !isStorageOnly(dtype),
};
export const numbers: DTypeClass = {
  what: "a number type (not bool, f16 or bf16: cast it first)",
  has: (dtype) => dtype !== "bool" && !isStorageOnly(dtype),
};
export const integers: DTypeClass = { what: "i32, u32 or u8", has: isInteger };
export const bits: DTypeClass = {
  what: "i32, u32, u8 or bool",
  has: (dtype) => isInteger(dtype) || dtype === "bool",
};
export const bools: DTypeClass = { what: "bool", has: (dtype) => dtype === "bool" };
export const computable: DTypeClass = {
  what: "any type but f16 and bf16, which are for storage: cast it first",
  has: (dtype) => !isStorageOnly(dtype),
};
export const anyType: DTypeClass = { what: "any type", has: () => true };

/** The common type of all inputs, which must be of the given class. */
export function commonType(src: readonly Node[], allowed: DTypeClass, name: string): DType {
  const { dtype } = src[0];
  for (const other of src)
    if (other.dtype !== dtype)
      throw new DTypeError(
        `${name}: inputs have types ${src.map((s) => s.dtype).join(" and ")}; ` +
          `cast them to one type first, as x.cast("${dtype}")`,
      );
  if (!allowed.has(dtype))
    throw new DTypeError(`${name}: takes ${allowed.what}, got ${dtype}; use x.cast(…) first`);
  return dtype;
}

/** The result has the inputs' type. */
export const keeps =
  (allowed: DTypeClass) =>
  (src: readonly Node[], _attrs: unknown, name: string): DType =>
    commonType(src, allowed, name);

/** The result has a fixed type whatever the inputs' is. */
export const gives =
  (dtype: DType, allowed: DTypeClass) =>
  (src: readonly Node[], _attrs: unknown, name: string): DType => {
    commonType(src, allowed, name);
    return dtype;
  };

/** Throws unless `value` is one of the type's own. */
export function requireHeld(value: number, dtype: DType, name: string): void {
  if (!holds(dtype, value))
    throw new DTypeError(
      `${name}: ${value} is not a value of type ${dtype}; take a float type, or another number`,
    );
}

/** Throws unless `node` has one of `dtypes`. */
export function requireType(node: Node, dtypes: readonly DType[], what: string): void {
  if (!dtypes.includes(node.dtype))
    throw new DTypeError(
      `${what} must be ${dtypes.join(" or ")}, got ${node.dtype}; use .cast("${dtypes[0]}") first`,
    );
}

/** Throws unless `node` has `rank` axes or more. */
export function requireRank(node: Node, rank: number, what: string): void {
  if (node.shape.length < rank)
    throw new ShapeError(
      `${what} needs ${rank} ${rank === 1 ? "axis" : "axes"} or more, got shape ${show(node.shape)}`,
    );
}

/** Gradient of an operation whose result is discrete: nothing flows. */
export const discrete = (_b: Builder, { src }: { readonly src: readonly Node[] }): null[] =>
  src.map(() => null);

/**
 * Batching of operations that treat leading axes alike (elementwise ones, and those on the last
 * axes): give every input the batch axis, apply the same operation.
 */
export function leading<N extends Arity, A>(
  b: Builder,
  { src, batched, size, attrs, again }: BatchContext<N, A>,
): Node {
  return again(withBatch(b, src, batched, size), attrs);
}

/** Every input with the batch axis in front; those without it are stretched along it. */
export const withBatch = (
  b: Builder,
  src: readonly Node[],
  batched: readonly boolean[],
  size: number,
): Node[] => src.map((x, i) => (batched[i] ? x : b.expand(x, { shape: [size, ...x.shape] })));

/** A position that an axis does not have, found when an operation runs. */
export const outsideAxis = (
  name: string,
  index: number,
  axis: number,
  shape: ReadonlyShape,
): IndexError =>
  new IndexError(
    `${name}: index ${index} is out of range for axis ${axis} of shape ${show(shape)}, ` +
      (shape[axis] === 0 ? "which is empty" : `which has positions 0 to ${shape[axis] - 1}`),
  );
