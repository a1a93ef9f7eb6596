import type { Buffer } from "../../../../program.js";
import type { FunctionBuilder, Local } from "../../../assembler/function.js";
import type { ModuleContext } from "../../context.js";
import type { Place, Regions } from "../regions.js";
import { cutPlaces } from "../regions.js";
import { functionFor } from "../tile-column.js";
import { copyMet, type Images, pushFirstMet, type Reach, reached, reachesOut } from "../window.js";
import {
  Arithmetic,
  betweenBytes,
  emitTransform,
  frequencies,
  ofCotangent,
  ofElements,
  ofProducts,
  reachSize,
  tileSize,
} from "./transforms.js";

/** Where the first tap of the window lies, for the place (0, 0) of the result. */
export interface Corner {
  readonly line: number;
  readonly column: number;
}

/** What the tiles of a region should take at most, in bytes: they stay in the second cache. */
const mostBytes = 512 * 1024;
const [leastTiles, mostTiles] = [8, 72];
const wantedRegions = 8;

/** Images in tiles of 4×4 places, and the elements under them. */
export class Tiles {
  readonly regions: Regions;
  readonly down: Reach;
  readonly over: Reach;
  readonly padded: boolean;
  /** Tiles of a region at most. */
  readonly most: number;
  readonly windowBytes: number;

  /**
   * @param lines     of results of an image, in `columns`
   * @param channels  of the result
   */
  constructor(
    readonly source: Images,
    readonly images: number,
    readonly lines: number,
    readonly columns: number,
    readonly channels: number,
    corner: Corner,
  ) {
    const [high, wide] = [Math.ceil(lines / tileSize), Math.ceil(columns / tileSize)];
    const bytes = 4 * frequencies * (source.channels + channels);
    const all = images * high * wide;
    const tiles = Math.min(
      Math.floor(mostBytes / bytes),
      Math.floor(all / wantedRegions),
      mostTiles,
    );
    this.regions = cutPlaces(images, high, wide, Math.max(leastTiles, tiles));
    const reach = (from: number): Reach => ({ stride: tileSize, from, to: from + reachSize - 1 });
    [this.down, this.over] = [reach(corner.line), reach(corner.column)];
    this.padded =
      reachesOut(high, this.down, source.lines) || reachesOut(wide, this.over, source.columns);
    this.most = this.regions.high * this.regions.wide;
    const met = reached(this.regions.high, this.down) * reached(this.regions.wide, this.over);
    this.windowBytes = this.padded ? Math.ceil((met * source.channels * 4) / 64) * 64 : 0;
  }

  /**
   * Writes a region's elements, transformed, to `into`: [frequency, tile, channel]. The thread's
   * scratch memory begins with what lies between the axes, and the padded copy.
   */
  emitElements(
    f: FunctionBuilder,
    context: ModuleContext,
    place: Place,
    high: number,
    wide: number,
    into: Local,
  ): void {
    const { source } = this;
    const [from, at, i, j] = f.locals(4, "i32");
    if (this.padded) {
      f.get(f.params[1]).plus(betweenBytes).set(from);
      copyMet(f, context, source, place, high, wide, this.down, this.over, from);
    } else {
      pushFirstMet(f, context, source, place, this.down, this.over);
      f.set(from);
    }
    const columns = this.padded ? reached(wide, this.over) : source.columns;
    const column = source.channels * 4;
    const pitch = columns * column;
    const transform = transformFunction(context, {
      kind: "elements",
      channels: source.channels,
      place: high * wide * source.channels * 4,
      pitch,
      high: reachSize,
      wide: reachSize,
    });
    f.get(into).set(at);
    f.for(i, 0, high, 1, () => {
      f.for(j, 0, wide, 1, () => {
        f.get(from)
          .get(j)
          .times(tileSize * column)
          .op("i32.add");
        f.get(at).get(f.params[1]).call(transform);
        f.increase(at, column);
      });
      f.increase(from, tileSize * pitch);
    });
    f.release(from, at, i, j);
  }

