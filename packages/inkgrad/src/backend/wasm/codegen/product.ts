import { bytesPer, type DType } from "../../../base/dtype.js";
import type { MatmulKernel } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { MemoryOp, Plain } from "../assembler/opcodes.js";
import type { ModuleContext } from "./context.js";

/** Rows of a tile, and vectors beside each other: 5 × 2 sums, 2 of the right side, 1 of the left. */
export const tileRows = 5;
const tileVectors = 2;
/** Rows of the right side in a block: a panel of them stays in the first cache. */
const blockDepth = 256;
/** Rows of the left side worked on at a time: they stay in the second cache. */
export const blockRows = 12 * tileRows;
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

/** What a tile is made for. */
interface Form {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Are the sums added to what is there? */
  readonly more: boolean;
}

export class Product {
  private readonly lanes: Lanes;
  private readonly size: number;
  readonly width: number;
  readonly panels: number;
  /** Tiles written so far, by module and form. */
  private readonly tiles = new WeakMap<ModuleContext, Map<string, FunctionBuilder>>();

  constructor(private readonly kernel: MatmulKernel) {
    this.lanes = lanesOf[kernel.dtype]!;
    this.size = bytesPer(kernel.dtype);
    this.width = this.lanes.count * tileVectors;
    this.panels = Math.ceil(kernel.n / this.width);
  }

  get packedElements(): number {
    return this.panels * this.width * this.kernel.k;
  }

  /** Blocks of the depth: how deep, from where, how many of them. */
  private blocks(): { depth: number; from: number; count: number }[] {
    const { k } = this.kernel;
    const whole = Math.floor(k / blockDepth);
    const blocks = [
      { depth: blockDepth, from: 0, count: whole },
      { depth: k - whole * blockDepth, from: whole * blockDepth, count: 1 },
    ];
    return blocks.filter(({ depth, count }) => depth > 0 && count > 0);
  }

  /**
   * Calls `body` for each block of the depth, with how deep it is, whether one came before, and
   * cursors to the left side's and the packed right side's first element of the block.
   */
  private eachBlock(
    f: FunctionBuilder,
    x: Local,
    packed: Local,
    body: (depth: number, more: boolean, left: Local, right: Local) => void,
  ): void {
    const { size } = this;
    const [left, right] = [f.local("i32"), f.local("i32")];
    const depthStep = this.kernel.x.layout.strides.at(-1)! * size;
    const panelRow = this.panels * this.width * size;
    f.get(x).set(left).get(packed).set(right);
    for (const { depth, from, count } of this.blocks()) {
      const once = (more: boolean): void => {
        body(depth, more, left, right);
        f.get(left)
          .i32(depth * depthStep)
          .op("i32.add")
          .set(left);
        f.get(right)
          .i32(depth * panelRow)
          .op("i32.add")
          .set(right);
      };
      if (from === 0) once(false);
      else once(true);
      if (count > 1) {
        const block = f.local("i32");
        f.for(block, 1, count, 1, () => {
          once(true);
        });
        f.release(block);
      }
    }
    f.release(left, right);
  }

  /** Rows `first` … `first + count` of the result, all columns. */
  rows(
    f: FunctionBuilder,
    context: ModuleContext,
    x: Local,
    packed: Local,
    to: Local,
    first: Local,
    count: number,
  ): void {
    const { n } = this.kernel;
    const { size, width } = this;
    const rowStep = this.kernel.x.layout.strides.at(-2)! * size;
    const [from, result] = [f.local("i32"), f.local("i32")];
    f.get(x).get(first).i32(rowStep).op("i32.mul").op("i32.add").set(from);
    this.eachBlock(f, from, packed, (depth, more, left, right) => {
      f.get(to)
        .get(first)
        .i32(n * size)
        .op("i32.mul")
        .op("i32.add")
        .set(result);
      this.eachPanel(f, right, depth, Math.floor(n / width), result, (columns) => {
        this.column(f, context, left, right, result, { rows: count, columns, depth, more });
      });
    });
    f.release(from, result);
  }

  /** Panels `first` … `first + count` of the result, all rows. */
  columns(
    f: FunctionBuilder,
    context: ModuleContext,
    x: Local,
    packed: Local,
    to: Local,
    first: Local,
    count: number,
  ): void {
    const { m, n } = this.kernel;
    const { size, width } = this;
    const result = f.local("i32");
    const panel = f.local("i32");
    const left = f.local("i32");
    const blocks = Math.ceil(m / blockRows);
    this.eachBlock(f, x, packed, (depth, more, start, right) => {
      for (let i = 0; i < blocks; i++) {
        const rows = Math.min(blockRows, m - i * blockRows);
        const rowStep = this.kernel.x.layout.strides.at(-2)! * size;
        f.get(start)
          .i32(i * blockRows * rowStep)
          .op("i32.add")
          .set(left);
        f.get(right)
          .get(first)
          .i32(width * depth * size)
          .op("i32.mul")
          .op("i32.add")
          .set(panel);
        f.get(to)
          .get(first)
          .i32(width * size)
          .op("i32.mul")
          .op("i32.add")
          .i32(i * blockRows * n * size)
          .op("i32.add")
          .set(result);
        const column = (columns: number): void => {
          this.column(f, context, left, panel, result, { rows, columns, depth, more });
        };
        const rest = n % width;
        if (rest === 0) this.eachPanel(f, panel, depth, count, result, column);
        else {
          // The last panel of all is narrower; any piece may hold it.
          f.get(first).i32(count).op("i32.add").i32(this.panels).op("i32.eq");
          f.if(
            () => {
              this.eachPanel(f, panel, depth, count - 1, result, (columns) => {
                if (columns === width) column(columns);
              });
              column(rest);
            },
            () => {
              this.eachPanel(f, panel, depth, count, result, (columns) => {
                if (columns === width) column(columns);
              });
            },
          );
        }
      }
    });
    f.release(result, panel, left);
  }

