import { bytesPer, type DType } from "../../../base/dtype.js";
import type { MatmulKernel } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { canFuse, emitTile, lanesIn, type Madd, type TileType } from "./tile.js";
import { emitDeepTile, emitStoreDeep } from "./tile-deep.js";
import { emitPackA, emitPackB, emitPackDeep } from "./tile-pack.js";
import { divideRows, type TileMode, tileShape, type TileShape } from "./tile-shapes.js";
import { emitStoreTile } from "./tile-store.js";

/** Steps of the depth in a block: a panel of the right side stays in the first cache. */
const blockDepth = 512;
/**
 * Steps of the depth of a right side as it lies, whose rows are far apart: what a tile leaves of their
 * cache lines is there for the next one. (10×250×717, the left side in columns, G operations/s by steps
 * in a block: all 35.6, 64 39.3, 48 43.4, 32 42.7, 16 39.9; where both sides lie in rows, all is best.)
 */
const fewLines = 48;
/** Rows of the left side worked on at a time: they stay in the second cache. */
const blockRows = 96;

export const isTileType = (dtype: DType): dtype is TileType =>
  dtype === "f32" || dtype === "f64" || dtype === "i32" || dtype === "u32";

/** Where the two sides and the result begin; packed sides where they are packed. */
export interface Sides {
  readonly x: Local;
  readonly y: Local;
  readonly to: Local;
}

/** A stretch of the depth: how deep, from where, how many of them. */
interface Blocks {
  readonly depth: number;
  readonly from: number;
  readonly count: number;
}

/** Tiles of one form: as high and wide as this, the right side's panel as wide as its vectors. */
interface Form {
  readonly rows: number;
  readonly vectors: number;
  /** Columns that the result has there. */
  readonly columns: number;
  readonly depth: number;
  /** Are the sums added to what is there? */
  readonly more: boolean;
}

/**
 * One product of matrices, m × k times k × n, in blocks that fit the caches, out of tiles that fit
 * the registers. Each sum goes over the depth in one order whatever the blocks of rows and columns;
 * so its bits do not depend on how the work is cut.
 *
 * @source Goto & van de Geijn, "Anatomy of high-performance matrix multiplication", 2008
 */
export class Product {
  readonly packsRight: boolean;
  readonly packsLeft: boolean;
  readonly cutsRows: boolean;
  /** Rows in a block. */
  readonly block: number;
  /** Columns in a whole panel of the right side. */
  readonly width: number;
  readonly panels: number;
  readonly panelsAtOnce: number;
  private readonly dtype: TileType;
  private readonly size: number;
  private readonly shape: TileShape;
  private readonly madd: Madd;
  private readonly blocks: readonly Blocks[];
  /** Columns that a vector has. */
  private readonly lanes: number;
  /** Columns beside each other in the packed right side; the last panel is as narrow as it may be. */
  private readonly packedColumns: number;
  private readonly tiles = new WeakMap<ModuleContext, Map<string, FunctionBuilder>>();

  constructor(
    private readonly kernel: MatmulKernel,
    mode: TileMode,
    byRows: boolean,
  ) {
    const { m, k, n, x, y } = kernel;
    this.dtype = kernel.dtype as TileType;
    this.size = bytesPer(this.dtype);
    this.madd = mode === "relaxed" && canFuse(this.dtype) ? "relaxed" : "mul+add";
    this.shape = tileShape(m, n, k, mode, this.dtype, x.layout.strides.at(-1) === 1);
    const deep = this.shape.along === "depth";
    this.lanes = deep ? 1 : lanesIn(this.dtype);
    this.width = this.shape.vectors * this.lanes;
    this.panels = Math.ceil(n / this.width);
    const rest = n % this.width;
    this.packedColumns = n - rest + Math.ceil(rest / this.lanes) * this.lanes;
    const [yStep, yColumn] = y.layout.strides.slice(-2);
    // Few rows read the right side too seldom for packing to pay.
    this.packsRight = deep || !(m <= 2 * this.shape.rows && yColumn === 1 && yStep > 0);
    // What lies in columns would be read a cache line for each element.
    this.packsLeft = this.leftInColumns && k > 1 && m > 16 && n > 16;
    this.cutsRows = byRows || deep || this.panels < 8 || (m >= 4 * blockRows && m >= n);
    const pieces = this.cutsRows ? 4 * Math.ceil(m / (4 * blockRows)) : Math.ceil(m / blockRows);
    this.block = Math.max(Math.ceil(m / pieces), Math.min(m, this.shape.rows));
    this.panelsAtOnce = Math.max(1, Math.min(4, Math.floor(this.panels / 8)));
    const depth = deep ? 2 * blockDepth : blockDepth;
    this.blocks = blocksOf(k, this.packsRight ? depth : this.leftInColumns ? fewLines : k);
  }

