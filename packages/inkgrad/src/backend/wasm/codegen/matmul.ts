import { bytesPer, type DType } from "../../../base/dtype.js";
import { stridesOf } from "../../../base/shape.js";
import type { MatmulKernel } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { MemoryOp, Plain } from "../assembler/opcodes.js";
import type { ModuleContext } from "./context.js";
import { Cursor, nest } from "./cursor.js";

/**
 * Matrix product in tiles that stay in registers. The right side is packed into panels as wide as a
 * tile, a block of rows at a time, so that the innermost loop reads it front to back; the left side
 * is read where it lies, one element for all lanes, through whatever strides it has.
 *
 * @source Goto & van de Geijn, "Anatomy of high-performance matrix multiplication", 2008
 */

/** Rows of a tile, and vectors beside each other: 5 × 2 sums, 2 of the right side, 1 of the left. */
const tileRows = 5;
const tileVectors = 2;
/** Rows of the right side packed at a time: a panel of them stays in the first cache. */
const blockDepth = 256;
/** Rows of the left side worked on at a time: they stay in the second cache. */
const blockRows = 24 * tileRows;
const unroll = 4;

interface Lanes {
  readonly count: number;
  readonly splat: MemoryOp;
  readonly mul: Plain;
  readonly add: Plain;
  readonly storeLane: "v128.store32_lane" | "v128.store64_lane";
}

const floats: Lanes = {
  count: 4,
  splat: "v128.load32_splat",
  mul: "f32x4.mul",
  add: "f32x4.add",
  storeLane: "v128.store32_lane",
};
const lanesOf: { readonly [D in DType]?: Lanes } = {
  f32: floats,
  f64: {
    count: 2,
    splat: "v128.load64_splat",
    mul: "f64x2.mul",
    add: "f64x2.add",
    storeLane: "v128.store64_lane",
  },
  i32: { ...floats, mul: "i32x4.mul", add: "i32x4.add" },
  u32: { ...floats, mul: "i32x4.mul", add: "i32x4.add" },
};

/** Does this kernel take the product? It walks forwards only, and needs something to sum. */
export const canTile = ({ dtype, k, x, to }: MatmulKernel): boolean =>
  lanesOf[dtype] !== undefined &&
  k > 0 &&
  to.elements > 0 &&
  x.layout.strides.slice(-2).every((stride) => stride >= 0);

/** Bytes of scratch memory for the packed block. */
export function matmulScratch({ dtype, n, k }: MatmulKernel): number {
  const lanes = lanesOf[dtype]?.count ?? 4;
  const width = lanes * tileVectors;
  return Math.ceil(n / width) * width * Math.min(k, blockDepth) * bytesPer(dtype);
}

export function emitMatmul(f: FunctionBuilder, kernel: MatmulKernel, context: ModuleContext): void {
  const { batch, x, y, to, dtype } = kernel;
  const size = bytesPer(dtype);
  const r = batch.length;
  const steps = (strides: readonly number[]): number[] =>
    strides.slice(0, r).map((stride) => stride * size);
  const start = (access: typeof x): number =>
    context.addressOf(access.buffer) + access.layout.offset * size;
  const cursors = [
    new Cursor(f, start(x), steps(x.layout.strides)),
    new Cursor(f, start(y), steps(y.layout.strides)),
    new Cursor(f, context.addressOf(to), steps(stridesOf([...batch, kernel.m, kernel.n]))),
  ];
  const product = new Product(kernel, context);
  nest(f, batch, cursors, 0, r, () => {
    product.emit(f, cursors[0].at, cursors[1].at, cursors[2].at);
  });
}

class Product {
  private readonly lanes: Lanes;
  private readonly size: number;
  private readonly width: number;
  /** Tiles written so far, by form. */
  private readonly tiles = new Map<string, FunctionBuilder>();

  constructor(
    private readonly kernel: MatmulKernel,
    private readonly context: ModuleContext,
  ) {
    this.lanes = lanesOf[kernel.dtype]!;
    this.size = bytesPer(kernel.dtype);
    this.width = this.lanes.count * tileVectors;
  }

