import { bytesPer } from "../../../../base/dtype.js";
import type { Buffer, OperationKernel } from "../../../program.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import type { OperationLowering, Scratch } from "../operations.js";
import type { Step } from "../step.js";
import { divideRows, type TileMode } from "../tile-shapes.js";
import { lanesIn } from "../tile.js";
import { emitPackB } from "../tile-pack.js";
import { addUp } from "./add-up.js";
import { emitChannelSums } from "./channel-weights.js";
import { isChannelwise } from "./channelwise.js";
import { type Axis, type Geometry, geometryOf } from "./geometry.js";
import { cutPlaces, inRegion, type Regions } from "./regions.js";
import { bestVectors, functionFor, mostRows, tileColumn } from "./tile-column.js";
import { copyMet, type Images, pushFirstMet, type Reach, reached, reachesOut } from "./window.js";
import { isFilteredForWeights } from "./winograd/choose.js";
import { minimalFilterWeightSteps } from "./winograd/weights.js";

/**
 * The gradient that reaches the kernel: for each tap, the product of x (transposed, as the tap meets
 * it) and g, over all places. The places are summed region after region into the result, which stays
 * in the cache; where the kernel is small, several stretches of regions ("slices") are summed side
 * by side and added at the end, so that threads share the places, else they share the features.
 */
export const convKernelSteps: OperationLowering = (kernel, scratch, tiles) => {
  const geometry = geometryOf(kernel);
  if (geometry === null) return kernel.to.elements === 0 ? [] : null;
  if (isFilteredForWeights(geometry)) {
    const { dtype, images, lines, columns, channels, features } = geometry;
    const [x, g] = kernel.inputs;
    return minimalFilterWeightSteps(
      nameOf(geometry),
      { buffer: x, dtype, lines: lines.size, columns: columns.size, channels },
      images,
      lines.out,
      columns.out,
      features,
      { line: -lines.low, column: -columns.low },
      g,
      kernel.to,
      scratch,
      tiles,
    );
  }
  return new WeightGradient(kernel, geometry, scratch, tiles).steps();
};

/** Places of a region: their part of x and g should stay in the second cache. */
const placesAtOnce = 1024;
const mostSlices = 16;
/** A result up to this size is kept once for each slice. */
const smallResult = 512 * 1024;

const reachOf = ({ window, stride, dilation, low }: Axis): Reach => ({
  stride,
  from: -low,
  to: (window - 1) * dilation - low,
});

const nameOf = ({ lines, columns, images, features }: Geometry): string =>
  `gradient of conv ${lines.window}×${columns.window} to kernel, ` +
  [images, lines.out, columns.out, features].join("×");

class WeightGradient {
  private readonly size: number;
  private readonly lanes: number;
  private readonly down: Reach;
  private readonly over: Reach;
  private readonly source: Images;
  private readonly regions: Regions;
  private readonly padded: boolean;
  private readonly slices: number;
  private readonly perSlice: number;
  /** Features of a group in a panel, and panels. */
  private readonly width: number;
  private readonly panels: number;
  /** Rows of a tile's left side that lie beside each other in x. */
  private readonly rows: number;
  private readonly channelwise: boolean;
  private readonly into: Buffer;

  constructor(
    private readonly kernel: OperationKernel,
    private readonly geometry: Geometry,
    scratch: Scratch,
    tiles: TileMode,
  ) {
    const { dtype, images, lines, columns, channels, features, groups, operations } = geometry;
    this.size = bytesPer(dtype);
    this.lanes = lanesIn(dtype);
    [this.down, this.over] = [reachOf(lines), reachOf(columns)];
    const [x] = kernel.inputs;
    this.source = { buffer: x, dtype, lines: lines.size, columns: columns.size, channels };
    const { out: high } = lines;
    const { out: wide } = columns;
    this.padded =
      reachesOut(high, this.down, lines.size) || reachesOut(wide, this.over, columns.size);
    this.regions = cutPlaces(images, high, wide, placesAtOnce);
    this.channelwise = isChannelwise(geometry);
    const beside = columns.dilation === 1 && groups === 1;
    this.rows = beside ? columns.window * channels : channels / groups;
    const across = features / groups;
    this.width = bestVectors(this.rows, across, this.lanes, tiles) * this.lanes;
    this.panels = Math.ceil(across / this.width);
    const small = kernel.to.elements * this.size <= smallResult || this.panels === 1;
    const most = Math.max(1, Math.min(mostSlices, Math.floor(operations / 100_000)));
    this.perSlice = Math.ceil(this.regions.count / (small || this.channelwise ? most : 1));
    this.slices = Math.ceil(this.regions.count / this.perSlice);
    this.into = this.slices === 1 ? kernel.to : scratch(dtype, this.slices * kernel.to.elements);
  }