  /** Elements of the packed sides. */
  get packedRight(): number {
    return this.packsRight ? this.packedColumns * this.packedDepth(this.kernel.k) : 0;
  }
  get packedLeft(): number {
    return this.packsLeft ? this.kernel.m * this.kernel.k : 0;
  }

  private get leftInColumns(): boolean {
    return this.kernel.x.layout.strides.at(-2) === 1;
  }
  /** Steps that a depth takes in the packed right side. */
  private packedDepth(depth: number): number {
    const lanes = this.shape.along === "depth" ? lanesIn(this.dtype) : 1;
    return Math.ceil(depth / lanes) * lanes;
  }

  private get xSteps(): readonly [row: number, depth: number] {
    const [row, depth] = this.kernel.x.layout.strides.slice(-2);
    return [row * this.size, depth * this.size];
  }
  private get ySteps(): readonly [depth: number, column: number] {
    const [depth, column] = this.kernel.y.layout.strides.slice(-2);
    return [depth * this.size, column * this.size];
  }

  /** Puts panels `first` … `first + count` of the right side in order: [block, panel, depth, width]. */
  packRight(f: FunctionBuilder, y: Local, packed: Local, first: Local, count: number): void {
    const [depthStep, acrossStep] = this.ySteps;
    const { width, size, dtype, lanes } = this;
    const emitPack = this.shape.along === "depth" ? emitPackDeep : emitPackB;
    const rest = this.kernel.n % width;
    const [from, into] = f.locals(2, "i32");
    this.eachBlock(f, ({ depth }, pushFrom) => {
      f.get(y);
      pushFrom(depthStep);
      f.op("i32.add");
      f.get(first)
        .times(width * acrossStep)
        .op("i32.add")
        .set(from);
      f.get(packed);
      pushFrom(this.packedColumns * size);
      f.op("i32.add");
      f.get(first)
        .times(width * this.packedDepth(depth) * size)
        .op("i32.add")
        .set(into);
      const whole = { count, width, used: width };
      const last = { count: 1, width: Math.ceil(rest / lanes) * lanes, used: rest };
      const pack = (panels: readonly (typeof whole)[]): void => {
        emitPack(f, from, into, {
          dtype,
          depth,
          depthStep,
          acrossStep,
          panels: panels.filter((panel) => panel.count > 0),
        });
      };
      if (rest === 0) pack([whole]);
      else
        this.ifLast(
          f,
          first,
          count,
          () => {
            pack([{ ...whole, count: count - 1 }, last]);
          },
          () => {
            pack([whole]);
          },
        );
    });
    f.release(from, into);
  }

  /** Puts rows `first` … `first + count`, a block, of the left side in order: [depth block, tile, depth, row]. */
  packLeft(f: FunctionBuilder, x: Local, packed: Local, first: Local, count: number): void {
    const [acrossStep, depthStep] = this.xSteps;
    const { size, dtype, kernel } = this;
    const [from, into] = f.locals(2, "i32");
    this.eachBlock(f, ({ depth }, pushFrom) => {
      let row = 0;
      for (const rows of this.divided(count)) {
        f.get(x);
        pushFrom(depthStep);
        f.op("i32.add");
        f.get(first).times(acrossStep).op("i32.add");
        f.plus(row * acrossStep).set(from);
        f.get(packed);
        pushFrom(kernel.m * size);
        f.op("i32.add");
        f.get(first)
          .plus(row)
          .times(depth * size)
          .op("i32.add")
          .set(into);
        const panels = divideRows(rows, this.shape.rows).map(({ rows: width, count: tiles }) => ({
          count: tiles,
          width,
          used: width,
        }));
        emitPackA(f, from, into, { dtype, depth, depthStep, acrossStep, panels });
        row += rows;
      }
    });
    f.release(from, into);
  }

