import { sizeOf, stridesOf } from "../../../base/shape.js";
import type { Layout } from "../../../ops/lowering.js";
import type { WindowAttrs } from "../../../ops/windows.js";
import type { LoopKernel, OperationKernel, Store, Value } from "../../program.js";
import { loopStep } from "./loop.js";
import type { OperationLowering } from "./operations.js";
import type { Step } from "./step.js";

/** More loops than this are too much code: the host computes such folds. */
const mostLoops = 100;

/** An axis that windows slide along. */
interface Axis {
  readonly axis: number;
  readonly size: number;
  /** Positions of the window, and its elements. */
  readonly count: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
}

/**
 * Windows put back in their places. Where they do not overlap, one loop over the windows puts each
 * element into its place. Otherwise the places are divided so that all of a part are met by the
 * same elements, and a loop for each part adds those up: nothing is written twice.
 */
export const foldSteps: OperationLowering = (kernel) => {
  if (kernel.to.elements === 0) return [];
  const axes = axesOf(kernel);
  const apart = axes.every(({ window, stride, dilation }) => (window - 1) * dilation < stride);
  const loops = apart ? placed(kernel, axes) : gathered(kernel, axes);
  if (loops === null) return null;
  return loops.map((loop): Step | null => loopStep(loop)).filter((step) => step !== null);
};

function axesOf({ node }: OperationKernel): Axis[] {
  const { axes, strides, dilation } = node.attrs as WindowAttrs;
  const { shape } = node.src[0];
  return axes.map((axis, i) => ({
    axis,
    size: node.shape[axis],
    count: shape[axis],
    window: shape[node.shape.length + i],
    stride: strides[i],
    dilation: dilation[i],
  }));
}

/** All choices of one element of each list. */
const choices = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>(
    (found, list) => found.flatMap((begun) => list.map((one) => [...begun, one])),
    [[]],
  );

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** One loop with a store for each element of the window, after zeros where some places stay empty. */
function placed(kernel: OperationKernel, axes: readonly Axis[]): LoopKernel[] | null {
  const { node, inputs, to } = kernel;
  const { dtype } = node;
  const elements = choices(axes.map(({ window }) => upTo(window)));
  if (elements.length > mostLoops) return null;
  const space = node.src[0].shape.slice(0, node.shape.length);
  const [source, target] = [stridesOf(node.src[0].shape), stridesOf(node.shape)];
  const stores = elements.map((chosen): Store => {
    const value: Value = {
      kind: "load",
      dtype,
      from: {
        buffer: inputs[0],
        layout: {
          shape: space,
          strides: source.slice(0, space.length),
          offset: chosen.reduce((sum, at, i) => sum + at * source[space.length + i], 0),
        },
      },
    };
    const strides = [...target];
    let offset = 0;
    axes.forEach(({ axis, stride, dilation }, i) => {
      strides[axis] *= stride;
      offset += chosen[i] * dilation * target[axis];
    });
    return { value, to: { buffer: to, layout: { shape: space, strides, offset } } };
  });
  const full = sizeOf(node.src[0].shape) === to.elements;
  const loop: LoopKernel = { kind: "loop", space, stores };
  return full ? [loop] : [zeros(kernel, { shape: node.shape, strides: target, offset: 0 }), loop];
}

const zeros = ({ node, to }: OperationKernel, layout: Layout): LoopKernel => ({
  kind: "loop",
  space: layout.shape,
  stores: [{ value: { kind: "number", dtype: node.dtype, value: 0 }, to: { buffer: to, layout } }],
});

/** Places first, first + stride, … (`length` of them) that the same elements of the window meet. */
interface Part {
  readonly first: number;
  readonly length: number;
  /** Each element, and the window's position for the first place. */
  readonly meets: readonly { readonly element: number; readonly position: number }[];
}

function partsOf({ size, count, window, stride, dilation }: Axis): Part[] {
  return upTo(Math.min(stride, size)).flatMap((first) => {
    const places = Math.ceil((size - first) / stride);
    const meets = upTo(window)
      .filter((element) => (first - element * dilation) % stride === 0)
      .map((element) => ({ element, position: (first - element * dilation) / stride }));
    // Element e meets the places from −position up to count − position.
    const edges = [0, places, ...meets.flatMap(({ position: p }) => [-p, count - p])];
    const cuts = [...new Set(edges)].filter((at) => at >= 0 && at <= places).sort((a, b) => a - b);
    return cuts.slice(1).map((end, i) => {
      const from = cuts[i];
      return {
        first: first + from * stride,
        length: end - from,
        meets: meets
          .map(({ element, position }) => ({ element, position: position + from }))
          .filter(({ position }) => position >= 0 && position < count),
      };
    });
  });
}

/** A loop for each combination of the axes' parts. */
function gathered(kernel: OperationKernel, axes: readonly Axis[]): LoopKernel[] | null {
  const { node, inputs, to } = kernel;
  const { dtype } = node;
  const [source, target] = [stridesOf(node.src[0].shape), stridesOf(node.shape)];
  const rank = node.shape.length;
  const lists = axes.map(partsOf);
  if (lists.reduce((product, list) => product * list.length, 1) > mostLoops) return null;
  return choices(lists).map((parts) => {
    const shape = [...node.shape];
    const strides = [...target];
    let offset = 0;
    axes.forEach(({ axis, stride }, i) => {
      shape[axis] = parts[i].length;
      strides[axis] *= stride;
      offset += parts[i].first * target[axis];
    });
    const layout = { shape, strides, offset };
    const loads = choices(parts.map(({ meets }) => meets)).map((chosen): Value => ({
      kind: "load",
      dtype,
      from: {
        buffer: inputs[0],
        layout: {
          shape,
          strides: source.slice(0, rank),
          offset: chosen.reduce(
            (sum, { element, position }, i) =>
              sum + position * source[axes[i].axis] + element * source[rank + i],
            0,
          ),
        },
      },
    }));
    if (loads.length === 0) return zeros(kernel, layout);
    const value = loads.reduce((sum, load) => ({
      kind: "call",
      dtype,
      fn: "add",
      args: [sum, load],
    }));
    return { kind: "loop", space: shape, stores: [{ value, to: { buffer: to, layout } }] };
  });
}