  /** `whole` panels beside each other, then what is left of the columns. */
  private eachPanel(
    f: FunctionBuilder,
    panel: Local,
    depth: number,
    whole: number,
    result: Local,
    body: (columns: number) => void,
  ): void {
    const { size, width } = this;
    const rest = this.kernel.n % width;
    const from = f.local("i32");
    f.get(panel).set(from);
    if (whole > 0) {
      const counter = f.local("i32");
      f.for(counter, 0, whole, 1, () => {
        body(width);
        f.get(panel)
          .i32(width * depth * size)
          .op("i32.add")
          .set(panel);
        f.get(result)
          .i32(width * size)
          .op("i32.add")
          .set(result);
      });
      f.release(counter);
    }
    if (rest > 0) body(rest);
    f.get(from).set(panel);
    f.release(from);
  }

  /** A column of tiles, one below the other. */
  private column(
    f: FunctionBuilder,
    context: ModuleContext,
    left: Local,
    right: Local,
    result: Local,
    { rows, columns, depth, more }: Form,
  ): void {
    const rowStep = this.kernel.x.layout.strides.at(-2)! * this.size;
    const whole = Math.floor(rows / tileRows);
    const call = (height: number, first: number, count: number): void => {
      const tile = this.tile(context, { rows: height, columns, depth, more });
      f.get(left)
        .i32(first * rowStep)
        .op("i32.add");
      f.get(right);
      f.get(result)
        .i32(first * this.kernel.n * this.size)
        .op("i32.add");
      f.i32(count).call(tile);
    };
    if (whole > 0) call(tileRows, 0, whole);
    if (rows % tileRows > 0) call(rows % tileRows, whole * tileRows, 1);
  }

  /**
   * Puts panels `first` … `first + count` of the right side into their places, zeros beyond the
   * last column. A block of the depth after the other, each [panel, depth, width].
   */
  pack(f: FunctionBuilder, y: Local, packed: Local, first: Local, count: number): void {
    const { n } = this.kernel;
    const [rowStep, columnStep] = this.kernel.y.layout.strides.slice(-2).map((s) => s * this.size);
    const { size, width, lanes } = this;
    const [from, into, row, panel] = ["i32", "i32", "i32", "i32"].map(() => f.local("i32"));
    const copy = (columns: number, depth: number): void => {
      f.for(row, 0, depth, 1, () => {
        for (let v = 0; v < tileVectors; v++) {
          const column = v * lanes.count;
          f.get(into);
          if (columnStep === size && column + lanes.count <= columns) {
            f.get(from);
            f.mem("v128.load", column * size, 2);
          } else {
            f.i32x4(0);
            for (let lane = 0; lane < lanes.count && column + lane < columns; lane++)
              this.loadLane(f, from, (column + lane) * columnStep, lane);
          }
          f.mem("v128.store", column * size, 2);
        }
        f.get(from).i32(rowStep).op("i32.add").set(from);
        f.get(into)
          .i32(width * size)
          .op("i32.add")
          .set(into);
      });
    };
    const rest = n % width;
    const block = (depth: number, kk: Local | number): void => {
      const pushKk = (): void => {
        if (typeof kk === "number") f.i32(kk);
        else f.get(kk);
      };
      f.get(first).set(panel);
      f.get(packed);
      pushKk();
      f.i32(this.panels * width * size)
        .op("i32.mul")
        .op("i32.add");
      f.get(panel)
        .i32(width * depth * size)
        .op("i32.mul")
        .op("i32.add")
        .set(into);
      const index = f.local("i32");
      f.for(index, 0, count, 1, () => {
        f.get(y);
        pushKk();
        f.i32(rowStep).op("i32.mul").op("i32.add");
        f.get(panel)
          .i32(width * columnStep)
          .op("i32.mul")
          .op("i32.add")
          .set(from);
        if (rest === 0) copy(width, depth);
        else {
          f.get(panel)
            .i32(this.panels - 1)
            .op("i32.eq");
          f.if(
            () => {
              copy(rest, depth);
            },
            () => {
              copy(width, depth);
            },
          );
        }
        f.get(panel).i32(1).op("i32.add").set(panel);
      });
      f.release(index);
    };
    for (const { depth, from: kk, count: blocks } of this.blocks())
      if (blocks === 1) block(depth, kk);
      else {
        const at = f.local("i32");
        f.for(at, 0, blocks * depth, depth, () => {
          block(depth, at);
        });
        f.release(at);
      }
    f.release(from, into, row, panel);
  }

  private loadLane(f: FunctionBuilder, from: Local, byte: number, lane: number): void {
    const vector = f.local("v128");
    f.set(vector).get(from).i32(byte).op("i32.add").get(vector);
    f.memLane(this.size === 8 ? "v128.load64_lane" : "v128.load32_lane", 0, lane);
    f.release(vector);
  }

  /** A column of tiles as a function (left, right, result, count). */
  private tile(context: ModuleContext, form: Form): FunctionBuilder {
    const tiles = this.tiles.get(context) ?? new Map<string, FunctionBuilder>();
    this.tiles.set(context, tiles);
    const key = Object.values(form).join();
    const known = tiles.get(key);
    if (known !== undefined) return known;
    const made = context.module.function(["i32", "i32", "i32", "i32"], [], (f) => {
      this.writeTile(f, form);
    });
    tiles.set(key, made);
    return made;
  }

  private writeTile(f: FunctionBuilder, { rows, columns, depth, more }: Form): void {
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
