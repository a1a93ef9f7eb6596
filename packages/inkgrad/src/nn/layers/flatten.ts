import { sizeOf } from "../../base/shape.js";
import type { Layer } from "../layer.js";
import type { FlattenRule } from "../types/rules.js";

/** Each example as one list of numbers: [n, h, w, c] to [n, h · w · c]. */
export const flatten = (): Layer<FlattenRule> => ({
  kind: "flatten",
  options: {},
  apply: (_params, x) => x.reshape([x.shape[0], sizeOf(x.shape.slice(1))]),
});