  /** The product of the matrices at the addresses in `x` and `y`. */
  emit(f: FunctionBuilder, x: Local, y: Local, to: Local): void {
    const { m, k, n } = this.kernel;
    const [rowStep, depthStep] = this.kernel.x.layout.strides.slice(-2);
    for (let kk = 0; kk < k; kk += blockDepth) {
      const depth = Math.min(blockDepth, k - kk);
      this.pack(f, y, kk, depth);
      const panel = this.width * depth * this.size;
      for (let ii = 0; ii < m; ii += blockRows) {
        const rows = Math.min(blockRows, m - ii);
        const whole = rows - (rows % tileRows);
        for (let j = 0; j < n; j += this.width) {
          const columns = Math.min(this.width, n - j);
          const left = (ii * rowStep + kk * depthStep) * this.size;
          const right = this.context.scratch + (j / this.width) * panel;
          const result = (ii * n + j) * this.size;
          if (whole > 0)
            this.run(
              f,
              tileRows,
              columns,
              depth,
              kk > 0,
              x,
              left,
              right,
              to,
              result,
              whole / tileRows,
            );
          if (whole < rows)
            this.run(
              f,
              rows - whole,
              columns,
              depth,
              kk > 0,
              x,
              left + whole * rowStep * this.size,
              right,
              to,
              result + whole * n * this.size,
              1,
            );
        }
      }
    }
  }

  /** Calls a tile `count` times, one below the other. */
  private run(
    f: FunctionBuilder,
    rows: number,
    columns: number,
    depth: number,
    more: boolean,
    x: Local,
    left: number,
    right: number,
    to: Local,
    result: number,
    count: number,
  ): void {
    const tile = this.tile(rows, columns, depth, more);
    f.get(x).i32(left).op("i32.add");
    f.i32(right);
    f.get(to).i32(result).op("i32.add");
    f.i32(count);
    f.call(tile);
  }

  /** Puts rows kk … kk + depth of the right side into panels, zeros beyond the last column. */
  private pack(f: FunctionBuilder, y: Local, kk: number, depth: number): void {
    const { n } = this.kernel;
    const [rowStep, columnStep] = this.kernel.y.layout.strides.slice(-2);
    const { size, width, lanes } = this;
    const [from, into, row] = [f.local("i32"), f.local("i32"), f.local("i32")];
    const panel = f.local("i32");
    const wholePanels = Math.floor(n / width);
    const rest = n - wholePanels * width;
    const copy = (columns: number): void => {
      f.for(row, 0, depth, 1, () => {
        for (let v = 0; v < tileVectors; v++) {
          const first = v * lanes.count;
          const count = Math.min(lanes.count, columns - first);
          f.get(into);
          if (count === lanes.count && columnStep === 1)
            f.get(from).mem("v128.load", first * size, 2);
          else {
            f.i32x4(0);
            for (let lane = 0; lane < count; lane++)
              this.loadLane(f, from, (first + lane) * columnStep, lane);
          }
          f.mem("v128.store", first * size, 2);
        }
        f.get(from)
          .i32(rowStep * size)
          .op("i32.add")
          .set(from);
        f.get(into)
          .i32(width * size)
          .op("i32.add")
          .set(into);
      });
    };
    f.i32(this.context.scratch).set(into);
    f.for(panel, 0, wholePanels, 1, () => {
      f.get(y)
        .get(panel)
        .i32(width * columnStep * size)
        .op("i32.mul")
        .op("i32.add");
      f.i32(kk * rowStep * size)
        .op("i32.add")
        .set(from);
      copy(width);
    });
    if (rest > 0) {
      f.get(y)
        .i32((wholePanels * width * columnStep + kk * rowStep) * size)
        .op("i32.add")
        .set(from);
      copy(rest);
    }
    f.release(from, into, row, panel);
  }

  private loadLane(f: FunctionBuilder, from: Local, element: number, lane: number): void {
    const vector = f.local("v128");
    f.set(vector)
      .get(from)
      .i32(element * this.size)
      .op("i32.add")
      .get(vector);
    f.memLane(this.size === 8 ? "v128.load64_lane" : "v128.load32_lane", 0, lane);
    f.release(vector);
  }

