import { bytesPer } from "../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import { lanesIn, type TileType } from "./tile.js";

/**
 * One side of a product, a block of it, in the order in which tiles read it: panels one after the
 * other, in each of them the elements of a step side by side. All strides are constants in bytes.
 */
export interface PackOptions {
  readonly dtype: TileType;
  /** Steps of the depth. */
  readonly depth: number;
  /** From a step of the depth to the next, and from an element to its neighbour. */
  readonly depthStep: number;
  readonly acrossStep: number;
  readonly panels: readonly Panels[];
}

/** `count` panels with place for `width` elements a step; if fewer are `used`, zeros follow them. */
export interface Panels {
  readonly count: number;
  readonly width: number;
  readonly used: number;
}

/** The right side's `columns` in panels of whole vectors: the last as narrow as it may be. */
export function columnPanels(dtype: TileType, columns: number, vectors: number): Panels[] {
  const lanes = lanesIn(dtype);
  const width = lanes * vectors;
  const whole = Math.floor(columns / width);
  const used = columns - whole * width;
  const panels = [
    { count: whole, width, used: width },
    { count: 1, width: Math.ceil(used / lanes) * lanes, used },
  ];
  return panels.filter(({ count, width }) => count * width > 0);
}

/** Bytes that the packed block takes. */
export const packedBytes = ({ dtype, depth, panels }: PackOptions): number =>
  panels.reduce((sum, { count, width }) => sum + count * width, 0) * depth * bytesPer(dtype);

/** The right side (depth × columns) from the address in `from` into panels at `into`. */
export const emitPackB = emitPack;

/** The left side (rows × depth): `across` are its rows, and a panel is as wide as a tile is high. */
export const emitPackA = emitPack;

/**
 * The right side for tiles whose vectors lie along the depth: in each panel, vectors of a few steps
 * of each column side by side, the last ones filled up with zeros.
 */
export function emitPackDeep(
  f: FunctionBuilder,
  from: Local,
  into: Local,
  { dtype, depth, depthStep, acrossStep, panels }: PackOptions,
): void {
  const size = bytesPer(dtype);
  const lanes = lanesIn(dtype);
  const [source, to, value] = [f.local("i32"), f.local("i32"), f.local("v128")];
  const [i, j, start] = f.locals(3, "i32");
  f.get(from).set(start).get(into).set(to);
  for (const { count, width } of panels)
    f.for(i, 0, count, 1, () => {
      f.get(start).set(source);
      const step = (used: number): void => {
        for (let column = 0; column < width; column++) {
          emitGather(f, source, column * acrossStep, used, depthStep, size, value);
          f.get(to)
            .get(value)
            .mem("v128.store", column * 16, 2);
        }
        f.increase(source, lanes * depthStep);
        f.increase(to, width * 16);
      };
      f.for(j, 0, Math.floor(depth / lanes), 1, () => {
        step(lanes);
      });
      if (depth % lanes > 0) step(depth % lanes);
      f.increase(start, width * acrossStep);
    });
  f.release(source, to, value, i, j, start);
}

function emitPack(f: FunctionBuilder, from: Local, into: Local, options: PackOptions): void {
  const { depth, acrossStep, dtype } = options;
  const [start, to] = f.locals(2, "i32");
  f.get(from).set(start).get(into).set(to);
  for (const { count, width, used } of options.panels) {
    const i = f.local("i32");
    f.for(i, 0, count, 1, () => {
      emitPanel(f, start, to, width, used, options);
      f.increase(start, used * acrossStep);
      f.increase(to, width * depth * bytesPer(dtype));
    });
    f.release(i);
  }
  f.release(start, to);
}

