import { bytesPer } from "../../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import { emitTile, lanesIn, type TileOptions } from "../tile.js";
import { divideRows } from "../tile-shapes.js";
import { emitStoreTile } from "../tile-store.js";

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

/** Rows of the highest tile whose sums stay in registers. */
export const mostRows = (vectors: number, fused: boolean): number =>
  Math.floor((registers - 1 - (fused ? 0 : 1) - vectors) / vectors);

/**
 * How many vectors beside each other suit a product best: about the cycles that its tiles take, at
 * two loads and two multiplications a cycle, and four cycles until a sum can be added to again.
 */
export function bestVectors(rows: number, across: number, lanes: number): number {
  const all = Math.ceil(across / lanes);
  const cost = (vectors: number): number => {
    const panels = [
      { wide: vectors, count: Math.floor(all / vectors) },
      { wide: all % vectors, count: 1 },
    ];
    let sum = 0;
    for (const { wide, count } of panels)
      if (wide > 0)
        for (const tile of divideRows(rows, mostRows(wide, false)))
          sum += count * tile.count * Math.max(4, (tile.rows * wide + tile.rows + wide) / 2);
    return sum;
  };
  return [2, 3, 4, 1].reduce((best, vectors) => (cost(vectors) < cost(best) ? vectors : best));
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

/** The function (a, b, result, count) that computes `count` ≥ 1 tiles, one below the other. */
export const tileColumn = (context: ModuleContext, form: TileForm): FunctionBuilder =>
  functionFor(context, form, () =>
    context.module.function(["i32", "i32", "i32", "i32"], [], (f) => {
      const [a, b, result, count] = f.params;
      const vectors = Math.ceil(form.across / lanesIn(form.dtype));
      const madd = context.fused ? "relaxed" : "mul+add";
      f.loop((again) => {
        const sums = emitTile(f, a, b, { ...form, vectors, madd });
        emitStoreTile(f, sums, result, {
          dtype: form.dtype,
          rowStep: form.resultRow,
          columns: form.across,
          add: form.more,
        });
        f.release(...sums.flat());
        f.get(a)
          .i32(form.rows * form.aRow)
          .op("i32.add")
          .set(a);
        f.get(result)
          .i32(form.rows * form.resultRow)
          .op("i32.add")
          .set(result);
        f.get(count).i32(1).op("i32.sub").tee(count).brIf(again);
      });
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
