import { ShapeError } from "../../base/errors.js";
import { type Shape, show, sizeOf } from "../../base/shape.js";
import type { Layer } from "../layer.js";
import type { ReshapeRule } from "../types/rules.js";

/**
 * The numbers of each example under another shape, of which one size may be −1, what is left over:
 * `reshape(7, 7, 64)`.
 *
 * @throws ShapeError  if it has another number of elements
 */
export const reshape = <const S extends Shape>(
  ...shape: readonly [...S]
): Layer<ReshapeRule<S>> => {
  const known = shape.filter((n) => n !== -1);
  if (!known.every((n) => Number.isSafeInteger(n) && n >= 0) || shape.length - known.length > 1)
    throw new ShapeError(`reshape: ${show(shape)} must be whole numbers, of which one may be -1`);
  return {
    kind: "reshape",
    options: shape,
    apply(_params, x) {
      const example = x.shape.slice(1);
      return x.reshape([x.shape[0], ...filled(shape, example)]);
    },
  };
};

/** The shape with what is left over in place of −1. */
function filled(shape: readonly number[], example: readonly number[]): number[] {
  const [size, rest] = [sizeOf(example), sizeOf(shape.filter((n) => n !== -1))];
  const left = rest === 0 ? 0 : size / rest;
  const asked = shape.map((n) => (n === -1 ? left : n));
  if (!Number.isInteger(left))
    throw new ShapeError(
      shape.includes(-1)
        ? `reshape: ${show(example)} has ${size} elements, not a multiple of ${rest} as ${show(shape)} asks`
        : `reshape: ${show(example)} has ${size} elements, ${show(shape)} has ${rest}`,
    );
  if (sizeOf(asked) !== size)
    throw new ShapeError(
      `reshape: ${show(example)} has ${size} elements, ${show(shape)} has ${rest}`,
    );
  return asked;
}
