import { ShapeError } from "../base/errors.js";
import { positions, sameShape, show } from "../base/shape.js";
import { kernel } from "./lowering.js";
import type { BatchContext, Builder, Node, Op } from "./op.js";
import { floats, keeps, withBatch } from "./rules.js";

/**
 * Cross-correlation, channels last, over any number of spatial axes, and the two operations that
 * are its gradients. y = conv(x, k) is linear in x and in k; so the three are closed under
 * differentiation: each one's gradients are the other two.
 */

export interface ConvAttrs {
  /** One entry a spatial axis, each ≥ 1. */
  readonly strides: readonly number[];
  /** Zeros before the first and after the last element. */
  readonly padding: readonly (readonly [low: number, high: number])[];
  /** Distance of the kernel's elements, ≥ 1. */
  readonly dilation: readonly number[];
  /** Channels fall into this many groups that do not see one another. */
  readonly groups: number;
}

/** Spatial sizes of the result for `x`, a shape [n, ...spatial, c]. An empty axis stays empty. */
function outputSizes(
  x: readonly number[],
  window: readonly number[],
  { strides, padding, dilation }: ConvAttrs,
  name: string,
): number[] {
  const spatial = x.slice(1, -1);
  if (window.length !== spatial.length || window.some((n) => !(Number.isInteger(n) && n >= 1)))
    throw new ShapeError(
      `${name}: the window needs a size ≥ 1 for each spatial axis of ${show(x)}, got ${show(window)}`,
    );
  return spatial.map((n, i) => {
    const count = positions(n, window[i], strides[i], dilation[i], padding[i]);
    if (count < 1 && n > 0)
      throw new ShapeError(
        `${name}: ${describeWindow(window, dilation)} does not fit ${show(x)}${describePadding(padding)}`,
      );
    return Math.max(count, 0);
  });
}

function describeWindow(window: readonly number[], dilation: readonly number[]): string {
  const reach = window.map((n, i) => (n - 1) * dilation[i] + 1);
  const spread = dilation.some((n) => n > 1);
  return `window ${reach.join("×")}${spread ? ` (${window.join("×")}, dilation ${dilation.join("×")})` : ""}`;
}

function describePadding(padding: ConvAttrs["padding"]): string {
  const some = padding.some(([low, high]) => low + high > 0);
  return some ? ` padded by ${padding.map(([low, high]) => `${low}+${high}`).join("×")}` : "";
}

const spatialOf = (x: Node): number[] => x.shape.slice(1, -1);
const windowOf = (k: Node): number[] => k.shape.slice(0, -2);

function requireAttrs(rank: number, attrs: ConvAttrs, name: string): void {
  const { strides, padding, dilation, groups } = attrs;
  if (strides.length !== rank || padding.length !== rank || dilation.length !== rank)
    throw new ShapeError(
      `${name}: expected strides, padding and dilation for ${rank} spatial axes, got ` +
        `${strides.length}, ${padding.length} and ${dilation.length}`,
    );
  const counts = [...strides, ...dilation, groups];
  if (counts.some((n) => !(Number.isInteger(n) && n >= 1)))
    throw new ShapeError(
      `${name}: strides, dilation and groups must be whole numbers ≥ 1, got ` +
        `${show(strides)}, ${show(dilation)} and ${groups}`,
    );
  if (
    padding.some((pair) => pair.length !== 2 || pair.some((n) => !(Number.isInteger(n) && n >= 0)))
  )
    throw new ShapeError(
      `${name}: padding must be pairs of counts ≥ 0, got ${JSON.stringify(padding)}`,
    );
}

/** Throws unless both numbers of channels can be split into the groups. */
function requireGroups(channels: number, features: number, groups: number, name: string): void {
  if (channels % groups !== 0 || features % groups !== 0)
    throw new ShapeError(
      `${name}: ${channels} input and ${features} output channels cannot be split into ${groups} groups`,
    );
}

const requireRanks = (x: Node, k: Node, name: string): void => {
  if (x.shape.length !== k.shape.length || x.shape.length < 3)
    throw new ShapeError(
      `${name}: x must be [n, ...spatial, c] and the kernel [...window, c, k] with as many spatial ` +
        `axes, got ${show(x.shape)} and ${show(k.shape)}`,
    );
};