  steps(): Step[] {
    const { to, inputs } = this.kernel;
    const byPanels = this.slices === 1 && !this.channelwise;
    const sums: Step = {
      name: nameOf(this.geometry),
      operations: this.geometry.operations,
      reads: inputs,
      writes: [this.into],
      length: byPanels ? this.panels : this.slices,
      piece: byPanels ? Math.max(1, Math.floor(this.panels / 8)) : 1,
      scratchBytes: this.windowBytes + this.packedBytes,
      emit: (f, context, start, count) => {
        if (byPanels) this.emitSums(f, context, start, count, null);
        else this.emitSums(f, context, null, this.panels, start);
      },
    };
    if (this.slices === 1) return [sums];
    return [sums, addUp(this.geometry.dtype, this.into, to, this.slices)];
  }

  private get windowBytes(): number {
    const { high, wide } = this.regions;
    const places = reached(high, this.down) * reached(wide, this.over);
    return this.padded
      ? Math.ceil((places * this.geometry.channels * this.size + 64) / 64) * 64
      : 0;
  }

  private get isPacked(): boolean {
    if (this.channelwise) return false;
    const { features, groups } = this.geometry;
    // Whole vectors only are read in place: nothing beyond the end.
    const partial = (features / groups) % this.lanes > 0;
    return partial || (features !== this.width && this.rows > 1);
  }

  private get packedBytes(): number {
    const { high, wide } = this.regions;
    return this.isPacked ? high * wide * this.width * this.size : 0;
  }

  /** The sums of all regions (or of one slice of them), for `count` panels from `first`. */
  private emitSums(
    f: FunctionBuilder,
    context: ModuleContext,
    first: Local | null,
    count: number,
    slice: Local | null,
  ): void {
    const { geometry, size, regions } = this;
    const { to } = this.kernel;
    const [region, end, x, g] = f.locals(4, "i32");
    const result = f.local("i32");
    context.pushAddress(f, this.into);
    if (slice === null) {
      f.set(result);
      f.i32(0).set(region).i32(regions.count).set(end);
    } else {
      f.get(slice)
        .times(to.elements * size)
        .op("i32.add")
        .set(result);
      f.get(slice).times(this.perSlice).set(region);
      f.get(region).plus(this.perSlice).set(end);
      f.get(end).i32(regions.count).get(end).i32(regions.count).op("i32.lt_u");
      f.op("select").set(end);
    }
    this.emitClear(f, result, first, count);
    f.for(region, region, end, 1, () => {
      inRegion(f, regions, region, (place, high, wide) => {
        const { lines, columns, features } = geometry;
        if (this.padded) {
          f.get(f.params[1]).set(x);
          copyMet(f, context, this.source, place, high, wide, this.down, this.over, x);
        } else {
          pushFirstMet(f, context, this.source, place, this.down, this.over);
          f.set(x);
        }
        f.get(place.image).times(lines.out).get(place.line).op("i32.add");
        f.times(columns.out).get(place.column).op("i32.add");
        f.times(features * size);
        context.pushAddress(f, this.kernel.inputs[1]);
        f.op("i32.add").set(g);
        const met = this.padded ? reached(wide, this.over) : columns.size;
        const pitch = met * geometry.channels * size;
        if (this.channelwise)
          emitChannelSums(f, context, geometry, x, g, result, high, wide, pitch);
        else this.emitProducts(f, context, x, g, result, high, wide, pitch, first, count);
      });
    });
    f.release(region, end, x, g, result);
  }

  /** Zeros in the columns of the result that are summed here. */
  private emitClear(f: FunctionBuilder, result: Local, first: Local | null, count: number): void {
    const { size, width, geometry } = this;
    const { to } = this.kernel;
    if (first === null) {
      f.get(result)
        .i32(0)
        .i32(to.elements * size)
        .memoryFill();
      return;
    }
    const across = geometry.features / geometry.groups;
    const [row, at, bytes] = f.locals(3, "i32");
    // The last panel may be narrower.
    f.i32(across).get(first).times(width).op("i32.sub").set(bytes);
    f.get(bytes)
      .i32(count * width)
      .get(bytes)
      .i32(count * width)
      .op("i32.lt_s");
    f.op("select").times(size).set(bytes);
    f.get(result)
      .get(first)
      .times(width * size)
      .op("i32.add")
      .set(at);
    f.for(row, 0, to.elements / across, 1, () => {
      f.get(at).i32(0).get(bytes).memoryFill();
      f.increase(at, across * size);
    });
    f.release(row, at, bytes);
  }

