import { sizeOf, stridesOf } from "../../base/shape.js";
import type { PadAttrs } from "../../ops/movement.js";
import type { Axis } from "../../ops/reduce.js";
import { windows } from "../../ops/windows.js";
import { attrsOf, type Kernel, output } from "./kernel.js";
import { offsetsOf } from "./offsets.js";

/** Each element goes to its place among the padding. */
export const pad: Kernel = (node, [x]) => {
  const { low, interior, value } = attrsOf<PadAttrs>(node);
  const out = output(node).fill(value);
  const strides = stridesOf(node.shape);
  const places = offsetsOf({
    shape: node.src[0].shape,
    strides: strides.map((stride, axis) => stride * (interior[axis] + 1)),
    offset: strides.reduce((sum, stride, axis) => sum + stride * low[axis], 0),
  });
  for (let i = 0; i < places.length; i++) out[places[i]] = x[i];
  return out;
};

/** Blocks of rows, one input after the other. */
export const concat: Kernel = (node, inputs) => {
  const { axis } = attrsOf<Axis>(node);
  const out = output(node);
  const outer = sizeOf(node.shape.slice(0, axis));
  const widths = node.src.map((x) => sizeOf(x.shape.slice(axis)));
  for (let row = 0, at = 0; row < outer; row++)
    inputs.forEach((x, i) => {
      out.set(x.subarray(row * widths[i], (row + 1) * widths[i]), at);
      at += widths[i];
    });
  return out;
};

/** Adds each element of the windows where `windows` would have taken it from. */
export const fold: Kernel = (node, [x]) => {
  const out = output(node);
  const { shape } = node.src[0];
  const rank = node.shape.length;
  const attrs = attrsOf<{ axes: number[]; strides: number[]; dilation: number[] }>(node);
  const source = { shape: node.shape, strides: stridesOf(node.shape), offset: 0 };
  if (windows.lower.kind !== "view") return out;
  const layout = windows.lower.layout(source, { ...attrs, size: shape.slice(rank) }, shape)!;
  const places = offsetsOf(layout);
  for (let i = 0; i < places.length; i++) out[places[i]] += x[i];
  return out;
};
