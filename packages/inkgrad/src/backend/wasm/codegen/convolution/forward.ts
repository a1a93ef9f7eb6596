import type { OperationLowering } from "../operations.js";
import { lanesIn } from "../tile.js";
import { channelSteps, isChannelwise } from "./channelwise.js";
import { endingOf } from "./epilogue.js";
import { gatherStep, type Gather } from "./gather.js";
import { geometryOf } from "./geometry.js";
import { type Matrices, packedForm, packStep } from "./panels.js";
import { bestVectors } from "./tile-column.js";
import { isFiltered } from "./winograd/choose.js";
import { minimalFilterSteps } from "./winograd/gather.js";

/** A product with the kernel as the right side, whose left side is gathered from x as it lies. */
export const convSteps: OperationLowering = (kernel, scratch, tiles) => {
  const geometry = geometryOf(kernel);
  if (geometry === null) return kernel.to.elements === 0 ? [] : null;
  const { dtype, images, lines, columns, channels, features, groups } = geometry;
  const [x, k] = kernel.inputs;
  const name =
    `conv ${lines.window}×${columns.window} of ` +
    `${[images, lines.size, columns.size, channels].join("×")} to ${features}`;
  const taps = Array.from({ length: lines.window * columns.window }, (_, i) => ({
    line: Math.floor(i / columns.window) * lines.dilation - lines.low,
    column: (i % columns.window) * columns.dilation - columns.low,
  }));
  const gather: Gather = {
    name,
    operations: geometry.operations,
    source: { buffer: x, dtype, lines: lines.size, columns: columns.size, channels },
    images,
    lines: lines.out,
    columns: columns.out,
    lineStride: lines.stride,
    columnStride: columns.stride,
    taps,
    groups,
    depth: channels / groups,
    across: features / groups,
    to: {
      buffer: kernel.to,
      offset: 0,
      image: lines.out * columns.out * features,
      line: columns.out * features,
      column: features,
    },
    ending: endingOf(kernel),
  };
  if (isChannelwise(geometry))
    return [
      channelSteps(
        gather,
        k,
        taps.map((_, i) => i),
      ),
    ];
  const { depth, across } = gather;
  if (isFiltered(geometry))
    return minimalFilterSteps(
      name,
      gather.source,
      images,
      lines.out,
      columns.out,
      taps[0],
      {
        buffer: k,
        offsets: taps.map((_, i) => i * channels * features),
        depth,
        depthStep: features,
        across,
        acrossStep: 1,
      },
      kernel.to,
      scratch,
      tiles,
    );
  const matrices: Matrices = {
    dtype,
    buffer: k,
    groups,
    groupStep: across,
    taps: taps.map((_, i) => i * depth * features),
    depth,
    depthStep: features,
    across,
    acrossStep: 1,
    vectors: bestVectors(columns.out, across, lanesIn(dtype), tiles),
  };
  const form = packedForm(matrices);
  const packed = scratch(dtype, form.elements);
  return [
    packStep(matrices, packed, `pack ${taps.length * depth}×${features}`),
    gatherStep(gather, packed, form, 0),
  ];
};
