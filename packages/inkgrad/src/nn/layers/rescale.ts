import type { Tensor } from "../../tensor/tensor.js";
import type { Layer } from "../layer.js";
import type { SameShape } from "../types/rules.js";

export interface RescaleOptions {
  /** Multiplied with (default 1 / 255: bytes become 0…1). */
  readonly scale?: number;
  /** Added afterwards (default 0). */
  readonly offset?: number;
}

/**
 * x · scale + offset, in f32: what pixels need before they are learned from. As a part of the model
 * it is saved with it, and images can stay bytes until they are computed with.
 */
export const rescale = ({
  scale = 1 / 255,
  offset = 0,
}: RescaleOptions = {}): Layer<SameShape> => ({
  kind: "rescale",
  options: { scale, offset },
  apply: (_params, x) => (x.dtype === "f64" ? x : (x.cast("f32") as Tensor)).mul(scale).add(offset),
});
