import { ShapeError } from "../../base/errors.js";
import type { Tensor } from "../tensor.js";
import type { Range } from "../types/slice.js";

/** What an index may be made of. */

/** A range as an index: what `range(…)` gives. An array would be a list of positions. */
export interface RangeIndex<R extends Range = Range> {
  readonly kind: "range";
  readonly range: R;
}

/** The type of `newAxis` and `ellipsis`. */
export interface Marker<Name extends string> {
  readonly kind: Name;
}

/** Positions as nested arrays, or true and false as a mask. */
export type IndexArray = readonly (number | boolean | IndexArray)[];
export type IndexTypedArray = Int32Array | Uint32Array | Uint8Array | Int16Array | Uint16Array;

/** One entry of an index. */
export type Index =
  | number
  | RangeIndex
  | Marker<"newAxis">
  | Marker<"ellipsis">
  | Tensor
  | IndexArray
  | IndexTypedArray;

type Bound = number | undefined;

interface RangeFunction {
  /** All of an axis. */
  (): RangeIndex<readonly []>;
  <A extends Bound, B extends Bound>(start: A, stop: B): RangeIndex<readonly [A, B]>;
  <A extends Bound, B extends Bound, C extends Bound>(
    start: A,
    stop: B,
    step: C,
  ): RangeIndex<readonly [A, B, C]>;
}

/**
 * A part of an axis, for `x.at(…)`: from `start` up to but without `stop`, every `step`-th, as in
 * `x.slice`. `range()` is all of it, `range(2, undefined)` all from 2 on.
 *
 * @throws ShapeError  if only one bound is given: elsewhere range(3) means 0, 1, 2, but a slice
 *                     [3] starts there
 */
export const range: RangeFunction = (...bounds: readonly Bound[]): RangeIndex<never> => {
  if (bounds.length === 1)
    throw new ShapeError(
      `range: one bound can be read two ways; write range(0, ${bounds[0]}) for what comes before ` +
        `it, or range(${bounds[0]}, undefined) for what follows`,
    );
  return { kind: "range", range: bounds as never };
};

/** In an index: an axis of size 1 that was not there. */
export const newAxis: Marker<"newAxis"> = { kind: "newAxis" };
/** In an index: as many whole axes as are left over. */
export const ellipsis: Marker<"ellipsis"> = { kind: "ellipsis" };
