import { bytesPer } from "../../../../base/dtype.js";
import { type Buffer, readsOfEpilogue } from "../../../program.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import type { Step } from "../step.js";
import { divideRows } from "../tile-shapes.js";
import type { Segment } from "../tile.js";
import { type Ending, withEnding } from "./epilogue.js";
import type { Packed } from "./panels.js";
import { cutPlaces, inRegion, type Regions } from "./regions.js";
import { mostRows, tileColumn } from "./tile-column.js";
import { copyMet, type Images, pushFirstMet, type Reach, reached, reachesOut } from "./window.js";

/** Where a tap lies: the source's place that belongs to place 0 of the result. */
export interface Tap {
  readonly line: number;
  readonly column: number;
}

/**
 * The work that a convolution and its gradient to the input share: at each place (line, column) of
 * an image, the sum over taps of the source's channels at (line·stride + tap.line, column·stride +
 * tap.column) times the tap's matrix. Beyond the source's edges lie zeros.
 */
export interface Gather {
  readonly name: string;
  readonly operations: number;
  readonly source: Images;
  readonly images: number;
  readonly lines: number;
  readonly columns: number;
  readonly lineStride: number;
  readonly columnStride: number;
  readonly taps: readonly Tap[];
  readonly groups: number;
  /** Channels that a group of the source and of the result has. */
  readonly depth: number;
  readonly across: number;
  readonly to: Target;
  /** What is done with the sums before they are stored. */
  readonly ending?: Ending | undefined;
}

/** Where the results go: a buffer, and steps in elements. */
export interface Target {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly image: number;
  readonly line: number;
  readonly column: number;
}

/** Steps of the depth that are summed at a time: more rounding errors would add up in one sum. */
const mostDepth = 512;
/** Operations in a region: enough to be worth a piece, and so many that all threads have some. */
const [leastOperations, mostOperations] = [200_000, 4_000_000];
const wantedRegions = 16;
/** What the copy of a region's part of the source should take at most, to stay in the second cache. */
const mostCopied = 256 * 1024;

const reachOf = (stride: number, taps: readonly number[]): Reach => ({
  stride,
  from: taps.length === 0 ? 0 : Math.min(...taps),
  to: taps.length === 0 ? 0 : Math.max(...taps),
});

/** A block of the depth: offsets of the left side in bytes from `offset`, the right side's step. */
interface Block {
  readonly offset: number;
  readonly first: number;
  readonly segments: readonly Segment[];
}

/** How a gather is laid out over regions, whatever computes them. */
export class GatherPlan {
  readonly down: Reach;
  readonly over: Reach;
  readonly regions: Regions;
  readonly padded: boolean;
  readonly size: number;
  readonly gather: Gather;

  constructor(given: Gather) {
    const gather = merged(given);
    this.gather = gather;
    const { images, lines, columns, operations, source, taps } = gather;
    this.size = bytesPer(source.dtype);
    this.down = reachOf(
      gather.lineStride,
      taps.map((tap) => tap.line),
    );
    this.over = reachOf(
      gather.columnStride,
      taps.map((tap) => tap.column),
    );
    this.padded =
      reachesOut(lines, this.down, source.lines) || reachesOut(columns, this.over, source.columns);
    const wanted = Math.min(mostOperations, Math.max(leastOperations, operations / wantedRegions));
    let places = Math.max(1, (images * lines * columns * wanted) / Math.max(1, operations));
    let regions = cutPlaces(images, lines, columns, places);
    while (this.padded && places > 8 && this.copied(regions) > mostCopied) {
      places /= 2;
      regions = cutPlaces(images, lines, columns, places);
    }
    this.regions = regions;
  }

  private copied({ high, wide }: Regions): number {
    return (
      reached(high, this.down) * reached(wide, this.over) * this.gather.source.channels * this.size
    );
  }

  get scratchBytes(): number {
    return this.padded ? this.copied(this.regions) + 64 : 0;
  }

  /**
   * Writes `body` for a region, with the addresses of the first element that it meets and of its
   * first result, its size, and the bytes from one met line to the next.
   */
  emit(
    f: FunctionBuilder,
    context: ModuleContext,
    region: Local,
    body: (from: Local, result: Local, high: number, wide: number, pitch: number) => void,
  ): void {
    const { source, to } = this.gather;
    const [from, result] = f.locals(2, "i32");
    inRegion(f, this.regions, region, (place, high, wide) => {
      if (this.padded) {
        f.get(f.params[1]).set(from);
        copyMet(f, context, source, place, high, wide, this.down, this.over, from);
      } else {
        pushFirstMet(f, context, source, place, this.down, this.over);
        f.set(from);
      }
      f.get(place.image).times(to.image);
      f.get(place.line).times(to.line).op("i32.add");
      f.get(place.column).times(to.column).op("i32.add");
      f.times(this.size);
      context.pushAddress(f, to.buffer, to.offset * this.size);
      f.op("i32.add").set(result);
      const columns = this.padded ? reached(wide, this.over) : source.columns;
      body(from, result, high, wide, columns * source.channels * this.size);
    });
    f.release(from, result);
  }

  /** Where a tap lies, in bytes from the first element met. */
  tapAt({ line, column }: Tap, pitch: number): number {
    return (
      (line - this.down.from) * pitch +
      (column - this.over.from) * this.gather.source.channels * this.size
    );
  }