  /** Rows `first` … `first + count` of the result, all columns. */
  rows(
    f: FunctionBuilder,
    context: ModuleContext,
    sides: Sides,
    first: Local,
    count: number,
  ): void {
    const { n } = this.kernel;
    const whole = Math.floor(n / this.width);
    const [row, panel] = f.locals(2, "i32");
    this.eachBlock(f, (block, pushFrom) => {
      let done = 0;
      for (const rows of this.divided(count)) {
        f.get(first).plus(done).set(row);
        f.i32(0).set(panel);
        this.panelLoop(f, panel, whole, () => {
          this.column(f, context, sides, row, panel, rows, this.width, block, pushFrom);
        });
        if (n % this.width > 0)
          this.column(f, context, sides, row, panel, rows, n % this.width, block, pushFrom);
        done += rows;
      }
    });
    f.release(row, panel);
  }

  /** Panels `first` … `first + count` of the result, all rows. */
  columns(
    f: FunctionBuilder,
    context: ModuleContext,
    sides: Sides,
    first: Local,
    count: number,
  ): void {
    const { m, n } = this.kernel;
    const rest = n % this.width;
    const [row, panel] = f.locals(2, "i32");
    this.eachBlock(f, (block, pushFrom) => {
      let done = 0;
      for (const rows of this.divided(m)) {
        const whole = (panels: number): void => {
          f.get(first).set(panel);
          this.panelLoop(f, panel, panels, () => {
            this.column(f, context, sides, row, panel, rows, this.width, block, pushFrom);
          });
        };
        f.i32(done).set(row);
        if (rest === 0) whole(count);
        else
          this.ifLast(
            f,
            first,
            count,
            () => {
              whole(count - 1);
              this.column(f, context, sides, row, panel, rows, rest, block, pushFrom);
            },
            () => {
              whole(count);
            },
          );
        done += rows;
      }
    });
    f.release(row, panel);
  }

  private panelLoop(f: FunctionBuilder, panel: Local, count: number, body: () => void): void {
    if (count === 0) return;
    const counter = f.local("i32");
    f.for(counter, 0, count, 1, () => {
      body();
      f.increase(panel, 1);
    });
    f.release(counter);
  }

  /** Is the narrow last panel among `count` from `first`? */
  private ifLast(
    f: FunctionBuilder,
    first: Local,
    count: number,
    yes: () => void,
    no: () => void,
  ): void {
    if (count === this.panels) {
      yes();
      return;
    }
    f.get(first)
      .i32(this.panels - count)
      .op("i32.eq");
    f.if(yes, no);
  }

  /** Rows in blocks, each divided into tiles by itself. */
  private divided(rows: number): number[] {
    const whole = Math.floor(rows / this.block);
    const rest = rows - whole * this.block;
    return [...Array<number>(whole).fill(this.block), ...(rest > 0 ? [rest] : [])];
  }

  /**
   * Goes over the depth, block by block. `pushFrom(bytes)` leaves the place where the block begins,
   * times `bytes`, on the stack.
   */
  private eachBlock(
    f: FunctionBuilder,
    body: (
      block: { readonly depth: number; readonly more: boolean },
      pushFrom: (bytes: number) => void,
    ) => void,
  ): void {
    for (const { depth, from, count } of this.blocks)
      if (count === 1) body({ depth, more: from > 0 }, (bytes) => f.i32(from * bytes));
      else {
        const at = f.local("i32");
        f.for(at, from, from + count * depth, depth, () => {
          body({ depth, more: true }, (bytes) => f.get(at).times(bytes));
        });
        f.release(at);
      }
  }

