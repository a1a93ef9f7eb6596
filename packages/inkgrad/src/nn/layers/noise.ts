import { ValueError } from "../../base/errors.js";
import { normal } from "../../tensor/random/normal.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Layer } from "../layer.js";
import type { SameShape } from "../types/rules.js";

/**
 * While training, adds to each number a normal one of mean 0 and standard deviation `std`.
 * Otherwise it changes nothing.
 *
 * @throws ValueError  unless std ≥ 0
 */
export function gaussianNoise(std: number): Layer<SameShape> {
  if (!(std >= 0 && std < Infinity))
    throw new ValueError(`gaussianNoise: std must be a finite number ≥ 0, got ${String(std)}`);
  return {
    kind: "gaussianNoise",
    options: std,
    apply(_params, x, { training, key }) {
      if (!training || key === undefined || std === 0) return x;
      const dtype = x.dtype === "f64" ? "f64" : "f32";
      const noise: Tensor = normal(key, x.shape, { std, dtype });
      return x.add(noise);
    },
  };
}

/**
 * Changes examples at random, while training only: `augment((x, key) => …)`, of a batch [n, ...] and
 * a key, gives a batch of the same shape. It is part of the program. A model that is loaded from a file
 * has lost the function, and changes nothing there.
 */
export const augment = (change: (x: Tensor, key: Key) => Tensor = (x) => x): Layer<SameShape> => ({
  kind: "augment",
  options: {},
  apply: (_params, x, { training, key }) => (training && key !== undefined ? change(x, key) : x),
});