  /** The depth in blocks; taps that lie beside each other make one segment. */
  blocks(pitch: number): Block[] {
    const { taps, depth } = this.gather;
    const { size } = this;
    const segments: { offset: number; steps: number }[] = [];
    for (const tap of taps) {
      const offset = this.tapAt(tap, pitch);
      const last = segments.at(-1);
      if (last?.offset === offset - (last?.steps ?? 0) * size) last.steps += depth;
      else segments.push({ offset, steps: depth });
    }
    const blocks: { offset: number; first: number; steps: number; segments: Segment[] }[] = [];
    let first = 0;
    for (const { offset, steps } of segments) {
      const parts = Math.ceil(steps / mostDepth);
      for (let part = 0; part < parts; part++) {
        const [low, high] = [part, part + 1].map((i) => Math.floor((steps * i) / parts));
        const at = offset + low * size;
        const block = blocks.at(-1);
        if (block !== undefined && block.steps + high - low <= mostDepth) {
          block.segments.push({ offset: at - block.offset, steps: high - low });
          block.steps += high - low;
        } else {
          const segment = { offset: 0, steps: high - low };
          blocks.push({ offset: at, first, steps: high - low, segments: [segment] });
        }
        first += high - low;
      }
    }
    // Without a tap, the sums are zeros.
    return blocks.length === 0 ? [{ offset: 0, first: 0, segments: [] }] : blocks;
  }
}

/** A window of one element that misses none joins all lines into a single one. */
function merged(gather: Gather): Gather {
  const { source, images, lines, columns, lineStride, columnStride, taps, to } = gather;
  const plain =
    taps.length === 1 &&
    taps[0].line === 0 &&
    taps[0].column === 0 &&
    lineStride * columnStride === 1 &&
    lines === source.lines &&
    columns === source.columns &&
    to.line === columns * to.column &&
    to.image === lines * to.line;
  if (!plain) return gather;
  const all = images * lines * columns;
  return {
    ...gather,
    images: 1,
    lines: 1,
    columns: all,
    source: { ...source, lines: 1, columns: all },
  };
}

/** A gather's name and operations, with those of its ending. */
export const nameOf = (gather: Gather): Pick<Step, "name" | "operations"> => {
  const { images, lines, columns, groups, across, ending } = gather;
  return withEnding(gather, images * lines * columns * groups * across, ending);
};

/**
 * The step that computes a gather with packed matrices (the panels of its taps, beginning at tap
 * `first` of them): tiles of places beside each other × channels of the result.
 */
export function gatherStep(given: Gather, weights: Buffer, form: Packed, first: number): Step {
  const plan = new GatherPlan(given);
  const { gather, size } = plan;
  const { source, to, groups, depth, across, ending } = gather;
  const { dtype } = source;
  return {
    ...nameOf(gather),
    reads: [source.buffer, weights, ...readsOfEpilogue(ending)],
    writes: [to.buffer],
    length: plan.regions.count,
    piece: 1,
    scratchBytes: plan.scratchBytes,
    emit(f, context, start) {
      const [group, panel, line] = f.locals(3, "i32");
      const [b, out, right] = f.locals(3, "i32");
      plan.emit(f, context, start, (from, result, high, wide, pitch) => {
        context.pushAddress(f, weights);
        f.set(right);
        f.for(group, 0, groups, 1, () => {
          const blocks = plan.blocks(pitch);
          for (const [i, block] of blocks.entries()) {
            const lines = (width: number, used: number): void => {
              // One panel: all lines, in tiles of as many places as stay in registers.
              const [x, y] = f.locals(2, "i32");
              f.get(from).plus(block.offset).set(x);
              f.get(out).set(y);
              f.for(line, 0, high, 1, () => {
                let done = 0;
                const most = mostRows(Math.ceil((width * size) / 16), context.tiles);
                for (const { rows, count } of divideRows(wide, most)) {
                  const aRow = gather.columnStride * source.channels * size;
                  const form = {
                    dtype,
                    rows,
                    across: used,
                    aRow,
                    aStep: size,
                    bStep: width * size,
                    depth: block.segments,
                    unroll: 4,
                    resultRow: to.column * size,
                    more: i > 0,
                  };
                  const isLast = i === blocks.length - 1;
                  const tile = tileColumn(context, form, isLast ? ending : undefined);
                  f.get(f.params[0]);
                  f.get(x).plus(done * aRow);
                  f.get(b);
                  f.get(y).plus(done * to.column * size);
                  f.i32(count).call(tile);
                  done += rows * count;
                }
                f.increase(x, gather.lineStride * pitch);
                f.increase(y, to.line * size);
              });
              f.release(x, y);
            };
            f.get(result).set(out);
            const firstStep = first * depth + block.first;
            const begin = (width: number): void => {
              f.get(right).plus(firstStep * width * size);
            };
            if (form.whole > 0) {
              begin(form.width);
              f.set(b);
              f.for(panel, 0, form.whole, 1, () => {
                lines(form.width, form.width);
                f.increase(b, form.panelElements * size);
                f.increase(out, form.width * size);
              });
            }
            if (form.rest > 0) {
              begin(form.restWidth);
              f.plus(form.whole * form.panelElements * size).set(b);
              lines(form.restWidth, form.rest);
            }
          }
          f.increase(from, depth * size);
          f.increase(result, across * size);
          f.increase(right, form.groupElements * size);
        });
      });
      f.release(group, panel, line, b, out, right);
    },
  };
}
