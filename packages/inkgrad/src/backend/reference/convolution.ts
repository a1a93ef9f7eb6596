import { sizeOf, stridesOf } from "../../base/shape.js";
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
}

type Visit = (x: number, k: number, y: number) => void;

/**
 * Calls `visit` with the positions of x, kernel and result for each product in the sum
 * y[n, o, f] += x[n, i, c] · k[w, c, f] where i = o·stride + w·dilation − low.
 */
function eachProduct(g: Geometry, visit: Visit): void {
  const taps = tapsOf(g);
  const [inputs, outputs] = [g.channels * g.groups, g.features * g.groups];
  const [xSize, ySize] = [sizeOf(g.spatial), sizeOf(g.out)];
  for (let n = 0; n < g.examples; n++)
    for (const [o, w, i] of taps)
      for (let group = 0; group < g.groups; group++)
        for (let c = 0; c < g.channels; c++)
          for (let f = 0; f < g.features; f++) {
            const feature = group * g.features + f;
            visit(
              (n * xSize + i) * inputs + group * g.channels + c,
              (w * g.channels + c) * outputs + feature,
              (n * ySize + o) * outputs + feature,
            );
          }
}

/** Result position, window position and the input position they meet at, as flat indices. */
function tapsOf({ spatial, window, out, strides, padding, dilation }: Geometry): number[][] {
  const steps = stridesOf(spatial);
  let taps = [[0, 0, 0]];
  spatial.forEach((size, axis) => {
    taps = taps.flatMap(([o, w, i]) => {
      const found: number[][] = [];
      for (let p = 0; p < out[axis]; p++)
        for (let q = 0; q < window[axis]; q++) {
          const at = p * strides[axis] + q * dilation[axis] - padding[axis][0];
          if (at >= 0 && at < size)
            found.push([o * out[axis] + p, w * window[axis] + q, i + at * steps[axis]]);
        }
      return found;
    });
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
});

export const conv: Kernel = (node, [x, k]) => {
  const y = output(node);
  const [xNode, kNode] = node.src;
  const g = geometry(attrsOf(node), xNode.shape, kNode.shape, node.shape);
  eachProduct(g, (i, w, o) => (y[o] += x[i] * k[w]));
  return y;
};

export const convInput: Kernel = (node, [y, k]) => {
  const x = output(node);
  const [yNode, kNode] = node.src;
  const g = geometry(attrsOf(node), node.shape, kNode.shape, yNode.shape);
  eachProduct(g, (i, w, o) => (x[i] += y[o] * k[w]));
  return x;
};

export const convKernel: Kernel = (node, [x, y]) => {
  const k = output(node);
  const [xNode, yNode] = node.src;
  const g = geometry(attrsOf(node), xNode.shape, node.shape, yNode.shape);
  eachProduct(g, (i, w, o) => (k[w] += x[i] * y[o]));
  return k;
};
