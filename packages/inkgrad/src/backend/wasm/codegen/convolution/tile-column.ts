import { bytesPer } from "../../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import { emitTile, lanesIn, type TileOptions } from "../tile.js";
import { divideRows, type TileMode } from "../tile-shapes.js";
import { emitStoreTile } from "../tile-store.js";
import { type Ending, Finisher } from "./epilogue.js";

/** A tile, and what becomes of its sums. */
export interface TileForm extends Omit<TileOptions, "madd" | "vectors"> {
  /** Sums beside each other: the last vector need not be full. */
  readonly across: number;
  /** From a row of the result to the next, in bytes. */
  readonly resultRow: number;
  /** Are the sums added to what is there? */
  readonly more: boolean;
}

/** Registers that the engine leaves to us. */
const registers = 15;

/** Registers that some vectors beside each other take: one for a pair, where pairs become one. */
const registersFor = (vectors: number, mode: TileMode): number =>
  mode === "revectorize" ? Math.ceil(vectors / 2) : vectors;

/** Rows of the highest tile whose sums stay in registers. */
export function mostRows(vectors: number, mode: TileMode): number {
  const beside = registersFor(vectors, mode);
  return Math.floor((registers - 1 - (mode === "relaxed" ? 0 : 1) - beside) / beside);
}

/**
 * Widths to choose from; what comes first is taken of those that cost the same.
 *
 * Measured with pairs of vectors as one (Node 24, one thread, batch 32, least ms of
 * bench/conv-speed.mjs; first: fused, in single vectors, as before; then widths 2, 4, 6, 8):
 * 1→32 at 28²: .22, .23 .19 .19 .18, to the kernel .34, .32 .23 .25 .20; 32→64 at 26²:
 * 4.19, 3.61 3.18 3.54 3.19, to x 6.20, 5.46 4.57 6.97 4.81, to the kernel 5.74, 5.93 4.37 4.52 4.41.
 */
const widths: { readonly [M in TileMode]: readonly number[] } = {
  "mul+add": [2, 3, 4, 1],
  relaxed: [2, 3, 4, 1],
  revectorize: [4, 6, 8, 2, 1],
};

/**
 * How many vectors beside each other suit a product best: about the cycles that its tiles take, at
 * two loads and two multiplications a cycle, and four cycles until a sum can be added to again.
 */
export function bestVectors(rows: number, across: number, lanes: number, mode: TileMode): number {
  const all = Math.ceil(across / lanes);
  // Without fused multiplications, tiles are lower; the choice of widths does not depend on it.
  const low = mode === "relaxed" ? "mul+add" : mode;
  const cost = (vectors: number): number => {
    const panels = [
      { wide: vectors, count: Math.floor(all / vectors) },
      { wide: all % vectors, count: 1 },
    ];
    let sum = 0;
    for (const { wide, count } of panels) {
      if (wide === 0) continue;
      const beside = registersFor(wide, mode);
      for (const tile of divideRows(rows, mostRows(wide, low)))
        sum += count * tile.count * Math.max(4, (tile.rows * beside + tile.rows + beside) / 2);
    }
    return sum;
  };
  return widths[mode].reduce((best, vectors) => (cost(vectors) < cost(best) ? vectors : best));
}

const written = new WeakMap<ModuleContext, Map<string, FunctionBuilder>>();

/** A function of a module, written once for each `form`. */
export function functionFor(
  context: ModuleContext,
  form: object,
  write: () => FunctionBuilder,
): FunctionBuilder {
  const known = written.get(context) ?? new Map<string, FunctionBuilder>();
  written.set(context, known);
  const key = JSON.stringify(form);
  const found = known.get(key) ?? write();
  known.set(key, found);
  return found;
}

/**
 * The function (base, a, b, result, count) that computes `count` ≥ 1 tiles, one below the other. The
 * base is that of all addresses (see `ModuleContext`), which an epilogue's go by.
 */
export const tileColumn = (
  context: ModuleContext,
  form: TileForm,
  ending?: Ending,
): FunctionBuilder =>
  functionFor(context, { ...form, ending: ending?.to.id }, () =>
    context.module.function(["i32", "i32", "i32", "i32", "i32"], [], (f) => {
      const [, a, b, result, count] = f.params;
      const vectors = Math.ceil(form.across / lanesIn(form.dtype));
      const madd = context.tiles === "relaxed" ? "relaxed" : "mul+add";
      const finisher = ending && new Finisher(f, context, ending, result);
      f.loop((again) => {
        const sums = emitTile(f, a, b, { ...form, vectors, madd });
        finisher?.begin();
        emitStoreTile(f, sums, result, {
          dtype: form.dtype,
          rowStep: form.resultRow,
          columns: form.across,
          add: form.more,
          finish: finisher?.finish,
        });
        f.release(...sums.flat());
        finisher?.end(form.rows * form.resultRow);
        f.increase(a, form.rows * form.aRow);
        f.increase(result, form.rows * form.resultRow);
        f.get(count).i32(1).op("i32.sub").tee(count).brIf(again);
      });
      finisher?.release();
    }),
  );

/** Leaves `count` elements from (address + `at`) on the stack, as a vector; nothing beyond is read. */
export function pushLanes(
  f: FunctionBuilder,
  address: Local,
  at: number,
  count: number,
  dtype: "f32" | "f64",
): void {
  const [size, lanes] = [bytesPer(dtype), lanesIn(dtype)];
  if (count >= lanes) {
    f.get(address).mem("v128.load", at, 2);
    return;
  }
  const vector = f.local("v128");
  f.i32x4(0).set(vector);
  for (let lane = 0; lane < count; lane++) {
    f.get(address).get(vector);
    f.memLane(size === 8 ? "v128.load64_lane" : "v128.load32_lane", at + lane * size, lane);
    f.set(vector);
  }
  f.get(vector);
  f.release(vector);
}