  /** A column of tiles as a function (left, right, result, count). */
  private tile(rows: number, columns: number, depth: number, more: boolean): FunctionBuilder {
    const key = `${rows},${columns},${depth},${more}`;
    const known = this.tiles.get(key);
    if (known !== undefined) return known;
    const made = this.context.module.function(["i32", "i32", "i32", "i32"], [], (f) => {
      this.writeTile(f, rows, columns, depth, more);
    });
    this.tiles.set(key, made);
    return made;
  }

  private writeTile(
    f: FunctionBuilder,
    rows: number,
    columns: number,
    depth: number,
    more: boolean,
  ): void {
    const { lanes, size, width } = this;
    const { n } = this.kernel;
    const [rowStep, depthStep] = this.kernel.x.layout.strides.slice(-2);
    const [left, right, result, count] = f.params;
    const vectors = Math.ceil(columns / lanes.count);
    const sums = Array.from({ length: rows * vectors }, () => f.local("v128"));
    const beside = Array.from({ length: vectors }, () => f.local("v128"));
    const [one, a, b, k] = [f.local("v128"), f.local("i32"), f.local("i32"), f.local("i32")];

    const step = (ahead: number): void => {
      beside.forEach((local, v) => {
        f.get(b)
          .mem("v128.load", (ahead * width + v * lanes.count) * size)
          .set(local);
      });
      for (let i = 0; i < rows; i++) {
        f.get(a)
          .mem(lanes.splat, (i * rowStep + ahead * depthStep) * size)
          .set(one);
        for (let v = 0; v < vectors; v++) {
          const sum = sums[i * vectors + v];
          f.get(sum).get(one).get(beside[v]).op(lanes.mul).op(lanes.add).set(sum);
        }
      }
    };
    const whole = depth - (depth % unroll);
    f.loop((again) => {
      for (const sum of sums) f.i32x4(0).set(sum);
      f.get(left).set(a).get(right).set(b);
      f.for(k, 0, whole, unroll, () => {
        for (let u = 0; u < unroll; u++) step(u);
        f.get(a)
          .i32(unroll * depthStep * size)
          .op("i32.add")
          .set(a);
        f.get(b)
          .i32(unroll * width * size)
          .op("i32.add")
          .set(b);
      });
      for (let u = 0; u < depth - whole; u++) step(u);
      for (let i = 0; i < rows; i++)
        for (let v = 0; v < vectors; v++) {
          const first = v * lanes.count;
          this.writeSum(
            f,
            sums[i * vectors + v],
            result,
            (i * n + first) * size,
            columns - first,
            more,
          );
        }
      f.get(left)
        .i32(rows * rowStep * size)
        .op("i32.add")
        .set(left);
      f.get(result)
        .i32(rows * n * size)
        .op("i32.add")
        .set(result);
      f.get(count).i32(1).op("i32.sub").tee(count).brIf(again);
    });
  }

  /** Stores (or adds) a tile's vector, as many lanes as there are columns. */
  private writeSum(
    f: FunctionBuilder,
    sum: Local,
    result: Local,
    offset: number,
    columns: number,
    more: boolean,
  ): void {
    const { lanes, size } = this;
    if (columns >= lanes.count) {
      f.get(result).get(sum);
      if (more) f.get(result).mem("v128.load", offset, 2).op(lanes.add);
      f.mem("v128.store", offset, 2);
      return;
    }
    if (more) {
      const before = f.local("v128");
      f.i32x4(0).set(before);
      for (let lane = 0; lane < columns; lane++) {
        f.get(result).get(before);
        f.memLane(size === 8 ? "v128.load64_lane" : "v128.load32_lane", offset + lane * size, lane);
        f.set(before);
      }
      f.get(sum).get(before).op(lanes.add).set(sum);
      f.release(before);
    }
    for (let lane = 0; lane < columns; lane++)
      f.get(result)
        .get(sum)
        .memLane(lanes.storeLane, offset + lane * size, lane);
  }
}
