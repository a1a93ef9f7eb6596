import { sizeOf } from "../../base/shape.js";
import type { ScatterAttrs, SortAttrs } from "../../ops/indexing.js";
import type { Axis } from "../../ops/reduce.js";
import { outsideAxis } from "../../ops/rules.js";
import type { GraphNode } from "../../graph/node.js";
import { attrsOf, type Kernel, output } from "./kernel.js";
import { rowsAlong } from "./reduce.js";

/** Throws unless every position is within the axis. */
function requireWithin(node: GraphNode, index: Float64Array, axis: number): void {
  const { shape } = node.src[0];
  const outside = index.find((i) => i < 0 || i >= shape[axis]);
  if (outside !== undefined) throw outsideAxis(node.op, outside, axis, shape);
}

/** Calls `visit` with each block of elements behind `axis`: where it lies in x, and in the slices. */
function eachBlock(
  shape: readonly number[],
  axis: number,
  index: Float64Array,
  visit: (inX: number, inSlices: number, length: number) => void,
): void {
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  for (let o = 0; o < outer; o++)
    index.forEach((at, i) =>
      visit((o * shape[axis] + at) * inner, (o * index.length + i) * inner, inner),
    );
}

export const gather: Kernel = (node, [x, index]) => {
  const { axis } = attrsOf<Axis>(node);
  requireWithin(node, index, axis);
  const out = output(node);
  eachBlock(node.src[0].shape, axis, index, (from, to, length) =>
    out.set(x.subarray(from, from + length), to),
  );
  return out;
};

export const scatter: Kernel = (node, [x, index, updates]) => {
  const { axis, mode } = attrsOf<ScatterAttrs>(node);
  requireWithin(node, index, axis);
  const out = x.slice();
  eachBlock(node.shape, axis, index, (to, from, length) => {
    for (let i = 0; i < length; i++) {
      const update = updates[from + i];
      out[to + i] = mode === "add" ? out[to + i] + update : update;
    }
  });
  return out;
};

/** NaN is put after everything. */
const compare = (a: number, b: number): number =>
  a < b ? -1 : a > b ? 1 : (a !== a ? 1 : 0) - (b !== b ? 1 : 0);

/** Calls `place` with the sorted order of each row. */
function eachRow(
  node: GraphNode,
  x: Float64Array,
  place: (to: number, from: number, position: number) => void,
): void {
  const { axis, descending } = attrsOf<SortAttrs>(node);
  const { starts, step, length } = rowsAlong(node.shape, axis);
  for (const start of starts) {
    const value = (i: number): number => x[start + i * step];
    const order = Array.from({ length }, (_, i) => i);
    // Array.sort is stable, so that equal elements keep their order either way.
    order.sort((i, j) => (descending ? compare(value(j), value(i)) : compare(value(i), value(j))));
    order.forEach((from, i) => place(start + i * step, start + from * step, from));
  }
}

export const sort: Kernel = (node, [x]) => {
  const out = output(node);
  eachRow(node, x, (to, from) => (out[to] = x[from]!));
  return out;
};

export const argsort: Kernel = (node, [x]) => {
  const out = output(node);
  eachRow(node, x, (to, _from, position) => (out[to] = position));
  return out;
};
