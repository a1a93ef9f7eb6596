import { type DType, isInteger } from "../../base/dtype.js";
import { stridesOf } from "../../base/shape.js";
import type { Axes, Axis, Cumulative } from "../../ops/reduce.js";
import { attrsOf, type Kernel, output } from "./kernel.js";
import { offsetsOf } from "./offsets.js";

/** Every result is a fold of its own elements, in order, from `initial`. */
const reduction =
  (initial: number, step: (total: number, x: number) => number): Kernel =>
  (node, [x]) => {
    const { shape } = node.src[0];
    const { axes } = attrsOf<Axes>(node);
    const kept = [...shape.keys()].filter((axis) => !axes.includes(axis));
    const [outer, inner] = [offsetsAlong(shape, kept), offsetsAlong(shape, axes)];
    return outer.map((start) => {
      let total = initial;
      for (let i = 0; i < inner.length; i++) total = step(total, x[start + inner[i]]);
      return total;
    });
  };

/** Where the elements lie that differ in `axes` only, from the first of them. */
const offsetsAlong = (shape: readonly number[], axes: readonly number[]): Float64Array => {
  const strides = stridesOf(shape);
  return offsetsOf({
    shape: axes.map((axis) => shape[axis]),
    strides: axes.map((axis) => strides[axis]),
    offset: 0,
  });
};

export const sum = reduction(0, (total, x) => total + x);
export const max = reduction(-Infinity, (best, x) => Math.max(best, x));
export const min = reduction(Infinity, (best, x) => Math.min(best, x));
export const any = reduction(0, (found, x) => (found !== 0 || x !== 0 ? 1 : 0));
export const all = reduction(1, (held, x) => (held !== 0 && x !== 0 ? 1 : 0));

const multiply = (total: number, x: number): number => total * x;
const productOfFloats = reduction(1, multiply);
const productOfIntegers = reduction(1, Math.imul);

export const prod: Kernel = (node, inputs) =>
  (isInteger(node.dtype) ? productOfIntegers : productOfFloats)(node, inputs);

/** Rows along one axis: where each begins, the step between elements, how many there are. */
export function rowsAlong(
  shape: readonly number[],
  axis: number,
): { starts: Float64Array; step: number; length: number } {
  const others = [...shape.keys()].filter((i) => i !== axis);
  return {
    starts: offsetsAlong(shape, others),
    step: stridesOf(shape)[axis],
    length: shape[axis],
  };
}

const position =
  (better: (x: number, best: number) => boolean): Kernel =>
  (node, [x]) => {
    const { starts, step, length } = rowsAlong(node.src[0].shape, attrsOf<Axis>(node).axis);
    return starts.map((start) => {
      let at = 0;
      for (let i = 1; i < length; i++) {
        const [value, best] = [x[start + i * step], x[start + at * step]];
        if (better(value, best) || (value !== value && best === best)) at = i;
      }
      return at;
    });
  };

export const argmax = position((x, best) => x > best);
export const argmin = position((x, best) => x < best);

const cumulative =
  (initial: number, stepOf: (dtype: DType) => (total: number, x: number) => number): Kernel =>
  (node, [x]) => {
    const { axis, reverse } = attrsOf<Cumulative>(node);
    const { starts, step, length } = rowsAlong(node.shape, axis);
    const combine = stepOf(node.dtype);
    const out = output(node);
    for (const start of starts)
      for (let i = 0, total = initial; i < length; i++) {
        const at = start + (reverse ? length - 1 - i : i) * step;
        total = combine(total, x[at]);
        out[at] = total;
      }
    return out;
  };

export const cumsum = cumulative(0, () => (total, x) => total + x);
export const cumprod = cumulative(1, (dtype) => (isInteger(dtype) ? Math.imul : multiply));
