import type { TileMode } from "./codegen/tile-shapes.js";

/** How products and sums are computed. */
export interface Arithmetic {
  /** May products be added without rounding between (`relaxed_madd`)? */
  readonly fused: boolean;
  /** Does the engine make 256-bit instructions of pairs of 128-bit ones? */
  readonly wide: boolean;
}

/** What tiles are made of: pairs of vectors are found among plain products and sums only. */
export const tileMode = ({ fused, wide }: Arithmetic): TileMode =>
  wide ? "revectorize" : fused ? "relaxed" : "mul+add";