  /** The tiles of a block of rows from `row` on, and of a panel: one below the other. */
  private column(
    f: FunctionBuilder,
    context: ModuleContext,
    { x, y, to }: Sides,
    row: Local,
    panel: Local,
    rows: number,
    columns: number,
    { depth, more }: { readonly depth: number; readonly more: boolean },
    pushFrom: (bytes: number) => void,
  ): void {
    const { size, width } = this;
    const { m, n } = this.kernel;
    const [xRow, xDepth] = this.xSteps;
    const [yDepth] = this.ySteps;
    const vectors = Math.ceil(columns / this.lanes);
    let done = 0;
    for (const { rows: height, count } of divideRows(rows, this.shape.rows)) {
      f.get(x);
      pushFrom(this.packsLeft ? m * size : xDepth);
      f.op("i32.add");
      f.get(row)
        .plus(done)
        .times(this.packsLeft ? depth * size : xRow)
        .op("i32.add");
      f.get(y);
      pushFrom(this.packsRight ? this.packedColumns * size : yDepth);
      f.op("i32.add");
      f.get(panel)
        .times(this.packsRight ? width * this.packedDepth(depth) * size : width * size)
        .op("i32.add");
      f.get(to);
      f.get(row)
        .plus(done)
        .times(n * size)
        .op("i32.add");
      f.get(panel)
        .times(width * size)
        .op("i32.add");
      f.i32(count);
      f.call(this.tile(context, { rows: height, vectors, columns, depth, more }));
      done += height * count;
    }
  }

  /** Tiles one below the other as a function (left, right, result, count). */
  private tile(context: ModuleContext, form: Form): FunctionBuilder {
    const tiles = this.tiles.get(context) ?? new Map<string, FunctionBuilder>();
    this.tiles.set(context, tiles);
    const key = Object.values(form).join();
    const known = tiles.get(key);
    if (known !== undefined) return known;
    const made = context.module.function(["i32", "i32", "i32", "i32"], [], (f) => {
      this.emitTiles(f, form);
    });
    tiles.set(key, made);
    return made;
  }

  private emitTiles(f: FunctionBuilder, { rows, vectors, columns, depth, more }: Form): void {
    const { dtype, madd, size } = this;
    const { unroll } = this.shape;
    const [left, right, to, count] = f.params;
    const [xRow, xDepth] = this.xSteps;
    const rowStep = this.kernel.n * size;
    f.loop((again) => {
      const tile = { dtype, madd, rows, vectors, depth, unroll };
      if (this.shape.along === "depth") {
        const sums = emitDeepTile(f, left, right, { ...tile, aRow: xRow });
        emitStoreDeep(f, sums, to, { dtype, rowStep, add: more });
        f.release(...sums.flat());
      } else {
        const sums = emitTile(f, left, right, {
          ...tile,
          aRow: this.packsLeft ? size : xRow,
          aStep: this.packsLeft ? rows * size : xDepth,
          bStep: this.packsRight ? vectors * 16 : this.ySteps[0],
        });
        emitStoreTile(f, sums, to, { dtype, rowStep, columns, add: more });
        f.release(...sums.flat());
      }
      f.increase(left, this.packsLeft ? rows * depth * size : rows * xRow);
      f.increase(to, rows * rowStep);
      f.get(count).i32(1).op("i32.sub").tee(count).brIf(again);
    });
  }
}

/** A depth in equal blocks of at most `most`, a multiple of 8 but for the last one. */
function blocksOf(k: number, most: number): Blocks[] {
  const number = Math.ceil(k / most);
  const depth = number === 1 ? k : Math.ceil(k / number / 8) * 8;
  const whole = Math.floor(k / depth);
  const rest = k - whole * depth;
  return [
    { depth, from: 0, count: 1 },
    { depth, from: depth, count: whole - 1 },
    { depth: rest, from: whole * depth, count: 1 },
  ].filter((block) => block.depth > 0 && block.count > 0);
}