const plain: ConvAttrs = { strides: [1], padding: [[0, 0]], dilation: [1], groups: 1 };
const plain2d: ConvAttrs = {
  strides: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  dilation: [1, 1],
  groups: 1,
};
const convCases: { x: number[]; k: number[]; y: number[]; attrs: ConvAttrs }[] = [
  { x: [2, 5, 3], k: [2, 3, 4], y: [2, 4, 4], attrs: plain },
  {
    x: [1, 7, 2],
    k: [3, 1, 4],
    y: [1, 3, 4],
    attrs: { strides: [3], padding: [[2, 1]], dilation: [1], groups: 2 },
  },
  { x: [2, 4, 5, 3], k: [3, 2, 3, 2], y: [2, 2, 4, 2], attrs: plain2d },
  {
    x: [1, 6, 5, 4],
    k: [2, 3, 1, 4],
    y: [1, 3, 4, 4],
    attrs: {
      strides: [2, 2],
      padding: [
        [1, 0],
        [2, 2],
      ],
      dilation: [2, 1],
      groups: 4,
    },
  },
  { x: [1, 1, 1, 1], k: [1, 1, 1, 1], y: [1, 1, 1, 1], attrs: plain2d },
  { x: [0, 5, 3], k: [2, 3, 4], y: [0, 4, 4], attrs: plain },
  { x: [1, 0, 2], k: [2, 2, 3], y: [1, 0, 3], attrs: plain },
];

/** x [n, ...spatial, c] with kernel [...window, c / groups, k] gives [n, ...out, k]. */
export const conv: Op<2, ConvAttrs> = {
  arity: 2,
  shape([x, k], attrs, name) {
    requireRanks(x, k, name);
    requireAttrs(x.shape.length - 2, attrs, name);
    const { groups } = attrs;
    const [c, kc, outputs] = [x.shape.at(-1)!, k.shape.at(-2)!, k.shape.at(-1)!];
    if (c !== kc * groups)
      throw new ShapeError(
        `${name}: x has ${c} channels, kernel expects ${kc}` +
          `${groups > 1 ? ` in each of ${groups} groups` : ""}, ${show(x.shape)} with ${show(k.shape)}`,
      );
    requireGroups(c, outputs, groups, name);
    return [x.shape[0], ...outputSizes(x.shape, windowOf(k), attrs, name), outputs];
  },
  dtype: keeps(floats),
  vjp: (b, { src: [x, k], attrs, cotangent }) => [
    b.convInput(cotangent, k, { ...attrs, spatial: spatialOf(x) }),
    b.convKernel(x, cotangent, { ...attrs, window: windowOf(k) }),
  ],
  lower: kernel("conv"),
  batch(b, context) {
    const { src, batched, size, attrs, again } = context;
    const [x, k] = src;
    if (!batched[1]) return split(b, again([merge(b, x), k], attrs), x);
    if (size === 0) return none(b, conv, context);
    const [xs, ks] = withBatch(b, [x, k], batched, size) as [Node, Node];
    const y = again([intoChannels(b, xs), intoChannels(b, ks)], grouped(attrs, size));
    return outOfChannels(b, y, size);
  },
  check: {
    cases: convCases.map(({ x, k, attrs }) => ({ src: [{ shape: x }, { shape: k }], attrs })),
  },
};

/**
 * The transpose of `conv` in x: the gradient that reaches x when `g` reaches the result. Also
 * known as transposed convolution. g [n, ...out, k] gives [n, ...spatial, c].
 */
export const convInput: Op<2, ConvAttrs & { readonly spatial: readonly number[] }> = {
  arity: 2,
  shape([g, k], attrs, name) {
    requireRanks(g, k, name);
    requireAttrs(g.shape.length - 2, attrs, name);
    const { spatial, groups } = attrs;
    const [n, channels, features] = [g.shape[0], k.shape.at(-2)! * groups, k.shape.at(-1)!];
    requireGroups(channels, features, groups, name);
    const x = [n, ...spatial, channels];
    const expected = [n, ...outputSizes(x, windowOf(k), attrs, name), features];
    if (!sameShape(expected, g.shape))
      throw new ShapeError(
        `${name}: expected ${show(expected)}, which is what ${show(x)} gives with kernel ` +
          `${show(k.shape)}, got ${show(g.shape)}`,
      );
    return x;
  },
  dtype: keeps(floats),
  vjp: (b, { src: [g, k], attrs: { spatial: _, ...attrs }, cotangent }) => [
    b.conv(cotangent, k, attrs),
    b.convKernel(cotangent, g, { ...attrs, window: windowOf(k) }),
  ],
  lower: kernel("convInput"),
  batch(b, context) {
    const { src, batched, size, attrs, again } = context;
    const [g, k] = src;
    if (!batched[1]) return split(b, again([merge(b, g), k], attrs), g);
    if (size === 0) return none(b, convInput, context);
    const [gs, ks] = withBatch(b, [g, k], batched, size) as [Node, Node];
    const y = again([intoChannels(b, gs), intoChannels(b, ks)], {
      ...grouped(attrs, size),
      spatial: attrs.spatial,
    });
    return outOfChannels(b, y, size);
  },
  check: {
    cases: convCases.map(({ x, k, y, attrs }) => ({
      src: [{ shape: y }, { shape: k }],
      attrs: { ...attrs, spatial: x.slice(1, -1) },
    })),
  },
};

