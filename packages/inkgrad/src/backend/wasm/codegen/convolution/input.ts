import type { OperationLowering } from "../operations.js";
import type { Step } from "../step.js";
import { lanesIn } from "../tile.js";
import { channelSteps, isChannelwise } from "./channelwise.js";
import { endingOf } from "./epilogue.js";
import { gatherStep, type Gather, type Tap } from "./gather.js";
import { type Axis, geometryOf } from "./geometry.js";
import { type Matrices, packedForm, packStep } from "./panels.js";
import { bestVectors } from "./tile-column.js";
import { isFiltered } from "./winograd/choose.js";
import { minimalFilterSteps } from "./winograd/gather.js";

/**
 * The gradient that reaches x: at each place of x, the sum over the taps that it took part in. Where
 * strides are above 1, places fall into classes by their remainders; those of one class meet the
 * same taps, and are a gather of stride 1 with a part of the window.
 */
export const convInputSteps: OperationLowering = (kernel, scratch, tiles) => {
  const geometry = geometryOf(kernel);
  if (geometry === null) return kernel.to.elements === 0 ? [] : null;
  const { dtype, images, lines, columns, channels, features, groups } = geometry;
  const [g, k] = kernel.inputs;
  const size = [images, lines.size, columns.size, channels].join("×");
  const name = `gradient of conv ${lines.window}×${columns.window} to ${size}`;
  const [depth, across] = [features / groups, channels / groups];
  const ending = endingOf(kernel);
  if (isFiltered(geometry))
    return minimalFilterSteps(
      name,
      { buffer: g, dtype, lines: lines.out, columns: columns.out, channels: features },
      images,
      lines.size,
      columns.size,
      { line: lines.low - 2, column: columns.low - 2 },
      {
        buffer: k,
        // The window, turned by half a turn.
        offsets: Array.from({ length: 9 }, (_, i) => (8 - i) * channels * features),
        depth,
        depthStep: 1,
        across,
        acrossStep: features,
      },
      kernel.to,
      scratch,
      tiles,
    );
  const classes = classesOf(lines).flatMap((down) =>
    classesOf(columns).map((over) => ({ down, over })),
  );
  const order: number[] = [];
  const parts = classes.map(({ down, over }) => {
    const first = order.length;
    const taps: Tap[] = [];
    for (const [kh, line] of down.taps)
      for (const [kw, column] of over.taps) {
        taps.push({ line, column });
        order.push(kh * columns.window + kw);
      }
    const gather: Gather = {
      name,
      operations: (geometry.operations * taps.length) / lines.window / columns.window,
      source: { buffer: g, dtype, lines: lines.out, columns: columns.out, channels: features },
      images,
      lines: down.count,
      columns: over.count,
      lineStride: 1,
      columnStride: 1,
      taps,
      groups,
      depth,
      across,
      to: {
        buffer: kernel.to,
        offset: (down.first * columns.size + over.first) * channels,
        image: lines.size * columns.size * channels,
        line: lines.stride * columns.size * channels,
        column: columns.stride * channels,
      },
      ending,
    };
    return { gather, first };
  });
  if (isChannelwise(geometry))
    return parts.map(({ gather, first }) =>
      channelSteps(gather, k, order.slice(first, first + gather.taps.length)),
    );
  const matrices: Matrices = {
    dtype,
    buffer: k,
    groups,
    groupStep: depth,
    taps: order.map((tap) => tap * across * features),
    depth,
    depthStep: 1,
    across,
    acrossStep: features,
    vectors: bestVectors(Math.ceil(columns.size / columns.stride), across, lanesIn(dtype), tiles),
  };
  const form = packedForm(matrices);
  const packed = scratch(dtype, form.elements);
  const pack = packStep(matrices, packed, `pack ${order.length * depth}×${channels}`);
  return [
    ...(order.length === 0 ? [] : [pack]),
    ...parts.map(({ gather, first }): Step => gatherStep(gather, packed, form, first)),
  ];
};

/** Places first, first + stride, … of an axis of x, and the taps that they meet. */
interface Class {
  readonly first: number;
  readonly count: number;
  /** The window's element, and the place of the result that it takes part in for the first place. */
  readonly taps: readonly (readonly [element: number, place: number])[];
}

function classesOf({ size, window, stride, dilation, low }: Axis): Class[] {
  return Array.from({ length: Math.min(stride, size) }, (_, first) => ({
    first,
    count: Math.ceil((size - first) / stride),
    taps: Array.from({ length: window }, (_, element) => ({
      element,
      away: first + low - element * dilation,
    }))
      .filter(({ away }) => away % stride === 0)
      .map(({ element, away }) => [element, away / stride] as const)
      // The last first: so their places lie beside each other in the order of the depth.
      .reverse(),
  }));
}
