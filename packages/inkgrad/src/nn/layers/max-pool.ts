import { maxPool2d as pool2d } from "../../tensor/functions/pooling.js";
import type { Padding2d, Pair } from "../../tensor/types/windows.js";
import type { Layer } from "../layer.js";
import type { Pool2dRule } from "../types/rules.js";

export interface Pool2dOptions<Stride extends Pair = Pair, P extends Padding2d = Padding2d> {
  /** Pixels from one window to the next (default: the window). */
  readonly stride?: Stride;
  readonly padding?: P;
}

/** The greatest number of each window: [n, h, w, c] to [n, oh, ow, c]. */
export const maxPool2d = <
  const K extends Pair,
  const Stride extends Pair = K,
  const P extends Padding2d = "valid",
>(
  size: K,
  options: Pool2dOptions<Stride, P> = {},
): Layer<Pool2dRule<K, Stride, P, "maxPool2d">> => ({
  kind: "maxPool2d",
  options: { size, ...options },
  apply: (_params, x) => pool2d(x, size as never, options as never),
});