function emitPanel(
  f: FunctionBuilder,
  start: Local,
  to: Local,
  width: number,
  used: number,
  options: PackOptions,
): void {
  const { dtype, depth, depthStep, acrossStep } = options;
  const size = bytesPer(dtype);
  const lanes = lanesIn(dtype);
  const [source, target, i] = f.locals(3, "i32");
  f.get(start).set(source).get(to).set(target);
  const steps = (count: number, atOnce: number, body: (ahead: number) => void): void => {
    f.for(i, 0, count - (count % atOnce), atOnce, () => {
      for (let ahead = 0; ahead < atOnce; ahead++) body(ahead);
      f.increase(source, atOnce * depthStep);
      f.increase(target, atOnce * width * size);
    });
  };
  // Each piece: up to a vector of elements beside each other.
  const pieces = Array.from({ length: Math.ceil(width / lanes) }, (_, v) => ({
    first: v * lanes,
    places: Math.min(lanes, width - v * lanes),
    used: Math.max(0, Math.min(lanes, used - v * lanes)),
  }));
  const step = (ahead: number): void => {
    for (const piece of pieces) {
      const value = f.local("v128");
      const at = ahead * depthStep + piece.first * acrossStep;
      emitGather(f, source, at, piece.used, acrossStep, size, value);
      emitScatter(f, target, (ahead * width + piece.first) * size, piece.places, size, value);
      f.release(value);
    }
  };
  const transposed = depthStep === size && acrossStep !== size;
  const done = depth - (depth % (transposed ? lanes : 4));
  if (transposed) {
    steps(done, lanes, (ahead) => {
      if (ahead > 0) return;
      for (const piece of pieces) {
        const block = f.locals(lanes, "v128");
        block.forEach((row, r) => {
          if (r >= piece.used) f.i32x4(0).set(row);
          else
            f.get(source)
              .mem("v128.load", (piece.first + r) * acrossStep, 2)
              .set(row);
        });
        emitTranspose(f, block);
        block.forEach((row, r) => {
          emitScatter(f, target, (r * width + piece.first) * size, piece.places, size, row);
        });
        f.release(...block);
      }
    });
  } else {
    steps(done, 4, step);
  }
  for (let rest = 0; rest < depth - done; rest++) step(rest);
  f.release(source, target, i);
}

/** `count` elements from an address into the lower lanes of `value`, zeros above. */
export function emitGather(
  f: FunctionBuilder,
  source: Local,
  at: number,
  count: number,
  apart: number,
  size: number,
  value: Local,
): void {
  const lanes = 16 / size;
  if (count === lanes && apart === size) {
    f.get(source).mem("v128.load", at, 2).set(value);
    return;
  }
  if (count === 0) {
    f.i32x4(0).set(value);
    return;
  }
  const pair = size === 4 && count >= 2 && apart === size;
  f.get(source)
    .mem(size === 8 || pair ? "v128.load64_zero" : "v128.load32_zero", at, 2)
    .set(value);
  for (let lane = pair ? 2 : 1; lane < count; lane++) {
    f.get(source).get(value);
    f.memLane(size === 8 ? "v128.load64_lane" : "v128.load32_lane", at + lane * apart, lane);
    f.set(value);
  }
}

/** The lower `count` lanes of `value`, beside each other. */
function emitScatter(
  f: FunctionBuilder,
  target: Local,
  at: number,
  count: number,
  size: number,
  value: Local,
): void {
  const lanes = 16 / size;
  f.get(target).get(value);
  if (count === lanes) {
    f.mem("v128.store", at, 2);
    return;
  }
  if (size === 8 || count === 1) {
    f.memLane(size === 8 ? "v128.store64_lane" : "v128.store32_lane", at, 0);
    return;
  }
  f.memLane("v128.store64_lane", at, 0);
  if (count === 3)
    f.get(target)
      .get(value)
      .memLane("v128.store32_lane", at + 8, 2);
}

/** 4×4 elements of 4 bytes, or 2×2 of 8, rows against columns. */
function emitTranspose(f: FunctionBuilder, block: readonly Local[]): void {
  const interleave = (x: Local, y: Local, to: Local, size: number, from: number): void => {
    const bytes = Array.from({ length: 16 }, (_, i) => {
      const part = Math.floor(i / size);
      return (part % 2) * 16 + (from + Math.floor(part / 2)) * size + (i % size);
    });
    f.get(x).get(y).shuffle(bytes).set(to);
  };
  const [p, q, r, s] = block;
  if (block.length === 2) {
    const low = f.local("v128");
    interleave(p, q, low, 8, 0);
    interleave(p, q, q, 8, 1);
    f.get(low).set(p);
    f.release(low);
    return;
  }
  const [pqLow, pqHigh, rsLow, rsHigh] = [0, 1, 2, 3].map(() => f.local("v128"));
  interleave(p, q, pqLow, 4, 0);
  interleave(p, q, pqHigh, 4, 2);
  interleave(r, s, rsLow, 4, 0);
  interleave(r, s, rsHigh, 4, 2);
  interleave(pqLow, rsLow, p, 8, 0);
  interleave(pqLow, rsLow, q, 8, 1);
  interleave(pqHigh, rsHigh, r, 8, 0);
  interleave(pqHigh, rsHigh, s, 8, 1);
  f.release(pqLow, pqHigh, rsLow, rsHigh);
}
