import { sizeOf, stridesOf } from "../../base/shape.js";
import type { Layout } from "../../ops/lowering.js";

/** Where each element lies, in row-major order of the index. */
export function offsetsOf({ shape, strides, offset }: Layout): Float64Array {
  let offsets = Float64Array.of(offset);
  shape.forEach((size, axis) => {
    const next = new Float64Array(offsets.length * size);
    for (let i = 0, to = 0; i < offsets.length; i++)
      for (let j = 0; j < size; j++) next[to++] = offsets[i] + j * strides[axis];
    offsets = next;
  });
  return offsets;
}

/** The elements of `x` that a layout names, in order: `x` itself or a part where they are such. */
export function elementsAt(x: Float64Array, layout: Layout): Float64Array {
  const { shape, strides, offset } = layout;
  const row = stridesOf(shape);
  const size = sizeOf(shape);
  if (size === 0 || shape.every((n, axis) => n === 1 || strides[axis] === row[axis]))
    return x.subarray(offset, offset + size);
  const last = shape.length - 1;
  const [length, step] = [shape[last], strides[last]];
  const starts = offsetsOf({ shape: shape.slice(0, last), strides, offset });
  const out = new Float64Array(size);
  for (let i = 0, to = 0; i < starts.length; i++)
    for (let j = 0, from = starts[i]; j < length; j++, from += step) out[to++] = x[from];
  return out;
}
