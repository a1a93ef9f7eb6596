import { bytesPer } from "../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import { lanesIn, type TileType, vectorAdd } from "./tile.js";

export interface TileStore {
  readonly dtype: TileType;
  /** Bytes from a row of the result to the next. */
  readonly rowStep: number;
  /** Columns of the tile that the result has; the lanes beyond them are not written. */
  readonly columns: number;
  /** Adds to what is there, instead of overwriting it. */
  readonly add: boolean;
  /** Changes a vector of `count` sums, `at` bytes from `to`, before it is stored. */
  readonly finish?: (sum: Local, at: number, count: number, vector: number) => void;
}

/** Writes a tile's sums (which it may change) to the result that begins at `to`. */
export function emitStoreTile(
  f: FunctionBuilder,
  sums: readonly (readonly Local[])[],
  to: Local,
  { dtype, rowStep, columns, add, finish }: TileStore,
): void {
  const size = bytesPer(dtype);
  const lanes = lanesIn(dtype);
  const [load, store] =
    size === 8
      ? (["v128.load64_lane", "v128.store64_lane"] as const)
      : (["v128.load32_lane", "v128.store32_lane"] as const);
  sums.forEach((row, i) => {
    row.forEach((sum, v) => {
      const at = i * rowStep + v * 16;
      const count = Math.min(lanes, columns - v * lanes);
      if (count === lanes) {
        f.get(to).get(sum);
        if (add) f.get(to).mem("v128.load", at, 2).op(vectorAdd(dtype));
        if (finish !== undefined) {
          f.set(sum);
          finish(sum, at, count, v);
          f.get(sum);
        }
        f.mem("v128.store", at, 2);
        return;
      }
      const places = Array.from({ length: Math.max(0, count) }, (_, lane) => lane);
      if (add) {
        const before = f.local("v128");
        f.i32x4(0).set(before);
        for (const lane of places)
          f.get(to)
            .get(before)
            .memLane(load, at + lane * size, lane)
            .set(before);
        f.get(sum).get(before).op(vectorAdd(dtype)).set(sum);
        f.release(before);
      }
      finish?.(sum, at, count, v);
      for (const lane of places)
        f.get(to)
          .get(sum)
          .memLane(store, at + lane * size, lane);
    });
  });
}
