import { canFuse, lanesIn, type Madd, type TileType } from "./tile.js";

/** What the engine's inner loops are made of. */
export type TileMode = Madd | "revectorize";

export interface TileShape {
  readonly rows: number;
  readonly vectors: number;
  /** Steps in the body of the loop. */
  readonly unroll: number;
}

/** `count` tiles of `rows` rows below each other. */
export interface RowRun {
  readonly rows: number;
  readonly count: number;
}

/**
 * The largest tiles whose sums, operands and product fit into V8's 15 vector registers; with
 * 256-bit operations (pairs of vectors made one), twice as wide. Measured by bench/tile-speed.mjs.
 */
const usual: { readonly [M in TileMode]: TileShape } = {
  "mul+add": { rows: 5, vectors: 2, unroll: 8 },
  relaxed: { rows: 6, vectors: 2, unroll: 4 },
  revectorize: { rows: 5, vectors: 4, unroll: 4 },
};

/** Vectors in tiles of one and two rows: enough sums to hide the latency of an addition. */
const low: { readonly [M in TileMode]: readonly number[] } = {
  "mul+add": [4, 4],
  relaxed: [4, 4],
  revectorize: [8, 6],
};

/** The tile for an m × n product over a depth of k. */
export function tileShape(
  m: number,
  n: number,
  k: number,
  mode: TileMode,
  dtype: TileType = "f32",
): TileShape {
  // Whole numbers have no fused form: product and sum take a register more.
  const way = mode === "relaxed" && !canFuse(dtype) ? "mul+add" : mode;
  const { rows, unroll } = usual[way];
  const vectors = low[way][m - 1] ?? usual[way].vectors;
  return {
    rows: Math.min(rows, m),
    vectors: Math.min(vectors, Math.ceil(n / lanesIn(dtype))),
    unroll: Math.max(1, Math.min(unroll, k)),
  };
}

/**
 * `m` rows in the fewest tiles of at most `rows`, as equally high as can be, the higher ones first:
 * a low tile costs nearly as much time as a high one.
 */
export function divideRows(m: number, rows: number): RowRun[] {
  if (m === 0) return [];
  const tiles = Math.ceil(m / rows);
  const height = Math.floor(m / tiles);
  const higher = m - tiles * height;
  return [
    { rows: height + 1, count: higher },
    { rows: height, count: tiles - higher },
  ].filter(({ count }) => count > 0);
}
