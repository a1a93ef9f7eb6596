import { sizeOf } from "../../base/shape.js";
import type { ConvAttrs } from "../../ops/convolution.js";
import { attrsOf, type Kernel, output } from "./kernel.js";

/** The numbers that the three kernels go by. */
interface Geometry extends ConvAttrs {
  readonly examples: number;
  readonly spatial: readonly number[];
  readonly window: readonly number[];
  readonly out: readonly number[];
  /** Channels of x and of the result, within one group. */
  readonly channels: number;
  readonly features: number;
  /** From one channel of the kernel to the next. */
  readonly row: number;
}

type Visit = (x: number, k: number, y: number) => void;

/**
 * The three kernels are the sum y[n, o, f] += x[n, i, c] · k[w, c, f], i = o·stride + w·dilation −
 * low, read in three ways. Calls `visit` for each n, group, o and w with the positions of the first
 * channels of x, of the kernel's and of the result: the products for all c and f are the visitor's.
 */
function eachTap(g: Geometry, visit: Visit): void {
  const { results, places, inputs } = tapsOf(g);
  const [channels, features] = [g.channels * g.groups, g.features * g.groups];
  const [xSize, ySize] = [sizeOf(g.spatial), sizeOf(g.out)];
  for (let n = 0; n < g.examples; n++)
    for (let tap = 0; tap < results.length; tap++)
      for (let group = 0; group < g.groups; group++)
        visit(
          (n * xSize + inputs[tap]) * channels + group * g.channels,
          places[tap] * g.channels * features + group * g.features,
          (n * ySize + results[tap]) * features + group * g.features,
        );
}

/** Result position, place in the window and the input position they meet at, as flat indices. */
interface Taps {
  readonly results: number[];
  readonly places: number[];
  readonly inputs: number[];
}

/** All meetings within the input; what falls on padding adds nothing. */
function tapsOf({ spatial, window, out, strides, padding, dilation }: Geometry): Taps {
  let taps: Taps = { results: [0], places: [0], inputs: [0] };
  spatial.forEach((size, axis) => {
    const next: Taps = { results: [], places: [], inputs: [] };
    for (let tap = 0; tap < taps.results.length; tap++)
      for (let p = 0; p < out[axis]; p++)
        for (let q = 0; q < window[axis]; q++) {
          const at = p * strides[axis] + q * dilation[axis] - padding[axis][0];
          if (at < 0 || at >= size) continue;
          next.results.push(taps.results[tap] * out[axis] + p);
          next.places.push(taps.places[tap] * window[axis] + q);
          next.inputs.push(taps.inputs[tap] * size + at);
        }
    taps = next;
  });
  return taps;
}

type Shapes = readonly number[];
const geometry = (attrs: ConvAttrs, x: Shapes, k: Shapes, y: Shapes): Geometry => ({
  ...attrs,
  examples: x[0],
  spatial: x.slice(1, -1),
  window: k.slice(0, -2),
  out: y.slice(1, -1),
  channels: k.at(-2)!,
  features: k.at(-1)! / attrs.groups,
  row: k.at(-1)!,
});

export const conv: Kernel = (node, [x, k]) => {
  const y = output(node);
  const [xNode, kNode] = node.src;
  const g = geometry(attrsOf(node), xNode.shape, kNode.shape, node.shape);
  const { channels, features, row } = g;
  eachTap(g, (i, w, o) => {
    for (let c = 0; c < channels; c++) {
      const factor = x[i + c];
      for (let f = 0, at = w + c * row; f < features; f++) y[o + f] += factor * k[at + f];
    }
  });
  return y;
};

export const convInput: Kernel = (node, [y, k]) => {
  const x = output(node);
  const [yNode, kNode] = node.src;
  const g = geometry(attrsOf(node), node.shape, kNode.shape, yNode.shape);
  const { channels, features, row } = g;
  eachTap(g, (i, w, o) => {
    for (let c = 0; c < channels; c++) {
      let total = 0;
      for (let f = 0, at = w + c * row; f < features; f++) total += y[o + f] * k[at + f];
      x[i + c] += total;
    }
  });
  return x;
};

export const convKernel: Kernel = (node, [x, y]) => {
  const k = output(node);
  const [xNode, yNode] = node.src;
  const g = geometry(attrsOf(node), xNode.shape, node.shape, yNode.shape);
  const { channels, features, row } = g;
  eachTap(g, (i, w, o) => {
    for (let c = 0; c < channels; c++) {
      const factor = x[i + c];
      for (let f = 0, at = w + c * row; f < features; f++) k[at + f] += factor * y[o + f];
    }
  });
  return k;
};
