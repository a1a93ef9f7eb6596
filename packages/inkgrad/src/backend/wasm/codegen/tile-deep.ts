import { bytesPer } from "../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import { foldLanes } from "./fold-lanes.js";
import { emitMadd, emitTile, lanesIn, type TileOptions, type TileType } from "./tile.js";
import { emitGather } from "./tile-pack.js";
import type { TileStore } from "./tile-store.js";

/**
 * Tiles of few columns: vectors lie along the depth, where no lane is left empty, and the lanes of
 * each sum are added up at the end.
 */

export type DeepTile = Pick<
  TileOptions,
  "dtype" | "madd" | "rows" | "vectors" | "aRow" | "unroll"
> & {
  readonly depth: number;
};

/**
 * The sums of a tile, still in lanes. Its left side begins at `a` and lies along the depth; the
 * right side at `b` is packed (`emitPackDeep`), a vector for each column.
 */
export function emitDeepTile(
  f: FunctionBuilder,
  a: Local,
  b: Local,
  tile: DeepTile,
): readonly (readonly Local[])[] {
  const { dtype, madd, vectors, aRow, depth } = tile;
  const lanes = lanesIn(dtype);
  const whole = Math.floor(depth / lanes);
  const options = { ...tile, aStep: 16, bStep: vectors * 16, depth: whole, vectorsLeft: true };
  const sums = emitTile(f, a, b, options);
  const rest = depth - whole * lanes;
  if (rest === 0) return sums;
  // What lies beyond the depth is another row's, and may be no number: it is not read.
  const [left, right] = f.locals(2, "v128");
  sums.forEach((row, i) => {
    emitGather(f, a, whole * 16 + i * aRow, rest, bytesPer(dtype), bytesPer(dtype), left);
    row.forEach((sum, v) => {
      f.get(b)
        .mem("v128.load", (whole * vectors + v) * 16, 2)
        .set(right);
      emitMadd(f, dtype, madd, sum, left, right);
    });
  });
  f.release(left, right);
  return sums;
}

const scalars = {
  f32: { load: "f32.load", add: "f32.add", store: "f32.store", lane: "f32x4.extract_lane" },
  f64: { load: "f64.load", add: "f64.add", store: "f64.store", lane: "f64x2.extract_lane" },
  i32: { load: "i32.load", add: "i32.add", store: "i32.store", lane: "i32x4.extract_lane" },
  u32: { load: "i32.load", add: "i32.add", store: "i32.store", lane: "i32x4.extract_lane" },
} as const satisfies { readonly [D in TileType]: object };

/** Adds up the lanes of a tile's sums (which it changes) and writes them to the result at `to`. */
export function emitStoreDeep(
  f: FunctionBuilder,
  sums: readonly (readonly Local[])[],
  to: Local,
  { dtype, rowStep, add }: Omit<TileStore, "columns">,
): void {
  const { load, add: plus, store, lane } = scalars[dtype];
  sums.forEach((row, i) => {
    row.forEach((sum, v) => {
      foldLanes(f, "sum", dtype, sum, lanesIn(dtype) as 2 | 4);
      const at = i * rowStep + v * bytesPer(dtype);
      f.get(to).get(sum).lane(lane, 0);
      if (add) f.get(to).mem(load, at, 2).op(plus);
      f.mem(store, at, 2);
    });
  });
}