  /** Adds a region's products: for each group, panel and tap, tiles of channels × features. */
  private emitProducts(
    f: FunctionBuilder,
    context: ModuleContext,
    x: Local,
    g: Local,
    result: Local,
    high: number,
    wide: number,
    pitch: number,
    first: Local | null,
    count: number,
  ): void {
    const { geometry, size, width } = this;
    const { dtype, lines, columns, channels, features, groups } = geometry;
    const [depth, across] = [channels / groups, features / groups];
    const places = high * wide;
    const [group, panel, left, right, out] = f.locals(5, "i32");
    const packed = f.local("i32");
    const [a, c] = f.locals(2, "i32");
    const runs = this.rows === depth ? columns.window : 1;
    const rest = across % width;
    const one = (used: number): void => {
      if (this.isPacked) {
        f.get(f.params[1]).plus(this.windowBytes).set(packed);
        f.get(right)
          .get(packed)
          .call(this.packFunction(context, places, used))
          .get(packed)
          .set(right);
      }
      const padded = Math.ceil(used / this.lanes) * this.lanes;
      const bStep = (this.isPacked ? padded : features) * size;
      const most = mostRows(padded / this.lanes, context.tiles);
      const [kh, kw] = f.locals(2, "i32");
      f.get(left).set(a).get(out).set(c);
      f.for(kh, 0, lines.window, 1, () => {
        const back = f.local("i32");
        f.get(a).set(back);
        f.for(kw, 0, runs, 1, () => {
          let done = 0;
          for (const { rows, count: tiles } of divideRows(this.rows, most)) {
            const tile = tileColumn(context, {
              dtype,
              rows,
              across: used,
              aRow: size,
              aStep: columns.stride * channels * size,
              bStep,
              depth: Array.from({ length: high }, (_, i) => ({
                offset: i * lines.stride * pitch,
                steps: wide,
              })),
              unroll: 4,
              resultRow: features * size,
              more: true,
            });
            f.get(f.params[0]);
            f.get(a).plus(done * size);
            f.get(right).get(c);
            f.plus(done * features * size);
            f.i32(tiles).call(tile);
            done += rows * tiles;
          }
          f.increase(a, columns.dilation * channels * size);
          f.increase(c, this.rows * features * size);
        });
        f.get(back)
          .plus(lines.dilation * pitch)
          .set(a);
        f.release(back);
      });
      f.release(kh, kw);
    };
    f.get(x).set(left);
    f.for(group, 0, groups, 1, () => {
      const end = f.local("i32");
      if (first === null) f.i32(0).set(panel).i32(count).set(end);
      else f.get(first).tee(panel).plus(count).set(end);
      f.for(panel, panel, end, 1, () => {
        // Where the panel begins among the features.
        const at = f.local("i32");
        f.get(panel).times(width).get(group).times(across);
        f.op("i32.add").times(size).set(at);
        f.get(g).get(at).op("i32.add").set(right);
        f.get(result).get(at).op("i32.add").set(out);
        f.release(at);
        if (rest === 0) one(width);
        else {
          f.get(panel)
            .i32(this.panels - 1)
            .op("i32.eq");
          f.if(
            () => {
              one(rest);
            },
            () => {
              one(width);
            },
          );
        }
      });
      f.increase(left, depth * size);
      f.release(end);
    });
    f.release(group, panel, left, right, out, packed, a, c);
  }

  /** The function (from, to) that puts a panel of g's features together. */
  private packFunction(context: ModuleContext, places: number, used: number): FunctionBuilder {
    const { size, lanes } = this;
    const options = {
      dtype: this.geometry.dtype,
      depth: places,
      depthStep: this.geometry.features * size,
      acrossStep: size,
      panels: [{ count: 1, width: Math.ceil(used / lanes) * lanes, used }],
    };
    return functionFor(context, { pack: options }, () =>
      context.module.function(["i32", "i32"], [], (f) => {
        emitPackB(f, f.params[0], f.params[1], options);
      }),
    );
  }
}
