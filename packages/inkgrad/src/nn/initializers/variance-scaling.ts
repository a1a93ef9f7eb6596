import { uniform } from "../../tensor/random/uniform.js";
import { fansOf } from "./fans.js";
import type { Initializer } from "./initializer.js";

/**
 * Uniform within ±√(6 / (fan-in + fan-out)).
 *
 * @source Glorot & Bengio, AISTATS 2010
 */
export const glorotUniform = (): Initializer => (key, shape) => {
  const fans = fansOf(shape);
  const bound = Math.sqrt(6 / (fans.in + fans.out));
  return uniform(key, shape, { min: -bound, max: bound });
};
