import { isInteger } from "../../base/dtype.js";
import { take } from "../../tensor/functions/take.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type InitializerLike, initializerOf } from "../initializers/named.js";
import type { Layer } from "../layer.js";
import type { EmbeddingRule } from "../types/rules.js";
import { requireCount, savable } from "./options.js";

export interface EmbeddingOptions {
  /** First values of the table [count, size] (default "uniform": within ±0.05, as in Keras). */
  readonly initializer?: InitializerLike;
  readonly name?: string;
}

/**
 * A learned list of `size` numbers for each of `count` ids: [n, ...] of ids to [n, ..., size]. Ids that
 * come as floats lose their fraction, as in Keras.
 *
 * @throws IndexError  (when evaluated) for an id outside −count … count − 1; negative ones count from
 *                     the end
 */
export function embedding<const Size extends number>(
  count: number,
  size: Size,
  options: EmbeddingOptions = {},
): Layer<EmbeddingRule<Size>> {
  requireCount(count, "count", "embedding");
  requireCount(size, "size", "embedding");
  const initializer = initializerOf(options.initializer ?? "uniform", "embedding");
  return {
    kind: "embedding",
    name: options.name,
    options: savable({ count, size, ...options }),
    init: (key) => ({ table: initializer(key, [count, size]) }),
    apply(params, x) {
      const { table } = params as { table: Tensor };
      return take(table, isInteger(x.dtype) ? x : (x.cast("i32") as Tensor), 0);
    },
  };
}