/**
 * The transpose of `conv` in the kernel: the gradient that reaches it when `g` reaches the result.
 * x [n, ...spatial, c] and g [n, ...out, k] give [...window, c / groups, k].
 */
export const convKernel: Op<2, ConvAttrs & { readonly window: readonly number[] }> = {
  arity: 2,
  shape([x, g], attrs, name) {
    requireRanks(x, g, name);
    requireAttrs(x.shape.length - 2, attrs, name);
    const { window, groups } = attrs;
    const [channels, features] = [x.shape.at(-1)!, g.shape.at(-1)!];
    requireGroups(channels, features, groups, name);
    const expected = [x.shape[0], ...outputSizes(x.shape, window, attrs, name), features];
    if (!sameShape(expected, g.shape))
      throw new ShapeError(
        `${name}: expected ${show(expected)}, which is what ${show(x.shape)} gives with window ` +
          `${show(window)}, got ${show(g.shape)}`,
      );
    return [...window, channels / groups, features];
  },
  dtype: keeps(floats),
  vjp: (b, { src: [x, g], attrs: { window: _, ...attrs }, cotangent }) => [
    b.convInput(g, cotangent, { ...attrs, spatial: spatialOf(x) }),
    b.conv(x, cotangent, attrs),
  ],
  lower: kernel("convKernel"),
  batch(b, context) {
    const { src, batched, size, attrs, again } = context;
    if (size === 0) return none(b, convKernel, context);
    const [xs, gs] = withBatch(b, src, batched, size) as [Node, Node];
    const y = again([intoChannels(b, xs), intoChannels(b, gs)], {
      ...grouped(attrs, size),
      window: attrs.window,
    });
    return outOfChannels(b, y, size);
  },
  check: {
    cases: convCases.map(({ x, k, y, attrs }) => ({
      src: [{ shape: x }, { shape: y }],
      attrs: { ...attrs, window: k.slice(0, -2) },
    })),
  },
};

/** Batching by examples: [B, n, ...] is B·n examples. */
const merge = (b: Builder, x: Node): Node =>
  b.reshape(x, { shape: [x.shape[0] * x.shape[1], ...x.shape.slice(2)] });
const split = (b: Builder, y: Node, { shape: [size, n] }: Node): Node =>
  b.reshape(y, { shape: [size, n, ...y.shape.slice(1)] });

/** The result for a batch of no examples, which would make no groups. */
function none<A extends object>(
  b: Builder,
  op: Op<2, A>,
  { src, batched, attrs }: BatchContext<2, A>,
): Node {
  const [x, y] = src.map((s, i) => (batched[i] ? { ...s, shape: s.shape.slice(1) } : s));
  return b.full({ shape: [0, ...op.shape([x, y], attrs, "vmap")], value: 0, dtype: x.dtype });
}

/** Batching by groups: every example of the batch becomes a group of channels of its own. */
function intoChannels(b: Builder, x: Node): Node {
  const rank = x.shape.length;
  const inner = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  const moved = b.permute(x, { axes: [...inner, 0, rank - 1] });
  return b.reshape(moved, { shape: [...x.shape.slice(1, -1), x.shape[0] * x.shape.at(-1)!] });
}
function outOfChannels(b: Builder, x: Node, size: number): Node {
  const rank = x.shape.length;
  const apart = b.reshape(x, { shape: [...x.shape.slice(0, -1), size, x.shape.at(-1)! / size] });
  const outer = Array.from({ length: rank - 1 }, (_, i) => i);
  return b.permute(apart, { axes: [rank - 1, ...outer, rank] });
}
const grouped = ({ strides, padding, dilation, groups }: ConvAttrs, size: number): ConvAttrs => ({
  strides,
  padding,
  dilation,
  groups: groups * size,
});
