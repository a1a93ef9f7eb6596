import type { Buffer } from "../../../../program.js";
import type { Scratch } from "../../operations.js";
import type { Step } from "../../step.js";
import { divideRows, type TileMode } from "../../tile-shapes.js";
import { inRegion } from "../regions.js";
import { bestVectors, functionFor, mostRows, tileColumn } from "../tile-column.js";
import type { Images } from "../window.js";
import { type Corner, Tiles } from "./tiles.js";
import { Arithmetic, betweenBytes, emitTransform, frequencies, ofKernel } from "./transforms.js";

/** The kernel as matrices, one a tap (3×3, in the order of the lines): strides in elements. */
export interface Taps {
  readonly buffer: Buffer;
  readonly offsets: readonly number[];
  readonly depth: number;
  readonly depthStep: number;
  readonly across: number;
  readonly acrossStep: number;
}

/** Terms that are summed at a time. */
const mostDepth = 512;
const lanes = 4;

/**
 * A convolution of stride 1 with a window of 3×3 by minimal filtering: the kernel transformed, then
 * for each region of tiles the elements transformed, a product of matrices a frequency, and their
 * results. In all, a quarter of the multiplications of the sum as it is defined.
 */
export function minimalFilterSteps(
  name: string,
  source: Images,
  images: number,
  lines: number,
  columns: number,
  corner: Corner,
  taps: Taps,
  to: Buffer,
  scratch: Scratch,
  mode: TileMode,
): Step[] {
  const { depth, across } = taps;
  const tiles = new Tiles(source, images, lines, columns, across, corner);
  const vectors = bestVectors(tiles.most, across, lanes, mode);
  const width = vectors * lanes;
  const transformed = scratch("f32", frequencies * depth * across);
  const elementsAt = betweenBytes + tiles.windowBytes;
  const productsAt = elementsAt + frequencies * tiles.most * depth * 4;
  const compute: Step = {
    name,
    operations: 2 * frequencies * tiles.regions.count * tiles.most * depth * across,
    reads: [source.buffer, transformed],
    writes: [to],
    length: tiles.regions.count,
    piece: 1,
    scratchBytes: productsAt + frequencies * tiles.most * across * 4,
    emit(f, context, start) {
      const [elements, products] = f.locals(2, "i32");
      const [left, right, out, x, frequency] = f.locals(5, "i32");
      f.get(f.params[1]).plus(elementsAt).set(elements);
      f.get(f.params[1]).plus(productsAt).set(products);
      inRegion(f, tiles.regions, start, (place, high, wide) => {
        tiles.emitElements(f, context, place, high, wide, elements);
        const rows = high * wide;
        const panel = (across_: number): void => {
          for (let first = 0; first < depth; first += mostDepth) {
            let done = 0;
            const steps = Math.min(mostDepth, depth - first);
            for (const part of divideRows(rows, mostRows(across_ / lanes, context.tiles))) {
              const tile = tileColumn(context, {
                dtype: "f32",
                rows: part.rows,
                across: across_,
                aRow: depth * 4,
                aStep: 4,
                bStep: across_ * 4,
                depth: steps,
                unroll: 4,
                resultRow: across * 4,
                more: first > 0,
              });
              f.get(f.params[0]);
              f.get(left).plus((done * depth + first) * 4);
              f.get(right).plus(first * across_ * 4);
              f.get(x).plus(done * across * 4);
              f.i32(part.count).call(tile);
              done += part.rows * part.count;
            }
          }
          f.increase(right, depth * across_ * 4);
          f.increase(x, across_ * 4);
        };
        context.pushAddress(f, transformed);
        f.set(right).get(elements).set(left).get(products).set(out);
        f.for(frequency, 0, frequencies, 1, () => {
          f.get(out).set(x);
          const whole = Math.floor(across / width);
          if (whole > 0) {
            const i = f.local("i32");
            f.for(i, 0, whole, 1, () => {
              panel(width);
            });
            f.release(i);
          }
          if (across % width > 0) panel(across % width);
          f.increase(left, rows * depth * 4);
          f.increase(out, rows * across * 4);
        });
        tiles.emitResults(f, context, "products", place, high, wide, to, products);
      });
      f.release(elements, products, left, right, out, x, frequency);
    },
  };
  return [kernelStep(taps, transformed, width), compute];
}

/** The kernel's transform, in panels: [frequency, panel, depth, width]. */
function kernelStep(taps: Taps, to: Buffer, width: number): Step {
  const { depth, depthStep, across, acrossStep, offsets, buffer } = taps;
  return {
    name: `transform of kernel 3×3×${depth}×${across}`,
    operations: 200 * depth * across,
    reads: [buffer],
    writes: [to],
    length: depth,
    piece: Math.max(1, Math.ceil(512 / across)),
    scratchBytes: betweenBytes,
    emit(f, context, start, count) {
      const place = depth * across * 4;
      const transform = functionFor(context, { kernel: [offsets, acrossStep, place] }, () =>
        context.module.function(["i32", "i32", "i32"], [], (g) => {
          const [from, into, between] = g.params;
          const m = new Arithmetic(g, ofKernel.constants);
          emitTransform(
            g,
            m,
            ofKernel,
            between,
            (i, j) => {
              const at = offsets[i * 3 + j] * 4;
              if (acrossStep === 1) {
                g.get(from).mem("v128.load", at, 2);
                return;
              }
              const vector = g.local("v128");
              g.get(from).mem("v128.load32_zero", at, 2).set(vector);
              for (let lane = 1; lane < lanes; lane++) {
                g.get(from).get(vector);
                g.memLane("v128.load32_lane", at + lane * acrossStep * 4, lane).set(vector);
              }
              g.get(vector);
              g.release(vector);
            },
            (i, j, push) => {
              g.get(into);
              push();
              g.mem("v128.store", (i * 6 + j) * place, 2);
            },
          );
          m.release();
        }),
      );
      const [row, end, column, from, into] = f.locals(5, "i32");
      const vector = (panelWidth: number): void => {
        for (let v = 0; v < panelWidth; v += lanes) {
          f.get(from).plus(v * acrossStep * 4);
          f.get(into).plus(v * 4);
          f.get(f.params[1]).call(transform);
        }
      };
      f.get(start).plus(count).set(end);
      f.for(row, start, end, 1, () => {
        context.pushAddress(f, buffer);
        f.get(row)
          .times(depthStep * 4)
          .op("i32.add")
          .set(from);
        const toRow = (panelWidth: number, panels: number): void => {
          context.pushAddress(f, to, panels * depth * width * 4);
          f.get(row)
            .times(panelWidth * 4)
            .op("i32.add")
            .set(into);
        };
        const whole = Math.floor(across / width);
        toRow(width, 0);
        f.for(column, 0, whole, 1, () => {
          vector(width);
          f.increase(from, width * acrossStep * 4);
          f.increase(into, depth * width * 4);
        });
        if (across % width > 0) {
          toRow(across % width, whole);
          vector(across % width);
        }
      });
      f.release(row, end, column, from, into);
    },
  };
}
