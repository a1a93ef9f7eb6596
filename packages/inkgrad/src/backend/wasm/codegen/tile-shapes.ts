import { canFuse, lanesIn, type Madd, type TileType } from "./tile.js";

/** What the engine's inner loops are made of. */
export type TileMode = Madd | "revectorize";

export interface TileShape {
  readonly rows: number;
  /** Vectors of the right side in a step. */
  readonly vectors: number;
  /** Steps in the body of the loop. */
  readonly unroll: number;
  /** What the lanes of a vector are: columns, or steps of the depth, added up at the end. */
  readonly along: "columns" | "depth";
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
const usual: { readonly [M in TileMode]: Omit<TileShape, "along"> } = {
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

/**
 * The tile for an m × n product over a depth of k.
 *
 * @param lies  does the left side lie along the depth?
 */
export function tileShape(
  m: number,
  n: number,
  k: number,
  mode: TileMode,
  dtype: TileType = "f32",
  lies = false,
): TileShape {
  // Whole numbers have no fused form: product and sum take a register more.
  const way = mode === "relaxed" && !canFuse(dtype) ? "mul+add" : mode;
  const { rows, unroll } = usual[way];
  if (lies && hasFewColumns(m, n, k, mode, dtype))
    return { rows, vectors: Math.min(2, n), unroll, along: "depth" };
  const vectors = low[way][m - 1] ?? usual[way].vectors;
  return {
    rows: Math.min(rows, m),
    vectors: Math.min(vectors, Math.ceil(n / lanesIn(dtype))),
    unroll: Math.max(1, Math.min(unroll, k)),
    along: "columns",
  };
}

/**
 * Would few columns leave lanes empty, and is the depth long enough to make up for adding lanes up?
 * (Pairs of vectors become one of 256 bits only where they lie side by side on both sides.)
 */
const hasFewColumns = (
  m: number,
  n: number,
  k: number,
  mode: TileMode,
  dtype: TileType,
): boolean => {
  const lanes = lanesIn(dtype);
  return mode !== "revectorize" && lanes === 4 && m >= 16 && n < 16 && n % 8 !== 0 && k >= 64;
};

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
