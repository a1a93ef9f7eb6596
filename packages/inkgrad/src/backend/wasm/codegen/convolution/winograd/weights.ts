import type { Buffer } from "../../../../program.js";
import type { Scratch } from "../../operations.js";
import type { Step } from "../../step.js";
import { divideRows, type TileMode } from "../../tile-shapes.js";
import { inRegion } from "../regions.js";
import { bestVectors, functionFor, mostRows, tileColumn } from "../tile-column.js";
import type { Images } from "../window.js";
import { type Corner, Tiles } from "./tiles.js";
import { Arithmetic, betweenBytes, emitTransform, frequencies, ofSums } from "./transforms.js";

const mostSlices = 8;
const lanes = 4;

/**
 * The gradient to a kernel of 3×3 by minimal filtering: for each frequency the product of the
 * elements' transform (transposed) and the cotangent's, summed over tiles in a few slices of the
 * regions; their sum is transformed back.
 */
export function minimalFilterWeightSteps(
  name: string,
  source: Images,
  images: number,
  lines: number,
  columns: number,
  features: number,
  corner: Corner,
  cotangent: Buffer,
  to: Buffer,
  scratch: Scratch,
  mode: TileMode,
): Step[] {
  const { channels } = source;
  const tiles = new Tiles(source, images, lines, columns, features, corner);
  const { regions } = tiles;
  const perSlice = Math.ceil(regions.count / mostSlices);
  const slices = Math.ceil(regions.count / perSlice);
  const matrix = channels * features * 4;
  const sums = scratch("f32", slices * frequencies * channels * features);
  const elementsAt = betweenBytes + tiles.windowBytes;
  const cotangentAt = elementsAt + frequencies * tiles.most * channels * 4;
  const width = bestVectors(channels, features, lanes, mode) * lanes;
  const add: Step = {
    name,
    operations: 2 * frequencies * regions.count * tiles.most * channels * features,
    reads: [source.buffer, cotangent],
    writes: [sums],
    length: slices,
    piece: 1,
    scratchBytes: cotangentAt + frequencies * tiles.most * features * 4,
    emit(f, context, start) {
      const [elements, other, result] = f.locals(3, "i32");
      const [left, right, out, x, y] = f.locals(5, "i32");
      const [region, end, frequency] = f.locals(3, "i32");
      f.get(f.params[1]).plus(elementsAt).set(elements);
      f.get(f.params[1]).plus(cotangentAt).set(other);
      context.pushAddress(f, sums);
      f.get(start)
        .times(frequencies * matrix)
        .op("i32.add")
        .set(result);
      f.get(result)
        .i32(0)
        .i32(frequencies * matrix)
        .memoryFill();
      f.get(start).times(perSlice).set(region);
      f.get(region).plus(perSlice).set(end);
      f.get(end).i32(regions.count).get(end).i32(regions.count).op("i32.lt_u");
      f.op("select").set(end);
      f.for(region, region, end, 1, () => {
        inRegion(f, regions, region, (place, high, wide) => {
          const count = high * wide;
          tiles.emitElements(f, context, place, high, wide, elements);
          tiles.emitResults(f, context, "cotangent", place, high, wide, cotangent, other);
          f.get(elements).set(left).get(other).set(right).get(result).set(out);
          const panel = (across: number): void => {
            let done = 0;
            for (const part of divideRows(channels, mostRows(across / lanes, context.tiles))) {
              const tile = tileColumn(context, {
                dtype: "f32",
                rows: part.rows,
                across,
                aRow: 4,
                aStep: channels * 4,
                bStep: features * 4,
                depth: count,
                unroll: 4,
                resultRow: features * 4,
                more: true,
              });
              f.get(f.params[0]);
              f.get(left).plus(done * 4);
              f.get(x)
                .get(y)
                .plus(done * features * 4);
              f.i32(part.count).call(tile);
              done += part.rows * part.count;
            }
            f.increase(x, across * 4);
            f.increase(y, across * 4);
          };
          f.for(frequency, 0, frequencies, 1, () => {
            f.get(right).set(x).get(out).set(y);
            const i = f.local("i32");
            f.for(i, 0, Math.floor(features / width), 1, () => {
              panel(width);
            });
            f.release(i);
            if (features % width > 0) panel(features % width);
            f.increase(left, count * channels * 4);
            f.increase(right, count * features * 4);
            f.increase(out, matrix);
          });
        });
      });
      f.release(elements, other, result, left, right, out, x, y, region, end, frequency);
    },
  };
  return [add, backStep(sums, to, channels, features, slices)];
}

/** The sum of the slices, transformed back. */
function backStep(
  sums: Buffer,
  to: Buffer,
  channels: number,
  features: number,
  slices: number,
): Step {
  const matrix = channels * features * 4;
  return {
    name: `gradient of kernel 3×3×${channels}×${features} from ${slices} slices`,
    operations: (slices + 5) * frequencies * channels * features,
    reads: [sums],
    writes: [to],
    length: channels,
    piece: Math.max(1, Math.ceil(512 / features)),
    scratchBytes: betweenBytes,
    emit(f, context, start, count) {
      const transform = functionFor(context, { back: [matrix, slices] }, () =>
        context.module.function(["i32", "i32", "i32"], [], (g) => {
          const [from, into, between] = g.params;
          const m = new Arithmetic(g, ofSums.constants);
          emitTransform(
            g,
            m,
            ofSums,
            between,
            (i, j) => {
              for (let slice = 0; slice < slices; slice++) {
                const at = (slice * frequencies + i * 6 + j) * matrix;
                g.get(from).mem("v128.load", at, 2);
                if (slice > 0) g.op("f32x4.add");
              }
            },
            (i, j, push) => {
              g.get(into);
              push();
              g.mem("v128.store", (i * 3 + j) * matrix, 2);
            },
          );
          m.release();
        }),
      );
      const [from, into, i] = f.locals(3, "i32");
      for (const [at, buffer] of [
        [from, sums],
        [into, to],
      ] as const) {
        context.pushAddress(f, buffer);
        f.get(start)
          .times(features * 4)
          .op("i32.add")
          .set(at);
      }
      f.for(i, 0, count * features, lanes, () => {
        f.get(from).get(into).get(f.params[1]).call(transform);
        f.increase(from, 16);
        f.increase(into, 16);
      });
      f.release(from, into, i);
    },
  };
}
