import { bytesPer } from "../../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import { emitTile, lanesIn, type TileOptions, vectorAdd } from "../tile.js";

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

/** `rows` in as few tiles as there can be, as equally high as they can be. */
export function heights(rows: number, most: number): { rows: number; count: number }[] {
  const tiles = Math.ceil(rows / most);
  const low = Math.floor(rows / tiles);
  const higher = rows - low * tiles;
  return [
    { rows: low + 1, count: higher },
    { rows: low, count: tiles - higher },
  ].filter(({ count }) => count > 0);
}

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
        for (const tile of heights(rows, mostRows(wide, false)))
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
        sums.forEach((row, i) => {
          storeRow(f, row, result, i * form.resultRow, form);
          f.release(...row);
        });
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

/** Stores (or adds) vectors beside each other, of the last one as many lanes as there are sums. */
export function storeRow(
  f: FunctionBuilder,
  row: readonly Local[],
  result: Local,
  offset: number,
  { dtype, across, more }: Pick<TileForm, "dtype" | "across" | "more">,
): void {
  const size = bytesPer(dtype);
  const lanes = lanesIn(dtype);
  row.forEach((sum, v) => {
    const at = offset + v * 16;
    const used = Math.min(lanes, across - v * lanes);
    if (used === lanes) {
      f.get(result).get(sum);
      if (more) f.get(result).mem("v128.load", at, 2).op(vectorAdd(dtype));
      f.mem("v128.store", at, 2);
      return;
    }
    if (more) {
      // What lies beyond may be another thread's: it is read, but not written.
      f.get(result).mem("v128.load", at, 2).get(sum).op(vectorAdd(dtype)).set(sum);
    }
    for (let lane = 0; lane < used; lane++) {
      f.get(result).get(sum);
      f.memLane(size === 8 ? "v128.store64_lane" : "v128.store32_lane", at + lane * size, lane);
    }
  });
}