  /**
   * Between the results of a region in `buffer` and their transforms [frequency, tile, channel] at
   * `other`: products become results, or a cotangent is transformed.
   */
  emitResults(
    f: FunctionBuilder,
    context: ModuleContext,
    kind: "products" | "cotangent",
    { image, line, column }: Place,
    high: number,
    wide: number,
    buffer: Buffer,
    other: Local,
  ): void {
    const { lines, columns, channels, regions } = this;
    const [place, at, from, i, j] = f.locals(5, "i32");
    const pitch = columns * channels * 4;
    f.get(image).times(lines).get(line).times(tileSize).op("i32.add");
    f.times(columns).get(column).times(tileSize).op("i32.add");
    f.times(channels * 4);
    context.pushAddress(f, buffer);
    f.op("i32.add").set(place);
    f.get(other).set(from);
    const lastHigh = lines - (regions.lines - 1) * tileSize;
    const lastWide = columns - (regions.columns - 1) * tileSize;
    const one = (clippedHigh: number, clippedWide: number): void => {
      const transform = transformFunction(context, {
        kind,
        channels,
        place: high * wide * channels * 4,
        pitch,
        high: clippedHigh,
        wide: clippedWide,
      });
      if (kind === "products") f.get(from).get(at);
      else f.get(at).get(from);
      f.get(f.params[1]).call(transform);
    };
    /** The last tiles of an image may be cut off. */
    const cut = (
      index: Local,
      first: Local,
      end: number,
      last: number,
      body: (size: number) => void,
    ) => {
      if (last === tileSize) {
        body(tileSize);
        return;
      }
      f.get(index)
        .get(first)
        .op("i32.add")
        .i32(end - 1)
        .op("i32.eq");
      f.if(
        () => {
          body(last);
        },
        () => {
          body(tileSize);
        },
      );
    };
    f.for(i, 0, high, 1, () => {
      f.get(place).set(at);
      f.for(j, 0, wide, 1, () => {
        cut(i, line, regions.lines, lastHigh, (clippedHigh) => {
          cut(j, column, regions.columns, lastWide, (clippedWide) => {
            one(clippedHigh, clippedWide);
          });
        });
        f.increase(from, channels * 4);
        f.increase(at, tileSize * channels * 4);
      });
      f.increase(place, tileSize * pitch);
    });
    f.release(place, at, from, i, j);
  }
}

interface TransformForm {
  readonly kind: "elements" | "products" | "cotangent";
  readonly channels: number;
  /** From one frequency of the transformed side to the next, in bytes. */
  readonly place: number;
  /** From one line of the images to the next, in bytes. */
  readonly pitch: number;
  /** Lines and columns of a tile that exist. */
  readonly high: number;
  readonly wide: number;
}

const transforms = { elements: ofElements, products: ofProducts, cotangent: ofCotangent };

/** The function (from, to, between) that transforms one tile, all channels. */
const transformFunction = (context: ModuleContext, form: TransformForm): FunctionBuilder =>
  functionFor(context, { transform: form }, () =>
    context.module.function(["i32", "i32", "i32"], [], (f) => {
      const { kind, channels, place, pitch, high, wide } = form;
      const [from, to, between] = f.params;
      const transform = transforms[kind];
      const m = new Arithmetic(f, transform.constants);
      const end = f.local("i32");
      f.get(from)
        .plus(channels * 4)
        .set(end);
      f.loop((again) => {
        const inside = (i: number, j: number): boolean => i < high && j < wide;
        emitTransform(
          f,
          m,
          transform,
          between,
          (i, j) => {
            if (kind === "products") f.get(from).mem("v128.load", (i * 6 + j) * place, 2);
            else if (inside(i, j)) f.get(from).mem("v128.load", i * pitch + j * channels * 4, 2);
            else f.i32x4(0);
          },
          (i, j, push) => {
            if (kind === "products" && !inside(i, j)) return;
            f.get(to);
            push();
            const at = kind === "products" ? i * pitch + j * channels * 4 : (i * 6 + j) * place;
            f.mem("v128.store", at, 2);
          },
        );
        f.increase(to, 16);
        f.get(from).plus(16).tee(from).get(end).op("i32.ne").brIf(again);
      });
      m.release();
    }),
  );
